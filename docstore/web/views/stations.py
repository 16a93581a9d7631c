"""Scanning stations and their keys: registering, changing, issuing a key that is shown once, ending one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access import machines
from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.key_scopes import KeyLimits
from docstore.access.models import Court, ServiceKey
from docstore.access.permissions import Permission
from docstore.cases import queries as cases
from docstore.core import clock
from docstore.core.errors import NotFound, Refusal
from docstore.intake import stations
from docstore.intake.models import Station
from docstore.intake.quality_policy import Policy, doubts
from docstore.intake.stations import Envelopes, PaperKept
from docstore.web import intakeshown
from docstore.web.forms.stations import ChangeStationForm, KeyForm, RegisterStationForm, ScanPolicyForm
from docstore.web.shown import Mark
from docstore.web.views.door import page, see_other

SOON_DAYS = 30


@page("GET", "POST")
def list_stations(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All stations with how they are, and a form to register another."""
    actor.require(Permission.MANAGE_STATIONS)
    courts = list(access.courts())
    form = RegisterStationForm(request.POST if request.method == "POST" else None, courts=courts)
    if request.method == "POST" and form.is_valid():
        try:
            made = _register(actor, form.cleaned_data, courts)
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The station is registered. Issue its first key now."))
            return see_other(_url(made))
    rows = [
        {"station": one, "url": _url(one), "state": _state(one), "keys": len(_live(one))}
        for one in stations.stations(actor)
    ]
    context = {"places": intakeshown.navigation(actor, "stations"), "rows": rows, "form": form}
    return render(request, "docstore/intake/stations.html", context, status=422 if form.errors else 200)


@page("GET", "POST")
def show_station(request: HttpRequest, actor: Actor, *, station_id: UUID) -> HttpResponseBase:
    """One station: what it is, its keys, and forms to change it and to issue a key."""
    station = _get(actor, station_id)
    form = ChangeStationForm(request.POST if request.method == "POST" else None, station=station)
    if request.method == "POST" and form.is_valid():
        try:
            _change(actor, station, form.cleaned_data)
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The station is changed."))
            return see_other(_url(station))
    return _station_page(request, actor, station, form=form, status=422 if form.errors else 200)


@page("POST")
def set_policy(request: HttpRequest, actor: Actor, *, station_id: UUID) -> HttpResponseBase:
    """Say from when on a scan is in doubt at this station, and what comes of it."""
    station = _get(actor, station_id)
    form = ScanPolicyForm(request.POST, station=station)
    if form.is_valid():
        given = form.cleaned_data
        policy = Policy(given["least_dpi"], given["most_skew"], given["least_confidence"], doubts(given["holds"]))
        stations.set_scan_policy(
            by=actor, station_id=station.pk, policy=policy, splits_at_blanks=given["splits_at_blanks"]
        )
        messages.success(request, _("It counts for what is scanned from now on."))
        return see_other(_url(station))
    return _station_page(request, actor, station, policy_form=form, status=422)


@page("POST")
def issue_key(request: HttpRequest, actor: Actor, *, station_id: UUID) -> HttpResponseBase:
    """Issue a key and show it, this once: the answer is not kept anywhere."""
    station = _get(actor, station_id)
    form = KeyForm(request.POST, kinds=cases.case_types_at(station.court))
    if form.is_valid():
        given = form.cleaned_data
        try:
            key = stations.issue_station_key(
                by=actor,
                station_id=station.pk,
                label=given["label"],
                addresses=tuple(given["addresses"].split()),
                certificate=given["certificate"],
                limits=KeyLimits(frozenset(given["case_types"]), frozenset(given["jurisdictions"])),
                days=given["days"],
            )
        except Refusal as refusal:
            form.take(refusal)
        else:
            context = {"places": intakeshown.navigation(actor, "stations"), "station": station, "key": key}
            return render(request, "docstore/intake/key.html", {**context, "url": _url(station)})
    return _station_page(request, actor, station, key_form=form, status=422)


@page("POST")
def revoke_key(request: HttpRequest, actor: Actor, *, station_id: UUID, key_id: str) -> HttpResponseBase:
    """End a key at once."""
    station = _get(actor, station_id)
    key = stations.keys_of(station).filter(pk=key_id, revoked_at__isnull=True).first()
    if key is None:
        raise NotFound
    machines.revoke_machine_key(by=actor, key=key)
    messages.success(request, _("The key is ended. It opens nothing any more."))
    return see_other(_url(station))


def _station_page(
    request: HttpRequest,
    actor: Actor,
    station: Station,
    *,
    form: ChangeStationForm | None = None,
    key_form: KeyForm | None = None,
    policy_form: ScanPolicyForm | None = None,
    status: int = 200,
) -> HttpResponseBase:
    live, kinds = _live(station), cases.case_types_at(station.court)
    names = {one.code: _(one.name) for one in kinds}
    context = {
        "places": intakeshown.navigation(actor, "stations"),
        "station": station,
        "state": _state(station),
        "form": form or ChangeStationForm(None, station=station),
        "key_form": key_form or KeyForm(None, kinds=kinds),
        "policy_form": policy_form or ScanPolicyForm(None, station=station),
        "may_issue": len(live) < machines.LIVE_KEYS,
        "ends_soon": [one for one in live if (one.expires_at - clock.now()).days < SOON_DAYS],
        "keys": [_key(one, names) for one in stations.keys_of(station)[:20]],
    }
    return render(request, "docstore/intake/station.html", context, status=status)


def _register(actor: Actor, given: dict[str, Any], courts: list[Court]) -> Station:
    court = next(one for one in courts if one.code == given["court"])
    return stations.register_station(by=actor, court=court, username=given["username"], name=given["name"])


def _change(actor: Actor, station: Station, given: dict[str, Any]) -> None:
    envelopes = Envelopes(given["container"], given["jurisdiction"], given["po_box"], given["takes_payments"])
    stations.change_station(
        by=actor,
        station_id=station.pk,
        name=given["name"],
        is_enabled=given["is_enabled"],
        section=given["section"],
        envelopes=envelopes,
        paper=PaperKept(given["tray"], given["paper_days"]),
    )


def _get(actor: Actor, station_id: UUID) -> Station:
    actor.require(Permission.MANAGE_STATIONS)
    return stations.get_station(actor, station_id)


def _live(station: Station) -> list[ServiceKey]:
    return machines.live_keys(station.user, at=clock.now())


def _key(key: ServiceKey, names: Mapping[str, str]) -> dict[str, object]:
    now = clock.now()
    if key.revoked_at:
        state = Mark(_("Ended"), "grey")
    elif key.expires_at <= now:
        state = Mark(_("Expired"), "grey")
    elif key.not_before > now:
        state = Mark(_("Not valid yet"))
    else:
        state = Mark(_("Live"))
    limits = key.limits
    good_for = [one.capitalize() for one in sorted(limits.jurisdictions)]
    good_for += [names.get(one, one) for one in sorted(limits.case_types)]
    may_end = key.revoked_at is None and key.expires_at > now
    return {"key": key, "state": state, "good_for": good_for, "may_end": may_end}


def _state(station: Station) -> Mark:
    if not station.is_enabled:
        return Mark(_("Switched off"), "grey")
    if station.silent_since:
        return Mark(_("Silent"), "red")
    return Mark(_("At work")) if station.seen_at else Mark(_("Never heard of"), "yellow")


def _url(station: Station) -> str:
    return reverse("station", kwargs={"station_id": station.pk})
