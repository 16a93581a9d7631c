"""Intake as plain values for templates: states in words, tallies as figures and bars, places of its navigation.

Knows models of the room and words for people; decides nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.intake.boards import Line, Tally
from docstore.intake.models import Act, Batch, BatchState, Happening, IntakeEvent, Item, ItemState
from docstore.web.shown import Mark, Place

PLACES = (
    ("board", gettext_lazy("Today"), "intake", Permission.SEE_INTAKE),
    ("exceptions", gettext_lazy("Exceptions"), "exceptions", Permission.DECIDE_EXCEPTIONS),
    ("scans", gettext_lazy("Scans in doubt"), "scans", Permission.DECIDE_EXCEPTIONS),
    ("batches", gettext_lazy("Batches"), "batches", Permission.SEE_INTAKE),
    ("reconciling", gettext_lazy("Reconciliation"), "reconciling", Permission.SEE_INTAKE),
    ("webhooks", gettext_lazy("Webhooks"), "webhooks", Permission.MANAGE_STATIONS),
    ("stations", gettext_lazy("Stations and keys"), "stations", Permission.MANAGE_STATIONS),
)
BATCHES: dict[str, tuple[object, str]] = {
    BatchState.OPEN: (gettext_lazy("Being sent"), ""),
    BatchState.VERIFYING: (gettext_lazy("Being checked"), ""),
    BatchState.ACCEPTED: (gettext_lazy("Accepted"), ""),
    BatchState.ACCEPTED_WITH_EXCEPTIONS: (gettext_lazy("Accepted with exceptions"), "yellow"),
    BatchState.REJECTED: (gettext_lazy("Rejected"), "red"),
    BatchState.EXPIRED: (gettext_lazy("Given up"), "red"),
}
ITEMS: dict[str, tuple[object, str]] = {
    ItemState.EXPECTED: (gettext_lazy("Missing"), "red"),
    ItemState.RECEIVING: (gettext_lazy("Arriving"), ""),
    ItemState.QUARANTINED: (gettext_lazy("Safe, waiting for the virus check"), ""),
    ItemState.CLEAN: (gettext_lazy("Safe and checked"), ""),
    ItemState.READING: (gettext_lazy("On its case"), ""),
    ItemState.AVAILABLE: (gettext_lazy("On its case"), ""),
    ItemState.REJECTED: (gettext_lazy("Rejected"), "red"),
    ItemState.NEEDS_ATTENTION: (gettext_lazy("Needs a person"), "yellow"),
}
HAPPENINGS: dict[str, object] = {
    Happening.BATCH_OPENED: gettext_lazy("The batch was opened"),
    Happening.BATCH_AMENDED: gettext_lazy("The station amended the batch"),
    Happening.BATCH_CLOSED: gettext_lazy("The station said that everything was sent"),
    Happening.BATCH_SETTLED: gettext_lazy("The batch was settled"),
    Happening.BATCH_EXPIRED: gettext_lazy("The batch was given up, because it was never finished"),
    Happening.BATCH_OVERDUE: gettext_lazy("The batch takes too long"),
    Happening.BATCH_CHASED: gettext_lazy("The court asked the station for it"),
    Happening.STATION_SILENT: gettext_lazy("The station fell silent"),
    Happening.STATION_HEARD: gettext_lazy("The station was heard again"),
    Happening.RECEIPT_ISSUED: gettext_lazy("The receipt was signed"),
    Happening.ITEM_RECEIVED: gettext_lazy("Arrived, in the vault and read back"),
    Happening.ITEM_CLEARED: gettext_lazy("Passed the checks"),
    Happening.ITEM_FILED: gettext_lazy("Filed on its case"),
    Happening.ITEM_AVAILABLE: gettext_lazy("Can be read"),
    Happening.ITEM_REJECTED: gettext_lazy("Rejected"),
    Happening.ITEM_QUEUED: gettext_lazy("Put before a person"),
    Happening.ITEM_DECIDED: gettext_lazy("Decided by a person"),
    Happening.ITEM_RESCAN_WANTED: gettext_lazy("The court asked for a new scan"),
    Happening.ITEM_SUPERSEDED: gettext_lazy("Replaced by a new scan"),
}
# Titles of exceptions by their code: what the paper is, as a person would say it.
EXCEPTIONS: dict[str, object] = {
    "unmatched": gettext_lazy("A paper without a clear case"),
    "case-unknown": gettext_lazy("A paper for a case that is not known here"),
    "several-cases": gettext_lazy("A paper that fits several cases"),
    "wrong-case": gettext_lazy("A paper that may belong to another case"),
    "case-closed": gettext_lazy("A paper for a case that is closed"),
    "already-filed": gettext_lazy("A paper that is on the case already"),
    "page-count-mismatch": gettext_lazy("A paper with more or fewer pages than declared"),
    "check-stopped": gettext_lazy("A paper whose check stopped"),
    "batch-overdue": gettext_lazy("A batch that takes too long"),
    "batch-stale": gettext_lazy("A batch that was given up"),
    "sheet-forged": gettext_lazy("A paper behind a sheet that is not ours"),
    "sheet-foreign": gettext_lazy("A paper behind another court’s sheet"),
    "sheet-unknown": gettext_lazy("A paper behind a sheet that is not known here"),
    "sheet-expired": gettext_lazy("A paper behind a sheet that has expired"),
    "sheet-used": gettext_lazy("A paper behind a sheet that was fed before"),
    "sheet-unclear": gettext_lazy("A paper behind several sheets at once"),
    "only-sheets": gettext_lazy("Separator sheets without a paper"),
    "poor-scan": gettext_lazy("A paper whose scan is in doubt"),
    "not-filed": gettext_lazy("A paper that could not be filed"),
}
DECIDED: dict[str, object] = {
    Act.ATTACH: gettext_lazy("Attached to a case"),
    Act.CREATE_CASE: gettext_lazy("A case was created for it"),
    Act.RECLASSIFY: gettext_lazy("Given another kind"),
    Act.RESCAN: gettext_lazy("A new scan was asked for"),
    Act.ABORT: gettext_lazy("Not filed"),
    Act.CHECK_AGAIN: gettext_lazy("Checked again"),
    Act.SETTLED: gettext_lazy("Seen, or answered by itself"),
}
WIDTH = 240


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar: where it begins, how wide it is, of 240, and its class."""

    at: int
    wide: int
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """A station on the board."""

    name: str
    court: str
    url: str
    tally: Tally
    bars: tuple[Bar, ...]
    heard: datetime | None
    is_silent: bool
    last_error: str
    sentence: str


