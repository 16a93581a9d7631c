"""Asking to be let into a case, answering, opening at once, and the report of all that."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import admissions
from docstore.cases.models import Admission, AdmissionKind, AdmissionState
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.web import dates
from docstore.web.forms.access import AskForm, DecideForm
from docstore.web.views.door import page, see_other

MOST = 100


@page("GET", "POST")
def list_admissions(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What the person asked for and what waits for their answer; a POST asks anew."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = admissions.ask(by=actor, **form.cleaned_data)
        except Refusal as refusal:
            form.take(refusal)
        else:
            return _answer(request, made)
    return _page(request, actor, form=form)


def _answer(request: HttpRequest, made: Admission) -> HttpResponse:
    if made.state == AdmissionState.GRANTED and made.case_id and made.until_on:
        said = _("You may read this case until %(day)s. Your reason is recorded.") % {"day": dates.day(made.until_on)}
        messages.success(request, said)
        return see_other(reverse("case", kwargs={"case_id": made.case_id}))
    messages.success(request, _("Sent. If a case bears that number, its court has been asked. The answer shows here."))
    return see_other(reverse("admissions"))


def _page(
    request: HttpRequest, actor: Actor, *, form: AskForm, deciding: tuple[UUID, DecideForm] | None = None
) -> HttpResponse:
    scope = Scope.of(actor)
    waiting = [
        {"admission": one, "ground": _(admissions.GROUNDS[one.ground]), "form": _decide_form(one, deciding)}
        for one in admissions.to_decide(scope)[:MOST]
    ]
    refused = bool(form.errors or (deciding and deciding[1].errors))
    context = {
        "form": form if actor.may(Permission.ASK_FOR_ACCESS) else None,
        "failed": deciding[1] if deciding else form,
        "waiting": waiting,
        "decides": actor.may(Permission.MANAGE_MEMBERS),
        "asked": [_asked(one) for one in admissions.asked_by(actor)[:MOST]],
        "may_break_glass": actor.may(Permission.BREAK_GLASS),
        "may_report": actor.may(Permission.READ_TRAILS),
        "may_review": actor.may(Permission.REVIEW_PEOPLE),
    }
    return render(request, "docstore/access/admissions.html", context, status=422 if refused else 200)


def _decide_form(one: Admission, deciding: tuple[UUID, DecideForm] | None) -> DecideForm:
    if deciding and deciding[0] == one.pk:
        return deciding[1]
    return DecideForm(prefix=str(one.pk)[:8])


def _asked(one: Admission) -> dict[str, object]:
    """A line about one's own asking: the case is named only while it is open to the person."""
    live = one.is_live(on=clock.today())
    return {
        "number": one.number,
        "asked_at": one.asked_at,
        "url": reverse("case", kwargs={"case_id": one.case_id}) if live and one.case_id else "",
        "state": _state(one),
    }


def _state(one: Admission) -> str:
    if one.is_live(on=clock.today()) and one.until_on:
        return _("Open to you until %(day)s") % {"day": dates.day(one.until_on)}
    match AdmissionState(one.state):
        case AdmissionState.WAITING:
            return _("No answer yet")
        case AdmissionState.REFUSED:
            return _("Refused")
        case AdmissionState.GRANTED | AdmissionState.ENDED:
            return _("Ended")


@page("POST")
def decide(request: HttpRequest, actor: Actor, *, admission_id: UUID) -> HttpResponseBase:
    """Let somebody in until a day, or refuse; what was typed stays where it cannot be taken."""
    form = DecideForm(request.POST, prefix=str(admission_id)[:8])
    lets_in = request.POST.get("answer") == "grant"
    if form.is_valid():
        given = form.cleaned_data
        try:
            if lets_in:
                until = given["until"] or clock.today()
                admissions.grant(by=actor, admission_id=admission_id, until=until, reason=given["reason"])
            else:
                admissions.refuse(by=actor, admission_id=admission_id, reason=given["reason"])
        except (admissions.EndOutOfRange, admissions.PersonIsBarred, admissions.ReasonTooShort) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("They are let in.") if lets_in else _("They have been refused."))
            return see_other(reverse("admissions"))
    admissions.get_waiting(Scope.of(actor), admission_id)
    return _page(request, actor, form=AskForm(), deciding=(admission_id, form))


@page("POST")
def end(request: HttpRequest, actor: Actor, *, admission_id: UUID) -> HttpResponseBase:
    """End somebody's stay before its last day."""
    admissions.end(by=actor, admission_id=admission_id, reason=request.POST.get("reason", "").strip())
    messages.success(request, _("Their stay has ended."))
    return see_other(reverse("access-report"))


@page("GET", "POST")
def open_at_once(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Break the glass: a judge, out of hours, with a reason; those who watch are told."""
    actor.require(Permission.BREAK_GLASS)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = admissions.break_glass(by=actor, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The case is open to you until the end of tomorrow."))
            return see_other(reverse("case", kwargs={"case_id": made.case_id}))
    return render(request, "docstore/access/at-once.html", {"form": form}, status=422 if form.errors else 200)


@page("GET")
def report(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Everybody who was let in for a stated reason, the latest first."""
    actor.require(Permission.READ_TRAILS)
    scope = Scope.of(actor)
    rows = [_reported(one, scope) for one in admissions.reported_to(scope)[:MOST]]
    context = {"rows": rows, "watches": actor.may(Permission.WATCH_ACCESS), "most": MOST}
    return render(request, "docstore/access/report.html", context)


KINDS = {
    AdmissionKind.CHALLENGED: gettext_lazy("At once, to read"),
    AdmissionKind.SPECIFIC: gettext_lazy("With the court’s leave"),
    AdmissionKind.GLASS: gettext_lazy("Opened at once by a judge"),
}


def _reported(one: Admission, scope: Scope) -> dict[str, object]:
    live = one.is_live(on=clock.today())
    may_end = live and one.case is not None and scope.allows_on(one.case, Permission.MANAGE_MEMBERS)
    return {
        "admission": one,
        "kind": KINDS[AdmissionKind(one.kind)],
        "ground": _(admissions.GROUNDS[one.ground]),
        "state": _("Open until %(day)s") % {"day": dates.day(one.until_on)} if live and one.until_on else _state(one),
        "is_unseen": one.kind == AdmissionKind.GLASS and one.looked_at is None,
        "may_end": may_end,
    }


@page("POST")
def look_at(request: HttpRequest, actor: Actor, *, admission_id: UUID) -> HttpResponseBase:
    """Say that one has looked at a case that was opened at once."""
    admissions.look_at(by=actor, admission_id=admission_id)
    messages.success(request, _("Noted that you looked at it."))
    return see_other(reverse("access-report"))
