"""Taking records off disposal lists because something about them has changed since the list was made (RET-F5, E8, C6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from docstore.access.actor import Actor
from docstore.audit.events import Event
from docstore.documents.models import Filing
from docstore.retention import queries
from docstore.retention.batches import in_batches
from docstore.retention.disposal_models import BEGUN, DisposalList, ItemState, ListItem
from docstore.retention.evaluate import Evaluation
from docstore.retention.list_trail import tell
from docstore.retention.vocabulary import DUE, Record, RecordKind

REFILED = "A paper of it has a new version, or was shown on another case, since the list was made."


def withdraw_stale(made: DisposalList, *, by: Actor) -> int:
    """Take items off whose facts are other than when the list was made (RET-F5); return how many. In a transaction."""
    gone = 0
    for batch in in_batches(made.items.filter(state__in=[ItemState.LISTED, ItemState.APPROVED, ItemState.BLOCKED])):
        found = queries.evaluate_records([Record(RecordKind(one.kind), one.record) for one in batch])
        refiled = _refiled([one.record for one in batch], made.snapshot_at)
        for item in batch:
            why = why_stale(item, found.get(Record(RecordKind(item.kind), item.record)))
            why = why or (REFILED if item.record in refiled else "")
            if why:
                withdraw(item, why, by=by)
                gone += 1
    return gone


def withdraw_refiled(document_id: UUID, *, by: Actor) -> None:
    """Take a paper and its cases off lists made before it got a new version or was shown on another case (RET-F5)."""
    cases = Filing.objects.filter(document=document_id, ended_at__isnull=True).values_list("case_id", flat=True)
    rows = ListItem.objects.filter(is_open=True, record__in=[*cases, document_id]).exclude(state__in=BEGUN)
    for item in rows.select_related("list"):
        if _refiled([item.record], item.list.snapshot_at):
            withdraw(item, REFILED, by=by)


def _refiled(records: Sequence[UUID], since: datetime) -> set[UUID]:
    """Which of these cases and papers have, since then, a paper with a new version or on a further case."""
    standing = Filing.objects.filter(ended_at__isnull=True).filter(Q(case__in=records) | Q(document__in=records))
    changed = Q(document__filings__filed_at__gt=since) | Q(document__versions__filed_at__gt=since)
    return {one for pair in standing.filter(changed).values_list("case_id", "document_id") for one in pair}


def withdraw_for(records: Iterable[Record], *, by: Actor, why: str) -> int:
    """Take records off every list that is not being carried out yet: a hold or a reopening has come (RET-C6, E8)."""
    ids = [one.id for one in records]
    rows = ListItem.objects.filter(is_open=True, record__in=ids).exclude(state__in=BEGUN)
    count = 0
    for item in rows.select_related("list"):
        withdraw(item, why, by=by)
        count += 1
    return count


def why_stale(item: ListItem, found: Evaluation | None) -> str:
    """Return why an item may no longer be destroyed as it was listed; empty where all is as it was."""
    if found is None:
        return "The record is no longer there."
    if found.holds:
        return "A hold has been placed on it."
    if found.outcome not in DUE:
        return f"It is no longer due: {found.outcome}."
    if found.inputs_hash != item.facts_hash:
        return "What decides about it has changed since the list was made."
    return ""


def withdraw(item: ListItem, why: str, *, by: Actor) -> None:
    """Take one item off its list and say so."""
    item.state, item.state_reason, item.is_open = ItemState.WITHDRAWN, why, False
    item.save(update_fields=["state", "state_reason", "is_open"])
    facts: dict[str, object] = {"kind": item.kind, "record": str(item.record), "why": why}
    tell(Event.DISPOSAL_ITEM_WITHDRAWN, by, item.list, facts)
