"""What a person does with a paper that no rule could place: attach, create a case, reclassify, ask for a rescan, abort.

Each act needs a reason, is recorded, and settles the exception once: whoever comes second is told that it is settled.
The acts are for people at the batch's own court with the permission to decide; everybody else finds nothing here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases import actions as cases
from docstore.cases.mentions import day_named, parties_named
from docstore.cases.models import Case, Classification, Hearing, Reference
from docstore.cases.queries import get_case
from docstore.cases.references import TypedReference
from docstore.cases.scope import Scope
from docstore.core import clock, jobs
from docstore.core.errors import Conflict, NotFound
from docstore.core.paging import Slice, page
from docstore.documents import actions as documents
from docstore.documents.change import require_reason
from docstore.documents.models import Document
from docstore.intake.batches import go_on, record_on
from docstore.intake.checking import reject_item
from docstore.intake.feed import locked, tell
from docstore.intake.models import Act, Happening, IntakeException, Item, ItemState, Station
from docstore.intake.parts import let_go, section_of, title_of
from docstore.intake.placing import mark_filed, received_of
from docstore.intake.watching import CHECK_STOPPED

RESCAN = "A person at the court asks for a new scan: {reason}"
AGAIN = "Safe. It is being checked again."
ABORTED = "A person at the court decided that this is not to be filed: {reason}"


class AlreadySettled(Conflict):
    """Somebody else has decided this already. Look at what they did; nothing was done twice."""

    code = "already-settled"


class NothingToFile(Conflict):
    """There are no checked bytes to file here. Ask for a rescan or abort it."""

    code = "nothing-to-file"


class NothingToCheck(Conflict):
    """The checks of this paper have not stopped, so there is nothing to do again."""

    code = "nothing-to-check"


class NeedsAnAct(Conflict):
    """A paper waits here. Attach it, open a case for it, ask for a rescan or abort it."""

    code = "needs-an-act"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A case that comes into question, shown only to somebody who may open it, and what speaks for it.

    `is_named` is whether a party of it stands on the first pages; None where their words are not known. `heard_on` is the
    day of a hearing of it that stands there, and `is_listed` whether any is still to come.
    """

    case: Case
    because: tuple[str, ...]
    is_named: bool | None = None
    heard_on: date | None = None
    is_listed: bool = False


def waiting(by: Actor) -> QuerySet[IntakeException]:
    """Return what waits for somebody at the courts where this person may decide, the oldest first; else nothing."""
    courts = {held.court for held in by.roles if held.court and Permission.DECIDE_EXCEPTIONS in held.role.permissions}
    rows = IntakeException.objects.filter(court__code__in=courts, settled_at__isnull=True)
    return rows.select_related("court", "batch__station", "item").order_by("raised_at", "id")


def list_waiting(by: Actor, *, cursor: str | None = None, limit: int = 50) -> Slice[IntakeException]:
    """Return one page of the queue."""
    return page(waiting(by), keys=("raised_at", "id"), cursor=cursor, limit=limit)


def get_exception(by: Actor, exception_id: UUID) -> IntakeException:
    """Return one exception of a court where this person may decide, settled or not; raise NotFound."""
    courts = {held.court for held in by.roles if held.court and Permission.DECIDE_EXCEPTIONS in held.role.permissions}
    rows = IntakeException.objects.filter(pk=exception_id, court__code__in=courts)
    found = rows.select_related("court", "batch__station", "item").first()
    if found is None:
        raise NotFound
    return found


def proposals(by: Actor, exception: IntakeException) -> list[Proposed]:
    """Return the suggested cases that this person may open, in the order of likelihood."""
    told = json.loads(exception.suggestions)
    references = Prefetch("references", queryset=Reference.objects.order_by("id"))
    sittings = Prefetch("hearings", queryset=Hearing.objects.filter(vacated_at__isnull=True).order_by("-starts_at"))
    rows = Scope.of(by).cases().filter(pk__in=[one["case"] for one in told])
    rows = rows.prefetch_related(references, sittings, "parties")
    known = {str(case.pk): case for case in rows}
    text = exception.item.text if exception.item else ""
    return [_proposed(known[one["case"]], tuple(one["because"]), text) for one in told if one["case"] in known]


def _proposed(case: Case, because: tuple[str, ...], text: str) -> Proposed:
    days = [one.starts_at.astimezone(clock.COURT_ZONE).date() for one in case.hearings.all()]
    is_listed = any(day >= clock.today() for day in days)
    return Proposed(case, because, _is_named(case, text), day_named(text, days), is_listed)


def _is_named(case: Case, text: str) -> bool | None:
    parties = list(case.parties.all())
    return bool(parties_named(text, parties)) if text.strip() and parties else None


@transaction.atomic
def attach(*, by: Actor, exception_id: UUID, case_id: UUID, reason: str, section: str = "") -> Document:
    """File the paper on a case that the person chose, for the court alone until somebody shares it."""
    station, exception, item = _deciding(by, exception_id, reason)
    document = _file(by, station, item, get_case(Scope.of(by), case_id), section)
    _settle(by, station, exception, Act.ATTACH, reason)
    return document


@transaction.atomic
def create_case(
    *,
    by: Actor,
    exception_id: UUID,
    title: str,
    case_type: str,
    references: Sequence[TypedReference],
    reason: str,
    classification: Classification = Classification.PRIVATE,
    section: str = "",
) -> Document:
    """Open a case for the paper and file it there."""
    station, exception, item = _deciding(by, exception_id, reason)
    case = cases.open_case(
        by=by,
        title=title,
        court=exception.court.code,
        case_type=case_type,
        references=references,
        classification=classification,
    )
    document = _file(by, station, item, case, section)
    _settle(by, station, exception, Act.CREATE_CASE, reason)
    return document


