"""The day list, what can be done with it, and lists that come as a file."""

from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import hearing_lists, listing, queries
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound, Refusal
from docstore.documents import listed
from docstore.web import dates, daylist, words
from docstore.web.forms.hearings import DutyForm, ImportForm
from docstore.web.sites import chosen_court
from docstore.web.views.door import page, see_other


@page("GET")
def day_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The day's hearings by courtroom with the state of their papers; another day's with ?day=2026-11-24."""
    actor.require(Permission.SEE_DAY_LIST)
    scope = Scope.of(actor)
    day = dates.parse_iso(request.GET.get("day", "")) or dates.parse_day(request.GET.get("day", "")) or clock.today()
    court = chosen_court(request, actor)
    rows = [one for one in queries.hearings_on(scope, day) if not court or one.court.code == court]
    cases = list({one.case_id: one.case for one in rows}.values())
    papers, names = listed.papers_of(scope, cases), listed.section_names(cases)
    since = daylist.morning_of(day)
    lines = [(one, daylist.line(one, papers[one.case_id], names, since=since)) for one in rows]
    late = daylist.late_list([(one, papers[one.case_id]) for one in rows], since=since)
    rooms = daylist.rooms(lines, queries.duties_on(actor.courts, day), day=day, listers=_lists_kept(actor))
    if day == clock.today():
        daylist.mark_list_seen(request)
    ready = sum(one.readiness.is_ready for _, one in lines)
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_today": day == clock.today(),
        "rooms": rooms,
        "count": len(rows),
        "ready": ready,
        "not_ready": len(rows) - ready,
        "late": late[: daylist.LATE_SHOWN],
        "late_count": len(late),
        "late_more": max(0, len(late) - daylist.LATE_SHOWN),
        "courts": len({one.court_id for one in rows}),
        "as_at": dates.time_of_day(clock.now()),
        "next_days": [] if rows else queries.next_days_listed(scope, day),
        "may_list": bool(_lists_kept(actor)),
    }
    return render(request, "docstore/day.html", context)


@page("POST")
def move_hearings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Move ticked cases to another courtroom; whoever works there comes to them at once."""
    actor.require(Permission.LIST_HEARINGS)
    ticked = [one for one in (_uuid(text) for text in request.POST.getlist("hearing")) if one]
    room = request.POST.get("other_room", "").strip() or request.POST.get("room", "")
    try:
        moved = listing.move_hearings(by=actor, hearings=ticked, room=room)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        said = ngettext("%(count)d case is now in %(room)s.", "%(count)d cases are now in %(room)s.", moved)
        messages.success(request, said % {"count": moved, "room": room})
    return see_other(_day_url(request.POST.get("day", "")))


@page("GET", "POST")
def courtroom(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Who works in a courtroom on a day: add, hand over, remove."""
    actor.require(Permission.LIST_HEARINGS)
    code, room = request.GET.get("court", ""), request.GET.get("room", "").strip()[:40]
    day = dates.parse_iso(request.GET.get("day", ""))
    if code not in _lists_kept(actor) or not room or day is None:
        raise NotFound
    court = access.court_of(actor, code)
    duties = [one for one in queries.duties_on([code], day) if one.room == room]
    present = [(str(one.pk), one.person.name) for one in duties]
    form = DutyForm(request.POST or None, present=present)
    if request.method == "POST" and (done := _change_duty(request, actor, form, code=code, room=room, day=day)):
        messages.success(request, done)
        return see_other(request.get_full_path())
    context = {
        "court": court,
        "room": room,
        "day": day,
        "duties": [
            {"id": str(one.pk), "name": one.person.name, "role": words.role(one.role).lower()} for one in duties
        ],
        "staff": access.staff_at(court),
        "form": form,
        "day_url": _day_url(day.isoformat()),
        "here": request.get_full_path(),
    }
    return render(request, "docstore/courtroom.html", context, status=422 if form.errors else 200)


def _change_duty(request: HttpRequest, actor: Actor, form: DutyForm, *, code: str, room: str, day: date) -> str:
    """Carry out what was asked; return what was done, or nothing where the form says why not."""
    ended = _uuid(request.POST.get("end", ""))
    if ended is not None:
        listing.end_duty(by=actor, duty_id=ended)
        form.errors.clear()
        return _("They are no longer in this courtroom, and no longer come to its cases because of it.")
    if not form.is_valid():
        return ""
    try:
        duty = listing.assign_duty(
            by=actor,
            court=code,
            room=room,
            day=day,
            person=access.person(form.cleaned_data["person"].strip()),
            in_place_of=_uuid(form.cleaned_data["in_place_of"]),
        )
    except Refusal as refusal:
        form.take(refusal)
        return ""
    facts = {"name": duty.person.name, "role": words.role(duty.role).lower()}
    return _("%(name)s is in this courtroom as %(role)s and comes to its cases at once.") % facts


@page("GET", "POST")
def import_hearings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take in a list as CSV and say what became of every row."""
    actor.require(Permission.LIST_HEARINGS)
    courts = [one for one in access.courts_of(actor) if one.code in _lists_kept(actor)]
    form = ImportForm(request.POST or None, request.FILES or None, courts=courts)
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            report = hearing_lists.import_hearings(by=actor, court=form.cleaned_data["court"], content=content)
        except Refusal as refusal:
            form.take(refusal)
    context = {"form": form, "report": report, "counts": _counts(report) if report else []}
    return render(request, "docstore/import.html", context, status=422 if form.errors else 200)


def _counts(report: hearing_lists.Report) -> list[tuple[str, int]]:
    names = {
        hearing_lists.What.ADDED: _("added"),
        hearing_lists.What.CHANGED: _("changed"),
        hearing_lists.What.SAME: _("as they were"),
        hearing_lists.What.UNMATCHED: _("not taken"),
    }
    return [(name, report.count(what)) for what, name in names.items()]


def _lists_kept(actor: Actor) -> set[str]:
    """The courts whose list this person keeps."""
    return {held.court for held in actor.roles if held.court and Permission.LIST_HEARINGS in held.role.permissions}


def _day_url(day: str) -> str:
    url = reverse("day")
    return f"{url}?{urlencode({'day': day})}" if dates.parse_iso(day) else url


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
