"""The cover of a case file: what stood on the front of the paper bundle, on one sheet to read or to print (DOM-2.9)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.cases import queries
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.documents import queries as documents
from docstore.markup import queries as markup
from docstore.web import dates, shown, words
from docstore.web.views.door import page
from docstore.web.views.notes import memoranda

NEWEST = 10


@page("GET")
def show_cover(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponse:
    """Numbers, parties, sittings, what the file holds, and the newest notes that this person may read."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    counts = documents.counts_by_section(scope, case)
    notes = markup.notes_on(scope, case).filter(struck_at__isnull=True)[:NEWEST]
    context = {
        "case": shown.case(case),
        "places": shown.places(scope, case, here="cover"),
        "facts": _facts(case),
        "parties": shown.parties(case.parties.all()),
        "hearings": shown.sittings(queries.hearings_of(case)),
        "sections": [
            (words.named(one.section), counts.get(one.section.pk, 0)) for one in queries.sections_of(scope, case)
        ],
        "total": sum(counts.values()),
        "notes": memoranda(notes, actor),
        "case_id": case_id,
    }
    return render(request, "docstore/cases/cover.html", context)


def _facts(case: Case) -> list[shown.Fact]:
    found = [
        shown.Fact(_("Numbers"), (words.main_reference(case), *words.other_numbers(case)), strong=True),
        shown.Fact(_("Court"), (case.court.name,)),
        shown.Fact(_("Kind of case"), (words.named(case.case_type),)),
        shown.Fact(_("Opened"), (dates.day(case.opened_on),)),
    ]
    if case.closed_on:
        found.append(shown.Fact(_("Closed"), (dates.day(case.closed_on), case.outcome)))
    return found
