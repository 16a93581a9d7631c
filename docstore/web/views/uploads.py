"""Filing: files are sent one by one and kept as drafts, described, checked by a person, then filed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries
from docstore.cases.models import Case, Right
from docstore.cases.queries import SectionView
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Forbidden, Refusal
from docstore.intake import drafts
from docstore.intake.draft_models import Draft
from docstore.web import dates, filing, shown, words
from docstore.web.forms import drafts as form
from docstore.web.refusals import wants_json
from docstore.web.sent import incoming_of
from docstore.web.views.door import page


@dataclass(slots=True)
class Outcome:
    """What one sending of the page did."""

    refused: list[tuple[str, str, str]] = field(default_factory=list)
    filed: list[filing.Filed] = field(default_factory=list)
    errors: dict[UUID, dict[str, str]] = field(default_factory=dict)
    missing: str = ""

    @property
    def is_wrong(self) -> bool:
        return bool(self.refused or self.missing or any(self.errors.values()))


@page("GET", "POST")
def file_documents(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponseBase:
    """The filing page: add files, describe them, settle what is asked, file those that are ready."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    sections = [view for view in queries.sections_of(scope, case) if Right.FILE in view.rights]
    if not sections or not scope.allows_on(case, Permission.FILE_DOCUMENTS):
        raise Forbidden
    outcome = _do(request, actor, case, sections) if request.method == "POST" else Outcome()
    if request.method == "POST" and wants_json(request):
        return _as_json(request, outcome)
    return _as_page(request, actor, scope, case, sections, outcome)


def _do(request: HttpRequest, actor: Actor, case: Case, sections: list[SectionView]) -> Outcome:
    """Whatever button was pressed, what was typed is kept first."""
    outcome, asked = Outcome(), request.POST.get("do", "add")
    described = _describe(request, actor, case, frozenset(one.section.code for one in sections))
    if asked.startswith("remove:"):
        _remove(actor, case, asked.removeprefix("remove:"))
    elif asked == "file":
        _file(request, actor, case, described, outcome)
    elif asked == "add":
        _receive(request, actor, case, outcome)
    return outcome


def _describe(
    request: HttpRequest, actor: Actor, case: Case, sections: frozenset[str]
) -> list[tuple[Draft, form.Described]]:
    found = []
    for draft in drafts.drafts_on(actor, case):
        said = form.read(request.POST, draft, case, sections=sections)
        if said is not None:
            drafts.describe_draft(by=actor, case_id=case.pk, draft_id=draft.pk, told=said.told)
            found.append((draft, said))
    return found


def _remove(actor: Actor, case: Case, text: str) -> None:
    for draft in drafts.drafts_on(actor, case):
        if str(draft.pk) == text:
            drafts.discard_draft(by=actor, case_id=case.pk, draft_id=draft.pk)


def _file(
    request: HttpRequest, actor: Actor, case: Case, described: Iterable[tuple[Draft, form.Described]], outcome: Outcome
) -> None:
    """File each draft that is ready; what is not stays, with the reason beside its field."""
    for draft, said in described:
        if form.is_refused(request.POST, draft):
            drafts.discard_draft(by=actor, case_id=case.pk, draft_id=draft.pk)
            continue
        if said.errors:
            outcome.errors[draft.pk] = dict(said.errors)
            continue
        try:
            document = drafts.file_draft(
                by=actor, case_id=case.pk, draft_id=draft.pk, dated_on=said.day, received_on=said.received, to=said.to
            )
        except Refusal as refusal:
            outcome.errors[draft.pk] = {"title": refusal.sentence}
        else:
            outcome.filed.append(filing.filed(document, elsewhere=said.to is not None))


def _receive(request: HttpRequest, actor: Actor, case: Case, outcome: Outcome) -> None:
    given = request.FILES.getlist("files")
    if not given:
        outcome.missing = _("Select a file")
    for file in given:
        name = file.name or "document"
        try:
            drafts.receive_draft(by=actor, case_id=case.pk, incoming=incoming_of(file))
        except Refusal as refusal:
            outcome.refused.append((name, refusal.sentence, refusal.code))


def _as_json(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """Answer our script, which sends one file at a time and saves what is typed."""
    if outcome.refused:
        _name, detail, code = outcome.refused[0]
        return JsonResponse({"code": code, "detail": detail}, status=422)
    if outcome.missing:
        return JsonResponse({"code": "invalid", "detail": outcome.missing}, status=422)
    said = _("Draft saved at %(time)s.") % {"time": dates.time_of_day(clock.now())}
    return JsonResponse({"saved": said}, status=201 if request.FILES else 200)


def _as_page(
    request: HttpRequest,
    actor: Actor,
    scope: Scope,
    case: Case,
    sections: list[SectionView],
    outcome: Outcome,
) -> HttpResponse:
    waiting = drafts.drafts_on(actor, case)
    others = filing.other_cases(scope, waiting)
    rows = [
        filing.row(one, case, number=at, others=others, errors=outcome.errors.get(one.pk, {}))
        for at, one in enumerate(waiting, start=1)
    ]
    context = {
        "case": shown.case(case),
        "rows": rows,
        "sections": [(one.section.code, words.named(one.section)) for one in sections],
        "parties": [(str(one.pk), one.name) for one in case.parties.all()],
        "classifications": filing.classifications(case),
        "refused": outcome.refused,
        "filed": outcome.filed,
        "missing": outcome.missing,
        "errors": filing.summary(rows),
        "ready": sum(not one.questions for one in rows),
        "asks": sum(bool(one.questions) for one in rows),
        "may_confirm": actor.may(Permission.CONFIRM_DOUBTS),
        "here": reverse("file-documents", kwargs={"case_id": case.pk}),
    }
    return render(request, "docstore/documents/file.html", context, status=422 if outcome.is_wrong else 200)
