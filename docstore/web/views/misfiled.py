"""What a moved document leaves behind: the stub, and who opened it while it lay in the wrong place (DOM-2.7, 8.9)."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.cases import queries as cases
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents import misfiles, misfiling
from docstore.documents.misfiles import Misfile
from docstore.documents.misfiling import Reading
from docstore.web import dates, shown, words
from docstore.web.views.door import page

YEAR = timedelta(days=365)
TWO_HOURS, TWO_DAYS = 2 * 60, 2 * 24 * 60


@page("GET")
def show_stub(request: HttpRequest, actor: Actor, *, case_id: UUID, filing_id: UUID) -> HttpResponse:
    """Where a document stood, until when, why it was moved, and who had opened it."""
    scope = Scope.of(actor)
    case = cases.get_case(scope, case_id)
    stub, readings = misfiling.readings_while_misfiled(by=actor, case=case, filing_id=filing_id)
    context = {
        "case": shown.case(case),
        "section": words.named(stub.section),
        "since": dates.moment(stub.filed_at),
        "until": dates.moment(stub.ended_at) if stub.ended_at else "",
        "why": stub.end_note,
        "readers": readers(readings),
    }
    return render(request, "docstore/cases/moved.html", context)


@page("GET")
def list_misfiled(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The log of papers that lay on the wrong case, for the last twelve months or the days asked for (DOM-12.3)."""
    until = dates.parse_day(request.GET.get("until", "")) or clock.today()
    since = dates.parse_day(request.GET.get("since", "")) or until - YEAR
    log = misfiles.read_misfile_log(by=actor, since=since, until=until)
    context = {
        "rows": [_misfile(one) for one in log.rows],
        "total": len(log.rows),
        "opened": log.opened,
        "usual": _long(log.usual_time) if log.usual_time is not None else "–",
        "since": since,
        "until": until,
        "most": misfiles.MOST,
    }
    return render(request, "docstore/access/misfiled.html", context)


def _misfile(row: Misfile) -> dict[str, object]:
    case = shown.case(row.case)
    where = {"case_id": row.case.pk, "filing_id": row.filing_id}
    return {
        "reference": case.reference,
        "court": case.court,
        "url": reverse("moved", kwargs=where) if row.may_open else "",
        "title": case.title if row.may_open else "",
        "until": row.lay_until,
        "long": _long(row.lay_for),
        "opened_by": row.opened_by,
        "why": row.why,
    }


def _long(span: timedelta) -> str:
    """Return "3 days", "5 hours" or "12 minutes"."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes >= TWO_DAYS:
        days = minutes // (24 * 60)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes >= TWO_HOURS:
        hours = minutes // 60
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


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
