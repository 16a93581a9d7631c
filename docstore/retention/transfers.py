"""Handing records to an archive: made, packaged, sent, and confirmed by the archive's own receipt (RET-H).

Nothing here destroys anything. What the archive has confirmed, byte for byte, goes on a disposal list of its own, which
another person approves like any other; until then no road leads to the destruction of the copy here (RET-H3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.lifecycle import GONE, Lifecycle
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.errors import Conflict, FieldError, Invalid, NotFound
from docstore.core.jobs import JobName, Lane, enqueue
from docstore.documents.models import Document
from docstore.retention import gate, queries, reach, snapshots
from docstore.retention.disposal_models import DisposalList, Ground, ItemState, ListItem
from docstore.retention.list_trail import tell as tell_list
from docstore.retention.numbers import next_number
from docstore.retention.reach import record_seen
from docstore.retention.trail import home_of, tell, tell_all
from docstore.retention.transfer_models import OPEN_TRANSFERS, Transfer, TransferItem, TransferStatus
from docstore.retention.vocabulary import Outcome, Record, RecordKind

MAY_GO = (Outcome.TRANSFER_DUE, Outcome.PERMANENT, Outcome.ELIGIBLE, Outcome.REVIEW_DUE)
MOST = 200


class NothingToTransfer(Invalid):
    """Choose at least one record, and at most 200 for one transfer."""

    code = "records-missing"


class NotForTransfer(Conflict):
    """{reference} cannot be transferred now: {why} Take it out, and send the rest."""

    code = "not-for-transfer"


class ClosureIncomplete(Invalid):
    """What is closed to the public needs a period of 1 to 150 years and the exemption that closes it."""

    code = "closure-incomplete"


class CannotBeOpen(Conflict):
    """{reference} is sealed or restricted, or holds papers that are. Say for how long the public may not read it."""

    code = "cannot-be-open"


class WrongTransferStage(Conflict):
    """The transfer is {status}; this can only be done while it is {needed}. Look at it again."""

    code = "wrong-stage"


class ListedAlready(Conflict):
    """The copies here are on a disposal list already, or gone."""

    code = "listed-already"


class ReceiptMissing(Invalid):
    """A receipt needs the archive's own number of it, and the reference under which the records are held there."""

    code = "receipt-missing"


class ChecksumsDiffer(Conflict):
    """The archive's receipt does not agree with what was sent: {what}. Nothing was confirmed; ask the archive."""

    code = "checksums-differ"


@dataclass(frozen=True, slots=True)
class TransferTold:
    """What is said of a transfer when it is made. Without `closed_years` it is open to the public at once."""

    archive: str
    series: str = ""
    reason: str = ""
    closed_years: int | None = None
    exemption: str = ""
    title_alternate: str = ""


@transaction.atomic
def prepare(*, by: Actor, records: Sequence[Record], told: TransferTold) -> Transfer:
    """Begin a transfer: its records are marked, and a worker makes the package. Raises where any may not go."""
    by.require(Permission.CONFIRM_TRANSFERS)
    wanted = list(dict.fromkeys(records))
    if not 0 < len(wanted) <= MOST:
        raise NothingToTransfer
    if told.closed_years is not None and (not 1 <= told.closed_years <= 150 or not told.exemption):
        raise ClosureIncomplete(
            errors=(FieldError("/closed_years", "closure-incomplete", ClosureIncomplete().sentence),)
        )
    gate.shared()
    made = Transfer.objects.create(
        number=next_number("T"),
        archive=told.archive,
        series=told.series,
        court=court_of(wanted[0]),
        reason=told.reason,
        closed_years=told.closed_years,
        exemption=told.exemption if told.closed_years else "",
        title_closed=bool(told.closed_years and told.title_alternate),
        title_alternate=told.title_alternate if told.closed_years else "",
        made_by=by.user_id,
        made_at=clock.now(),
    )
    for place, record in enumerate(wanted, start=1):
        _take_in(made, place, record, by=by)
    tell_all(Event.TRANSFER_PREPARED, by, {"transfer": made.number, "archive": made.archive, "records": len(wanted)})
    announce(made)
    return made


@transaction.atomic
def send(*, by: Actor, transfer_id: UUID) -> Transfer:
    """Say that the package is on its way to the archive."""
    by.require(Permission.CONFIRM_TRANSFERS)
    made = _locked(by, transfer_id, TransferStatus.PACKAGED)
    made.status, made.sent_by, made.sent_at = TransferStatus.SENT, by.user_id, clock.now()
    made.save(update_fields=["status", "sent_by", "sent_at"])
    _mark(made, Lifecycle.TRANSFERRED_UNCONFIRMED)
    tell_all(Event.TRANSFER_SENT, by, {"transfer": made.number, "sha256": made.sha256})
    return made


