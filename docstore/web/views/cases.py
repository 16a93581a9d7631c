"""Cases: the list, one case with its documents by section, and opening a new one."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import actions, queries
from docstore.cases.models import Case, Classification, Right
from docstore.cases.references import parse
from docstore.cases.scope import Scope
from docstore.core.errors import Refusal
from docstore.core.paging import Slice
from docstore.documents import queries as documents
from docstore.documents.queries import Placed
from docstore.web import shown
from docstore.web.forms.cases import FindCaseForm, OpenCaseForm
from docstore.web.views.door import page, see_other

AT_ONCE = 25
# A section with a few more than this is shown whole: a link for one more row would be no gain.
PER_SECTION = 5
SPARE = 2
FIRST_DOCUMENTS = 200


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section of the case page: its documents, or why there are none."""

    code: str
    name: str
    count: int
    documents: tuple[shown.DocumentShown, ...]
    all_url: str


@page("GET")
def list_cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases that the person may open, newest first, narrowed by number, title or court."""
    scope = Scope.of(actor)
    form = FindCaseForm(request.GET, courts=access.courts_of(actor))
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.list_cases(
        scope,
        reference=wanted.get("reference", ""),
        words=wanted.get("title", ""),
        court=wanted.get("court", ""),
        cursor=request.GET.get("after"),
        limit=AT_ONCE,
    )
    context = {
        "form": form,
        "cases": [shown.case(one) for one in found.rows],
        "next_url": _next_url(request, found),
        "first_url": reverse("cases") if request.GET.get("after") else "",
        "is_filtered": any(wanted.values()),
        "may_open": actor.may(Permission.OPEN_CASES),
    }
    return render(request, "docstore/cases/list.html", context)


@page("GET")
def show_case(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponse:
    """The case file: documents by section and their state, hearings, parties, and why the person sees it."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    actions.record_case_view(by=actor, case=case)
    section = request.GET.get("section", "")
    found = documents.documents_on(
        scope, case, section=section, cursor=request.GET.get("after"), limit=AT_ONCE * 2 if section else FIRST_DOCUMENTS
    )
    sections = _sections(scope, case, found.rows, only=section)
    hidden = documents.hidden_on(scope, case)
    total = sum(documents.counts_by_section(scope, case).values())
    context = {
        "case": shown.case(case, may_file=any(_may_file(scope, case))),
        "sections": [one for one in sections if one.count or section],
        "empty_sections": [one.name for one in sections if not one.count and not section],
        "total": total,
        "hidden": hidden,
        "whole": total + (hidden or 0),
        "one_section": section,
        "next_url": _next_url(request, found) if section else "",
        "hearings": shown.sittings(case.hearings.all()),
        "parties": shown.parties(case.parties.all()),
        "why": shown.why(scope, case),
        "may_search": scope.may(Permission.SEARCH),
        "moved": documents.stubs_on(scope, case),
    }
    return render(request, "docstore/cases/case.html", context)


@page("GET", "POST")
def open_case(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Open a case, for those who may."""
    actor.require(Permission.OPEN_CASES)
    scope = Scope.of(actor)
    form = OpenCaseForm(request.POST or None, courts=access.courts_of(actor), case_types=queries.case_types_for(scope))
    if request.method == "POST" and form.is_valid():
        try:
            case = _open(actor, form)
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, "The case is open. File its first document.")
            return see_other(reverse("case", kwargs={"case_id": case.pk}))
    return render(request, "docstore/cases/open.html", {"form": form}, status=422 if form.errors else 200)


def _open(actor: Actor, form: OpenCaseForm) -> Case:
    given = form.cleaned_data
    kinds = ("urn", "ccd", "prosecutor", "legacy")
    references = [parse(kind, given[kind], pointer=f"/{kind}") for kind in kinds if given[kind]]
    return actions.open_case(
        by=actor,
        title=given["title"],
        court=given["court"],
        case_type=given["case_type"],
        references=references,
        classification=Classification(int(given["classification"])),
    )


def _may_file(scope: Scope, case: Case) -> list[str]:
    if not scope.allows_on(case, Permission.FILE_DOCUMENTS):
        return []
    return [view.section.code for view in queries.sections_of(scope, case) if Right.FILE in view.rights]


def _sections(scope: Scope, case: Case, rows: list[Placed], *, only: str) -> list[SectionShown]:
    counts = documents.counts_by_section(scope, case)
    by_section: dict[int, list[Placed]] = {}
    for row in rows:
        by_section.setdefault(row.filing.section_id, []).append(row)
    found = []
    for view in queries.sections_of(scope, case):
        if Right.READ not in view.rights or (only and view.section.code != only):
            continue
        inside = sorted(
            by_section.get(view.section.pk, []), key=lambda one: str(one.document.dated_on or one.document.filed_at)
        )
        count = counts.get(view.section.pk, 0)
        cut = not only and count > PER_SECTION + SPARE
        kept = inside[-PER_SECTION:] if cut else inside
        found.append(
            SectionShown(
                code=view.section.code,
                name=view.section.name,
                count=count,
                documents=tuple(shown.document(one) for one in kept),
                all_url=f"?section={view.section.code}" if not only and count > len(kept) else "",
            )
        )
    return found


def _next_url(request: HttpRequest, found: Slice[Case] | Slice[Placed]) -> str:
    if not found.next:
        return ""
    query = request.GET.copy()
    query["after"] = found.next
    return f"?{query.urlencode()}"
