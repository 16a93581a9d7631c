"""A case's life as plain values: filings, orders, disclosures, hearings, opening and closing, by day, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.cases.days import day_of, start_of
from docstore.cases.models import Case, Hearing
from docstore.core import clock
from docstore.core.clock import COURT_ZONE
from docstore.documents.queries import Placed
from docstore.web import dates, words

# What a paper is called on the way through its section; every other is filed.
KINDS = {
    "orders": gettext_lazy("Order"),
    "unused": gettext_lazy("Disclosure"),
    "disclosure": gettext_lazy("Disclosure"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `at` is empty where only its day is known: a time is never made up."""

    sort: datetime
    at: str
    kind: str
    title: str
    sentence: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what happened on it."""

    day: date
    is_to_come: bool
    happenings: tuple[Happening, ...]


def days(case: Case, papers: Sequence[Placed], hearings: Sequence[Hearing], *, is_last: bool) -> list[Day]:
    """Return the days of a case; its opening stands at the end of the last page."""
    found = [_filing(one) for one in papers] + [_hearing(one) for one in hearings]
    if is_last:
        found.append(_on(case.opened_on, _("Case"), _("Case opened"), case.court.name))
    if case.closed_on:
        found.append(_on(case.closed_on, _("Case"), _("Case closed"), case.outcome))
    found.sort(key=lambda one: one.sort, reverse=True)
    today = clock.today()
    return [Day(day, day > today, tuple(inside)) for day, inside in groupby(found, key=lambda one: day_of(one.sort))]


def _filing(placed: Placed) -> Happening:
    row, filing = placed.document, placed.filing
    facts = {"side": words.side(row.side).lower(), "section": words.named(filing.section)}
    return Happening(
        sort=filing.filed_at,
        at=dates.time_of_day(filing.filed_at),
        kind=str(KINDS.get(filing.section.code) or _("Filed")),
        title=row.title,
        sentence=_("Filed by the %(side)s in %(section)s") % facts,
        url=reverse("document", kwargs={"document_id": row.pk}),
    )


def _hearing(row: Hearing) -> Happening:
    said = [row.room, *([row.judges] if row.judges else [])]
    if row.vacated_at is not None:
        said.append(_("Taken off the list: %(reason)s") % {"reason": row.vacated_reason})
    elif row.heard:
        said.append(_("Heard"))
    return Happening(row.starts_at, dates.time_of_day(row.starts_at), _("Hearing"), row.kind, ". ".join(said))


def _on(day: date, kind: str, title: str, sentence: str) -> Happening:
    end = datetime.combine(day, time.max, tzinfo=COURT_ZONE) if title == _("Case closed") else start_of(day)
    return Happening(end, "", kind, title, sentence)