@transaction.atomic
def confirm(
    *, by: Actor, transfer_id: UUID, receipt: str, reference: str, checksums: Mapping[str, str]
) -> DisposalList:
    """Take in the archive's receipt. Only equal digests of every file count; the copies here then go on a list (RET-H3)."""
    by.require(Permission.CONFIRM_TRANSFERS)
    made = _locked(by, transfer_id, TransferStatus.SENT)
    if not receipt.strip() or not reference.strip():
        raise ReceiptMissing
    _compare(made, checksums)
    made.status, made.receipt, made.archive_reference = TransferStatus.CONFIRMED, receipt.strip(), reference.strip()
    made.confirmed_by, made.confirmed_at = by.user_id, clock.now()
    made.save()
    made.items.update(is_open=False)
    _mark(made, Lifecycle.TRANSFERRED)
    facts = {"transfer": made.number, "receipt": made.receipt, "reference": made.archive_reference}
    tell_all(Event.TRANSFER_CONFIRMED, by, {**facts, "files": made.files})
    announce(made)
    return _list(made, by=by)


@transaction.atomic
def list_copies(*, by: Actor, transfer_id: UUID) -> DisposalList:
    """Put the copies here on a list again, where the first one was refused or taken back."""
    by.require(Permission.CONFIRM_TRANSFERS)
    made = _locked(by, transfer_id, TransferStatus.CONFIRMED)
    records = [one.record_id for one in made.items.all()]
    listed = ListItem.objects.filter(record__in=records, list__ground=Ground.TRANSFERRED)
    if listed.filter(is_open=True).exists() or listed.filter(state=ItemState.DESTROYED).exists():
        raise ListedAlready
    return _list(made, by=by)


@transaction.atomic
def cancel(*, by: Actor, transfer_id: UUID, reason: str) -> Transfer:
    """Take a transfer back before it is confirmed. What the archive has received it has to be asked to delete."""
    by.require(Permission.CONFIRM_TRANSFERS)
    made = _locked(by, transfer_id, *OPEN_TRANSFERS)
    made.status, made.cancelled_at, made.cancel_reason = TransferStatus.CANCELLED, clock.now(), reason
    made.save(update_fields=["status", "cancelled_at", "cancel_reason"])
    _mark(made, Lifecycle.ACTIVE)
    made.items.update(is_open=False)
    tell_all(Event.TRANSFER_CANCELLED, by, {"transfer": made.number, "reason": reason})
    announce(made)
    return made


def transfers_of(actor: Actor) -> QuerySet[Transfer]:
    """Return the transfers of the courts whose records somebody manages."""
    actor.require(Permission.MANAGE_RECORDS)
    courts = reach.managed_courts(actor)
    rows = Transfer.objects.select_related("court")
    return rows if courts is None else rows.filter(court__code__in=courts)


def transfer_seen(actor: Actor, transfer_id: UUID) -> Transfer:
    """Return a transfer to those who manage the records of its court; raise NotFound."""
    found = transfers_of(actor).filter(pk=transfer_id).first()
    if found is None:
        raise NotFound
    return found


def why_kept(record: Record, *, ground: str) -> str:
    """Return why the copy here may not go because of a transfer; empty where none stands in the way (RET-H3)."""
    rows = TransferItem.objects.filter(kind=record.kind, record_id=record.id)
    if rows.filter(is_open=True).exists():
        return "It is being transferred, and the archive has not confirmed that it has it."
    if rows.filter(transfer__dropped_at=None).exclude(transfer__key="").exists():
        return "The package of its transfer is still in the vault and has to be removed first."
    confirmed = rows.filter(transfer__status=TransferStatus.CONFIRMED).exists()
    if ground == Ground.TRANSFERRED and not confirmed:
        return "No archive has confirmed that it has it."
    return ""


def why_kept_each(records: Sequence[Record], *, ground: str) -> dict[Record, str]:
    """Return the same for each of these records that is kept; one question where none of them was ever transferred."""
    rows = TransferItem.objects.filter(record_id__in=[one.id for one in records])
    if ground != Ground.TRANSFERRED and not rows.exists():
        return {}
    return {one: why for one in records if (why := why_kept(one, ground=ground))}


def _take_in(made: Transfer, place: int, record: Record, *, by: Actor) -> None:
    record_seen(by, record, Permission.CONFIRM_TRANSFERS)
    found = queries.locked_record(record)
    item = TransferItem(transfer=made, place=place, kind=record.kind, record_id=record.id)
    item.reference = reference_of(record)
    if found.holds:
        raise NotForTransfer(reference=item.reference, why="a hold is on it.")
    if found.outcome not in MAY_GO:
        raise NotForTransfer(reference=item.reference, why=f"it is {found.outcome}, so it is not due.")
    if TransferItem.objects.filter(kind=record.kind, record_id=record.id, is_open=True).exists():
        raise NotForTransfer(reference=item.reference, why="it is in another transfer already.")
    if ListItem.objects.filter(kind=record.kind, record=record.id, is_open=True).exists():
        raise NotForTransfer(reference=item.reference, why="it is on a disposal list.")
    if not papers_in(record).exists():
        raise NotForTransfer(reference=item.reference, why="there is no paper on it.")
    if made.closed_years is None and _is_guarded(record):
        raise CannotBeOpen(reference=item.reference)
    item.save(force_insert=True)
    _mark_one(record, Lifecycle.TRANSFER_PENDING)
    tell(Event.RECORD_IN_TRANSFER, by, record, {"transfer": made.number, "archive": made.archive})