@transaction.atomic
def reclassify(*, by: Actor, exception_id: UUID, type: str, reason: str) -> Item:
    """Say what kind of paper it is. It stays in the queue: its kind decides the section, not the case."""
    station, exception, item = _deciding(by, exception_id, reason)
    item.type = type.strip()[:60] or item.type
    item.save(update_fields=["type"])
    exception.change += 1
    exception.save(update_fields=["change"])
    _record(by, station, exception, Act.RECLASSIFY, reason)
    return item


@transaction.atomic
def ask_for_rescan(*, by: Actor, exception_id: UUID, reason: str) -> IntakeException:
    """Have the station scan the paper again; it is told so, with the reason. What came is kept for a while."""
    station, exception, item = _deciding(by, exception_id, reason)
    reject_item(item.pk, code="rescan-required", detail=RESCAN.format(reason=reason.strip()), by=by)
    tell(station, Happening.ITEM_RESCAN_WANTED, exception.batch, item=item)
    return _settle(by, station, exception, Act.RESCAN, reason)


@transaction.atomic
def abort(*, by: Actor, exception_id: UUID, reason: str) -> IntakeException:
    """File nothing. The station is told; the paper goes back to its sender."""
    station, exception, item = _deciding(by, exception_id, reason)
    reject_item(item.pk, code="aborted", detail=ABORTED.format(reason=reason.strip()), by=by)
    return _settle(by, station, exception, Act.ABORT, reason)


@transaction.atomic
def check_again(*, by: Actor, exception_id: UUID, reason: str) -> IntakeException:
    """Have a paper checked once more whose check had stopped, after what stopped it was mended.

    It goes on by itself: to its case, or back before a person with what was found.
    """
    station, exception, item = _deciding(by, exception_id, reason)
    if not may_be_checked_again(exception):
        raise NothingToCheck
    settled = _settle(by, station, exception, Act.CHECK_AGAIN, reason)
    jobs.cancel(subject=f"item:{item.pk}")
    item.state = ItemState.CLEAN if item.scanned_by else ItemState.QUARANTINED
    item.code, item.detail, item.tried_seconds = "", AGAIN, clock.seconds()
    item.save(update_fields=["state", "code", "detail", "tried_seconds"])
    go_on(item, station)
    return settled


def may_be_checked_again(exception: IntakeException) -> bool:
    """Whether checking stopped here, so that doing it again may help."""
    return exception.code == CHECK_STOPPED


def may_be_filed(item: Item) -> bool:
    """Whether a paper has passed its checks, so that it can go to a case."""
    return item.state == ItemState.NEEDS_ATTENTION and bool(item.scanned_by)


@transaction.atomic
def note_seen(*, by: Actor, exception_id: UUID, reason: str) -> IntakeException:
    """Settle what concerns a batch as a whole, such as one that was never finished: it was seen, and this was done."""
    known = get_exception(by, exception_id)
    require_reason(reason)
    if known.item_id is not None:
        raise NeedsAnAct
    station = locked(known.batch.station_id)
    exception = IntakeException.objects.select_for_update(of=("self",)).select_related("batch").get(pk=known.pk)
    if exception.settled_at is not None:
        raise AlreadySettled
    return _settle(by, station, exception, Act.SETTLED, reason)


def _deciding(by: Actor, exception_id: UUID, reason: str) -> tuple[Station, IntakeException, Item]:
    """The exception and its item, locked, for somebody who may decide, has a reason and is the first to do so."""
    known = get_exception(by, exception_id)
    require_reason(reason)
    station = locked(known.batch.station_id)
    exception = (
        IntakeException.objects.select_for_update(of=("self",)).select_related("batch", "court").get(pk=known.pk)
    )
    if exception.settled_at is not None:
        raise AlreadySettled
    if exception.item_id is None:
        raise NothingToFile
    rows = Item.objects.select_for_update(of=("self",)).select_related("batch__station")
    return station, exception, rows.get(pk=exception.item_id)


def _file(by: Actor, station: Station, item: Item, case: Case, section: str) -> Document:
    if not may_be_filed(item):
        raise NothingToFile
    document = documents.file_for_court(
        by=by,
        case_id=case.pk,
        section=section or section_of(item.type, station, case),
        title=title_of(item.type, item.control_number),
        received=received_of(item),
        type=item.type,
    )
    let_go(item)
    mark_filed(station, item, document, case)
    return document


def _settle(by: Actor, station: Station, exception: IntakeException, act: Act, reason: str) -> IntakeException:
    exception.settled_at, exception.settled_by = clock.now(), by.user_id
    exception.act, exception.note, exception.change = act, reason.strip(), exception.change + 1
    exception.save(update_fields=["settled_at", "settled_by", "act", "note", "change"])
    _record(by, station, exception, act, reason)
    return exception


def _record(by: Actor, station: Station, exception: IntakeException, act: Act, reason: str) -> None:
    tell(station, Happening.ITEM_DECIDED, exception.batch, item=exception.item, detail=act)
    seq = exception.item.seq if exception.item else 0
    facts = {"item": seq, "act": str(act), "reason": reason.strip()}
    record_on(Event.EXCEPTION_SETTLED, by, exception.batch, facts)
