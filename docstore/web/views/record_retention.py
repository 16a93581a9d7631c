"""How long one case or document is kept and why, in words; and the acts that change it, for those who may."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.core.errors import Forbidden, Refusal
from docstore.retention import actions, desk, explain, longer, off_schedule, queries
from docstore.retention.disposal_models import Ground
from docstore.retention.evaluate import Evaluation
from docstore.retention.models import Trigger
from docstore.retention.queries import case_record, document_record
from docstore.retention.vocabulary import TRIGGER_WORDS, Record, RecordKind, Source, TriggerType
from docstore.web import dates, recordwords, words
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.disposal import ExtendForm, OffScheduleForm
from docstore.web.forms.records import AssignForm, ReasonForm, TriggerForm
from docstore.web.views.door import page, see_other

UNUSUAL = (actions.UNUSUAL_DATE,)


@page("GET")
def show_case_retention(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponseBase:
    """How long a case is kept and why."""
    return _show(request, actor, case_record(case_id))


@page("GET")
def show_document_retention(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponseBase:
    """How long a document is kept and why."""
    return _show(request, actor, document_record(document_id))


@page("GET", "POST")
def act_on_case(request: HttpRequest, actor: Actor, *, case_id: UUID, act: str) -> HttpResponseBase:
    """Change what becomes of a case."""
    return _act(request, actor, case_record(case_id), act)


@page("GET", "POST")
def act_on_document(request: HttpRequest, actor: Actor, *, document_id: UUID, act: str) -> HttpResponseBase:
    """Change what becomes of a document."""
    return _act(request, actor, document_record(document_id), act)


@page("GET", "POST")
def void_trigger(request: HttpRequest, actor: Actor, *, trigger_id: int) -> HttpResponseBase:
    """Void a wrong or duplicate trigger."""
    row = desk.trigger_seen(actor, trigger_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.void_trigger(by=actor, trigger_id=trigger_id, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("It no longer counts. The dates are worked out anew."))
            return see_other(record_url(row.record))
    label = _("Void %(what)s of %(day)s") % {
        "what": TRIGGER_WORDS[TriggerType(row.type)],
        "day": dates.day(row.event_on),
    }
    return _form(request, form, label, _("It stays in the history, marked as void."), record_url(row.record))


def record_url(record: Record) -> str:
    """Return the address of the page that explains a record."""
    return reverse(f"{record.kind}-retention", kwargs={f"{record.kind}_id": record.id})


def _show(request: HttpRequest, actor: Actor, record: Record) -> HttpResponseBase:
    as_of = dates.parse_day(request.GET.get("as_of", "")) if request.GET.get("as_of") else None
    found = queries.seen_evaluation(actor, record, as_of)
    case, title = desk.named_one(actor, record)
    rows = queries.triggers_of(actor, record)
    people = names({one.recorded_by for one in rows if one.recorded_by})
    context = {
        "caption": _("Case %(number)s") % {"number": words.main_reference(case)},
        "title": title or (_("A case") if record.kind is RecordKind.CASE else _("A document")),
        "state": recordwords.outcome(found.outcome),
        "headline": found.because[0],
        "details": found.because[1:],
        "as_of": as_of,
        "asked": request.GET.get("as_of", ""),
        "found": found,
        "rules": [(one.rule.name, explain.in_full(one.rule), one.due_on) for one in found.findings],
        "holds": _holds(actor, found),
        "triggers": [_trigger(one, people, actor) for one in rows],
        "acts": [(label, f"{record_url(record)}{name}/") for name, label in _offered(actor)],
        "back_url": _back(actor, record),
    }
    return render(request, "docstore/records/record.html", context)


def _back(actor: Actor, record: Record) -> str:
    """Where the person came from, if they may open it: managing records opens no paper."""
    may = desk.may_open(actor, record)
    return reverse(str(record.kind), kwargs={f"{record.kind}_id": record.id}) if may else ""


def _holds(actor: Actor, found: Evaluation) -> list[dict[str, str]]:
    may_read, manages = actor.may(Permission.READ_HOLD_REASONS), actor.may(Permission.MANAGE_RECORDS)
    return [
        {
            "title": one.title if may_read or not one.restricted else _("A restricted hold"),
            "via": _("inherited") if one.via == "inherited" else "",
            "url": reverse("records-hold", kwargs={"hold_id": one.id}) if manages else "",
        }
        for one in found.holds
    ]


def _trigger(row: Trigger, people: dict[UUID, str], actor: Actor) -> dict[str, Any]:
    is_void = row.voided_by.exists()
    words_of = TRIGGER_WORDS[TriggerType(row.type)]
    return {
        "what": words_of[0].upper() + words_of[1:],
        "on": row.event_on,
        "length": row.length,
        "who": people.get(row.recorded_by, "Docstore") if row.recorded_by else "Docstore",
        "at": row.recorded_at,
        "reason": row.reason,
        "confidence": row.confidence if row.confidence < 100 else None,
        "is_inferred": row.source == Source.INFERRED,
        "is_void": is_void,
        "void_url": reverse("void-trigger", kwargs={"trigger_id": row.pk})
        if not is_void and actor.may(Permission.RECORD_TRIGGERS)
        else "",
    }


def _offered(actor: Actor) -> list[tuple[str, str]]:
    found = []
    if actor.may(Permission.RECORD_TRIGGERS):
        found.append(("trigger", _("Record what happened")))
    if actor.may(Permission.ASSIGN_CLASSES):
        found.append(("class", _("Assign a disposal class")))
    if actor.may(Permission.ASSIGN_CLASSES) or actor.may(Permission.KEEP_BEYOND_MAXIMUM):
        found.append(("extend", _("Keep it longer")))
    if actor.may(Permission.DESTROY_OFF_SCHEDULE):
        found.append(("destroy", _("Ask for its destruction off schedule")))
    return found


def _act(request: HttpRequest, actor: Actor, record: Record, act: str) -> HttpResponseBase:
    queries.check_seen(actor, record)
    offered = dict(_offered(actor))
    if act not in ACTS or act not in offered:
        raise Forbidden
    make, carry_out, hint = ACTS[act]
    form = make(request, record)
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(actor, record, form.cleaned_data)
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Done. The dates are worked out anew."))
            return see_other(reverse("disposal-lists") if act == "destroy" else record_url(record))
    affects = desk.affected_by(record) if act == "trigger" else 0
    return _form(request, form, offered[act], str(hint), record_url(record), affects=affects)


def _form(
    request: HttpRequest, form: RefusableForm, label: str, hint: str, back: str, *, affects: int = 0
) -> HttpResponseBase:
    context = {"form": form, "label": label, "hint": hint, "back": back, "affects": affects}
    return render(request, "docstore/records/act.html", context, status=422 if form.errors else 200)


def _assign_form(request: HttpRequest, record: Record) -> RefusableForm:
    return AssignForm(request.POST or None, classes=desk.assignable(record))


def _trigger_form(request: HttpRequest, record: Record) -> RefusableForm:
    return TriggerForm(request.POST or None)


def _assign(by: Actor, record: Record, given: dict[str, Any]) -> None:
    actions.assign_class(by=by, record=record, code=given["code"], reason=given["reason"])


def _extend_form(request: HttpRequest, record: Record) -> RefusableForm:
    return ExtendForm(request.POST or None)


def _off_schedule_form(request: HttpRequest, record: Record) -> RefusableForm:
    return OffScheduleForm(request.POST or None)


def _extend(by: Actor, record: Record, given: dict[str, Any]) -> None:
    told = {name: given[name] for name in ("until", "reason", "instrument")}
    longer.extend(by=by, record=record, **told)


def _ask_off_schedule(by: Actor, record: Record, given: dict[str, Any]) -> None:
    off_schedule.ask(
        by=by, kind=record.kind, record_id=record.id, ground=Ground(given["ground"]), reason=given["reason"]
    )


def _tell(by: Actor, record: Record, given: dict[str, Any]) -> None:
    told = {name: given[name] for name in ("type", "event_on", "length", "confidence", "reason")}
    actions.record_trigger(
        by=by, record=record, source=Source.USER, confirmed=UNUSUAL if given["confirm"] else (), **told
    )


Maker = Callable[[HttpRequest, Record], RefusableForm]
Doer = Callable[[Actor, Record, dict[str, Any]], None]
ACTS: dict[str, tuple[Maker, Doer, Any]] = {
    "trigger": (
        _trigger_form,
        _tell,
        gettext_lazy("For a week it can be corrected without review. It is never deleted, only voided."),
    ),
    "class": (
        _assign_form,
        _assign,
        gettext_lazy("It stands before what a rule has assigned, and stays until a person changes it."),
    ),
    "extend": (
        _extend_form,
        _extend,
        gettext_lazy("The day that the rules give stays visible beside it. A reason is kept with it."),
    ),
    "destroy": (
        _off_schedule_form,
        _ask_off_schedule,
        gettext_lazy(
            "From the moment you send this nobody can open the record. Somebody else has to approve, a day passes, and the"
            " same evidence is kept as for any destruction. If it is refused, everybody can open it again."
        ),
    ),
}