def _is_guarded(record: Record) -> bool:
    """Whether a record is, or holds, what is not for everybody."""
    if record.kind is RecordKind.CASE and Case.objects.filter(pk=record.id, sealed=True).exists():
        return True
    papers = papers_in(record)
    return papers.filter(sealed=True).exists() or papers.filter(rank__gt=1).exists()


def papers_in(record: Record) -> QuerySet[Document]:
    """Return the papers that go with a record: all that it holds now."""
    rows = Document.objects.exclude(lifecycle__in=GONE)
    if record.kind is RecordKind.DOCUMENT:
        return rows.filter(pk=record.id)
    return rows.filter(filings__case=record.id, filings__ended_at__isnull=True).distinct()


def home_case(record: Record) -> Case | None:
    """Return the case that a record is, or is at home on."""
    case_id = record.id if record.kind is RecordKind.CASE else home_of(record.id)
    rows = Case.objects.select_related("court").prefetch_related("references")
    return rows.filter(pk=case_id).first() if case_id else None


def reference_of(record: Record) -> str:
    """Return the number by which papers call a record."""
    case = home_case(record)
    numbers = [one.value for one in case.references.all()] if case is not None else []
    return numbers[0] if numbers else str(record.id)


def _compare(made: Transfer, checksums: Mapping[str, str]) -> None:
    told = {path.removeprefix("data/"): digest.strip().lower() for path, digest in checksums.items()}
    ours = dict(files_of(made))
    missing, unknown = sorted(set(ours) - set(told)), sorted(set(told) - set(ours))
    different = sorted(path for path in set(ours) & set(told) if ours[path] != told[path])
    for paths, said in ((missing, "does not name"), (different, "has another digest for"), (unknown, "names besides")):
        if paths:
            raise ChecksumsDiffer(what=f"it {said} {paths[0]}" + (f" and {len(paths) - 1} more" if paths[1:] else ""))


def files_of(made: Transfer) -> QuerySet[TransferItem, tuple[str, str]]:
    """Return path and digest of every file of a transfer."""
    return made.items.filter(files__isnull=False).order_by("files__path").values_list("files__path", "files__sha256")


def _list(made: Transfer, *, by: Actor) -> DisposalList:
    """Put the copies here on a list: another person approves it, it cools off, and the saga of any destruction follows."""
    listed = snapshots.submitted(
        by=by,
        ground=Ground.TRANSFERRED,
        note=f"Transferred to {made.archive}, reference {made.archive_reference}, receipt {made.receipt}",
        court=made.court,
        content=f"{made.number}:{made.sha256}",
        total=made.items.count(),
    )
    items = []
    for one in made.items.all():
        item = snapshots.decided_item(listed, one.place, queries.evaluate_record(one.record))
        item.transferred_to, item.transfer_reference = made.archive, made.archive_reference
        items.append(item)
    snapshots.measure(items)
    ListItem.objects.bulk_create(items)
    snapshots.recount(listed)
    listed.save()
    facts: dict[str, object] = {"items": listed.items_total, "snapshot_sha256": listed.snapshot_hash}
    tell_list(Event.DISPOSAL_LIST_MADE, by, listed, facts)
    return listed


def _locked(by: Actor, transfer_id: UUID, *needed: TransferStatus) -> Transfer:
    transfer_seen(by, transfer_id)
    made = Transfer.objects.select_for_update().get(pk=transfer_id)
    if made.status not in needed:
        raise WrongTransferStage(status=made.status, needed=" or ".join(needed))
    return made


def _mark(made: Transfer, lifecycle: Lifecycle) -> None:
    for one in made.items.all():
        _mark_one(one.record, lifecycle)


def _mark_one(record: Record, lifecycle: Lifecycle) -> None:
    model = Case if record.kind is RecordKind.CASE else Document
    model.objects.filter(pk=record.id).exclude(lifecycle__in=GONE).update(lifecycle=lifecycle)


def court_of(record: Record) -> Court | None:
    """Return the court of the case that a record is, or is at home on."""
    case = home_case(record)
    return case.court if case else None


def announce(made: Transfer) -> None:
    """Have a worker bring the package to where the transfer stands."""
    enqueue(JobName.RETENTION_TRANSFER, subject=f"transfer:{made.pk}", lane=Lane.BULK)
