"""What a moved document leaves behind: the stub, and who opened it while it lay in the wrong place (DOM-2.7, 8.9)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.cases import queries as cases
from docstore.cases.scope import Scope
from docstore.documents import misfiling
from docstore.documents.misfiling import Reading
from docstore.web import dates, shown
from docstore.web.views.door import page


@page("GET")
def show_stub(request: HttpRequest, actor: Actor, *, case_id: UUID, filing_id: UUID) -> HttpResponse:
    """Where a document stood, until when, why it was moved, and who had opened it."""
    scope = Scope.of(actor)
    case = cases.get_case(scope, case_id)
    stub, readings = misfiling.readings_while_misfiled(by=actor, case=case, filing_id=filing_id)
    context = {
        "case": shown.case(case),
        "section": stub.section.name,
        "since": dates.moment(stub.filed_at),
        "until": dates.moment(stub.ended_at) if stub.ended_at else "",
        "why": stub.end_note,
        "readers": readers(readings),
    }
    return render(request, "docstore/cases/moved.html", context)


def readers(rows: list[Reading]) -> list[dict[str, object]]:
    """Return who read, how often, first and last, and whether they took the file away; by name."""
    names = access.names({one.person for one in rows if one.person})
    found = [
        {
            "name": names.get(one.person, "") if one.person else "",
            "times": one.times,
            "first": dates.moment(one.first),
            "last": dates.moment(one.last),
            "downloaded": one.downloaded,
        }
        for one in rows
    ]
    return sorted(found, key=lambda one: str(one["name"]))
