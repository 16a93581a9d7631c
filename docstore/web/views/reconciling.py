"""What stations and suppliers say they sent, set against what came: one day, station by station, difference by difference."""

import json
from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.core import clock
from docstore.intake import boards
from docstore.intake.statements import Difference
from docstore.web import dates, intakeshown
from docstore.web.views.door import page

WORDS = {
    Difference.NOT_RECEIVED: _("Reported, but not received"),
    Difference.NOT_REPORTED: _("Received, but not reported"),
    Difference.REJECTED: _("Rejected"),
    Difference.RESCAN: _("Replaces another batch than was reported"),
    Difference.PAYMENTS: _("Other payment numbers than were reported"),
    Difference.ITEMS: _("Other control numbers than were reported"),
    Difference.PAGES: _("Another number of pages than was reported"),
    Difference.HASHES: _("Other bytes than were reported"),
}


@page("GET")
def show_day(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The reports of a day; yesterday's unless another is asked for."""
    actor.require(Permission.SEE_INTAKE)
    asked = request.GET.get("day", "")
    yesterday = clock.today() - timedelta(days=1)
    day = dates.parse_iso(asked) or dates.parse_day(asked) or yesterday
    reports = [
        {
            "station": one.station,
            "report": one.report,
            "statements": one.statements,
            "late": one.late,
            "rows": [_row(raw) for raw in json.loads(one.report.rows)] if one.report else [],
        }
        for one in boards.reconciled(actor, day)
    ]
    context = {
        "places": intakeshown.navigation(actor, "reconciling"),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_last": day >= yesterday,
        "reports": reports,
    }
    return render(request, "docstore/intake/reconciling.html", context)


def _row(raw: dict[str, object]) -> dict[str, object]:
    kind = Difference(str(raw["kind"]))
    return {**raw, "kind": WORDS[kind]}
