"""Cases: the list, one case with its documents by section, and opening a new one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import actions, queries
from docstore.cases.days import day_of
from docstore.cases.models import Case, Classification, Hearing, Right, Section
from docstore.cases.queries import SectionView, Standing
from docstore.cases.references import parse
from docstore.cases.scope import Scope
from docstore.core.errors import Refusal
from docstore.core.paging import Slice
from docstore.documents import listed
from docstore.documents import queries as documents
from docstore.documents.models import Filing
from docstore.documents.queries import Placed
from docstore.intake import queries as intake
from docstore.markup import queries as markup
from docstore.retention.queries import case_record
from docstore.web import dates, shown, timeline, words
from docstore.web.forms.cases import FindCaseForm, OpenCaseForm
from docstore.web.keeping import keeping_url, with_hold
from docstore.web.sites import chosen_court
from docstore.web.views.case_acts import links_for
from docstore.web.views.door import page, see_other
from docstore.web.views.several import choices
from docstore.web.views.sheets import sheets_link

AT_ONCE = 25
# A section with a few more than this is shown whole: a link for one more row would be no gain.
PER_SECTION = 5
SPARE = 2
FRESH_SHOWN = 6
HEARINGS_SHOWN = 5


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
    """Cases that the person may open, newest first or by title, narrowed by number, title, court or state."""
    scope = Scope.of(actor)
    given = request.GET.copy()
    given.setdefault("court", chosen_court(request, actor))
    form = FindCaseForm(given, courts=access.courts_of(actor))
    wanted = form.cleaned_data if form.is_valid() else {}
    order = "title" if request.GET.get("sort") == "title" else "newest"
    found = queries.list_cases(
        scope,
        reference=wanted.get("reference", ""),
        words=wanted.get("title", ""),
        court=wanted.get("court", ""),
        status=wanted.get("status", ""),
        order=order,
        cursor=request.GET.get("after"),
        limit=AT_ONCE,
    )
    coming = queries.next_hearings(found.rows)
    context = {
        "form": form,
        "cases": [(shown.case(one), _next_sitting(coming.get(one.pk))) for one in found.rows],
        "order": order,
        "newest_url": _ordered(request, "newest"),
        "title_url": _ordered(request, "title"),
        "next_url": _next_url(request, found),
        "first_url": reverse("cases") if request.GET.get("after") else "",
        "is_filtered": any(wanted.values()),
        "may_open": actor.may(Permission.OPEN_CASES),
    }
    return render(request, "docstore/cases/list.html", context)


@page("GET")
def show_case(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponse:
    """The case file: what is new, documents by section and their state, hearings, parties, links, why it is seen."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    since = actions.record_case_view(by=actor, case=case)
    only = request.GET.get("section", "")
    counts = documents.counts_by_section(scope, case)
    found = _papers(scope, case, only=only, cursor=request.GET.get("after"))
    views = queries.sections_of(scope, case)
    sections = _sections(views, counts, found.rows, only=only, marked=(since, actor.user_id))
    hidden, total = documents.hidden_on(scope, case), sum(counts.values())
    context = {
        "case": with_hold(shown.case(case, may_file=_may_file(scope, case, views)), actor, case_record(case.pk)),
        "keeping_url": keeping_url(actor, case_record(case.pk)),
        "places": shown.places(scope, case, here="documents"),
        "sections": [one for one in sections if one.count or only],
        "empty_sections": [one.name for one in sections if not one.count and not only],
        "total": total,
        "hidden": hidden,
        "whole": total + (hidden or 0),
        "one_section": only,
        "several": choices(scope, case) if only else [],
        "next_url": _next_url(request, found) if only else "",
        "since": since,
        "fresh": _fresh(scope, case, since, actor) if since and not only else [],
        "hearings": shown.sittings(queries.hearings_of(case))[:HEARINGS_SHOWN],
        "parties": shown.parties(case.parties.all()),
        **_linked(scope, case),
        "notes": markup.notes_on(scope, case).filter(struck_at__isnull=True).count(),
        "why": shown.why(scope, case),
        "access_url": _access_url(scope, case),
        "may_search": scope.may(Permission.SEARCH),
        "moved": [_stub(case, one) for one in documents.stubs_on(scope, case)],
        "acts": [*links_for(scope, case), *sheets_link(scope, case)],
        "things": intake.things_on(scope, case),
        "case_id": case.pk,
        "may_read_trails": scope.allows_on(case, Permission.READ_TRAILS),
    }
    return render(request, "docstore/cases/case.html", context)