def navigation(actor: Actor, here: str) -> list[Place]:
    """Return the parts of intake that this person may open."""
    return [
        Place(str(name), reverse(target), key == here)
        for key, name, target, permission in PLACES
        if actor.may(permission)
    ]


def row(line: Line) -> Row:
    """Return a line of the board."""
    tally, station = line.tally, line.station
    return Row(
        name=station.name,
        court=station.court.name,
        url=f"{reverse('batches')}?words=&station={station.pk}",
        tally=tally,
        bars=_bars(tally),
        heard=station.seen_at,
        is_silent=line.is_silent,
        last_error=station.last_error,
        sentence=_sentence(line),
    )


def batch_mark(batch: Batch) -> Mark:
    text, colour = BATCHES[batch.state]
    return Mark(str(text), colour)


def item_mark(item: Item) -> Mark:
    text, colour = ITEMS[item.state]
    return Mark(str(text), colour)


def event_words(event: IntakeEvent) -> str:
    """Return what happened, and to which item."""
    said = str(HAPPENINGS[event.happening])
    return _("Item %(seq)d: %(said)s") % {"seq": event.seq, "said": said} if event.seq else said


def exception_title(code: str) -> str:
    return str(EXCEPTIONS.get(code, gettext_lazy("A paper that a person must look at")))


def decided_words(act: str) -> str:
    """Return what a person did about an exception."""
    return str(DECIDED.get(act, act))


def _sentence(line: Line) -> str:
    """The first thing that somebody should know of a station on this day."""
    tally = line.tally
    if line.is_silent:
        return _("Nothing was heard of it for an hour. Look whether the PC and its agent run.")
    if tally.missing:
        return _("Papers were declared that have not come. Chase them below.")
    if tally.rejected:
        return _("Some papers were rejected and must be scanned again.")
    if tally.waiting:
        return _("Some papers wait for a person.")
    if not tally.expected:
        return _("Nothing was sent.")
    return _("All that was sent is safe.") if not tally.under_way else _("All that was sent is safe and being read.")


def _bars(tally: Tally) -> tuple[Bar, ...]:
    if not tally.expected:
        return ()
    parts = (
        (tally.accepted + tally.under_way, "fine"),
        (tally.waiting, "waits"),
        (tally.rejected, "wrong"),
        (tally.missing, "missing"),
    )
    found, at = [], 0
    for count, kind in parts:
        wide = round(WIDTH * count / tally.expected)
        if count:
            found.append(Bar(at, max(wide, 2), kind))
        at += wide
    return tuple(found)
