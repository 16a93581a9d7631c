"""Separator sheets for a case: what kind of paper, how many; the answer is a PDF to print."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, NotFound, Refusal
from docstore.intake import sheet_pdf, sheets
from docstore.web import shown
from docstore.web.forms.sheets import SheetForm
from docstore.web.views.door import page


@page("GET", "POST")
def print_sheets(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponseBase:
    """Ask for the kind of paper and the number of sheets, then hand over the pages."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    if not may_print(scope, case):
        raise Forbidden
    sections = [(one.section.code, one.section.name) for one in queries.sections_of(scope, case)]
    form = SheetForm(request.POST if request.method == "POST" else None, sections=sections)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            printed = sheets.make_sheets(by=actor, case_id=case_id, type=given["type"], count=given["count"])
        except NotFound:
            raise
        except Refusal as refusal:
            form.take(refusal)
        else:
            headers = {
                "Content-Disposition": 'attachment; filename="separator-sheets.pdf"',
                "Cache-Control": "no-store",
            }
            return HttpResponse(sheet_pdf.render(printed), content_type="application/pdf", headers=headers)
    context = {"case": shown.case(case), "form": form}
    return render(request, "docstore/cases/sheets.html", context, status=422 if form.errors else 200)


def sheets_link(scope: Scope, case: Case) -> list[dict[str, str]]:
    """Return the place of this page among the acts of a case, for those who may print."""
    if not (may_print(scope, case) and case.is_open):
        return []
    return [{"label": _("Print separator sheets"), "url": reverse("sheets", kwargs={"case_id": case.pk})}]


def may_print(scope: Scope, case: Case) -> bool:
    """Whether to offer it; the room decides again when it is asked for."""
    return scope.allows_on(case, Permission.DECIDE_EXCEPTIONS)