@page("POST")
def mark_seen(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponse:
    """Take every paper that is there now as seen."""
    actions.mark_seen(by=actor, case_id=case_id)
    messages.success(request, _("Every paper is marked as seen."))
    return see_other(reverse("case", kwargs={"case_id": case_id}))


@page("GET")
def show_timeline(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponse:
    """Filings, hearings and orders of a case in one order, newest first (DOM-2.10)."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    found = documents.documents_on(scope, case, cursor=request.GET.get("after"), limit=AT_ONCE * 4)
    is_first = not request.GET.get("after")
    days = timeline.days(case, found.rows, queries.hearings_of(case) if is_first else [], is_last=found.next is None)
    context = {
        "case": shown.case(case),
        "places": shown.places(scope, case, here="timeline"),
        "days": days,
        "next_url": _next_url(request, found),
    }
    return render(request, "docstore/cases/timeline.html", context)


def _linked(scope: Scope, case: Case) -> dict[str, object]:
    """The cases that belong with this one; the one that leads it stands apart, where nobody overlooks it."""
    found = [(shown.case(one.case), one) for one in queries.links_of(scope, case)]
    may_end = found and scope.allows_on(case, Permission.CHANGE_CASES)
    return {
        "lead": next((other for other, one in found if one.standing is Standing.LEADS), None),
        "linked": [(other, one.reason, one.standing is Standing.FOLLOWS) for other, one in found],
        "unlink_url": reverse("case-act", kwargs={"case_id": case.pk, "act": "unlink"}) if may_end else "",
    }


def _access_url(scope: Scope, case: Case) -> str:
    may = scope.allows_on(case, Permission.EXPLAIN_ACCESS)
    return reverse("case-access", kwargs={"case_id": case.pk}) if may else ""


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
            messages.success(request, _("The case is open. File its first document."))
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


def _may_file(scope: Scope, case: Case, views: list[SectionView]) -> bool:
    return scope.allows_on(case, Permission.FILE_DOCUMENTS) and any(Right.FILE in one.rights for one in views)


def _papers(scope: Scope, case: Case, *, only: str, cursor: str | None) -> Slice[Placed]:
    if only:
        return documents.documents_on(scope, case, section=only, cursor=cursor, limit=AT_ONCE * 2)
    return Slice(listed.newest_by_section(scope, case, per_section=PER_SECTION + SPARE), None)


def _fresh(scope: Scope, case: Case, since: datetime, actor: Actor) -> list[tuple[str, shown.DocumentShown]]:
    found = listed.new_on(scope, case, since=since, limit=FRESH_SHOWN)
    return [(dates.filed(one.filing.filed_at), shown.document(one)) for one in found]


def _stub(case: Case, row: Filing) -> dict[str, object]:
    return {
        "section": words.named(row.section),
        "at": row.ended_at,
        "note": row.end_note,
        "url": reverse("moved", kwargs={"case_id": case.pk, "filing_id": row.pk}),
    }


def _sections(
    views: list[SectionView],
    counts: dict[int, int],
    rows: list[Placed],
    *,
    only: str,
    marked: tuple[datetime | None, UUID | None],
) -> list[SectionShown]:
    by_section: dict[int, list[Placed]] = {}
    for row in rows:
        by_section.setdefault(row.filing.section_id, []).append(row)
    return [
        _section(view.section, counts.get(view.section.pk, 0), by_section.get(view.section.pk, []), only, marked)
        for view in views
        if Right.READ in view.rights and (not only or view.section.code == only)
    ]


def _section(
    section: Section, count: int, inside: list[Placed], only: str, marked: tuple[datetime | None, UUID | None]
) -> SectionShown:
    """The latest few papers of a section in the order of their dates, or all of one section."""
    ordered = sorted(
        inside, key=lambda one: (one.document.dated_on or day_of(one.document.filed_at), one.document.title)
    )
    kept = ordered[-PER_SECTION:] if not only and count > PER_SECTION + SPARE else ordered
    since, reader = marked
    return SectionShown(
        code=section.code,
        name=words.named(section),
        count=count,
        documents=tuple(shown.document(one, since=since, reader=reader) for one in kept),
        all_url=f"?section={section.code}" if not only and count > len(kept) else "",
    )


def _next_sitting(row: Hearing | None) -> str:
    return f"{dates.sitting(row.starts_at)}, {row.room}" if row else ""


def _ordered(request: HttpRequest, order: str) -> str:
    """Where the list stands in another order, narrowed as it is now, from its first page."""
    query = request.GET.copy()
    query.pop("after", None)
    query["sort"] = order
    return f"?{query.urlencode()}"


def _next_url(request: HttpRequest, found: Slice[Case] | Slice[Placed]) -> str:
    if not found.next:
        return ""
    query = request.GET.copy()
    query["after"] = found.next
    return f"?{query.urlencode()}"
