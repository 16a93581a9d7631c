"""The frozen content of a disposal list: one item per record, under which rule and facts, and how much hangs on it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.cases.models import Reference
from docstore.core import clock, conf
from docstore.documents.models import Filing, Version
from docstore.retention import queries
from docstore.retention.batches import in_batches
from docstore.retention.disposal_models import TO_DO, Decision, DisposalList, Ground, ItemState, ListItem, ListStatus
from docstore.retention.evaluate import Evaluation
from docstore.retention.models import DisposalStep, RetentionStatus
from docstore.retention.numbers import next_number
from docstore.retention.vocabulary import DUE, Record, RecordKind, StepAction


@dataclass(frozen=True, slots=True)
class Measure:
    """How much hangs on a record."""

    documents: int = 0
    pages: int = 0
    bytes: int = 0


def recount(made: DisposalList) -> None:
    """Sum up what will go."""
    going = made.items.exclude(decision__in=[one for one in Decision if one is not Decision.APPROVE]).filter(
        state__in=[ItemState.LISTED, *TO_DO, ItemState.DESTROYED]
    )
    told = going.aggregate(documents=Sum("documents"), pages=Sum("pages"), bytes=Sum("bytes"))
    made.documents, made.pages, made.bytes = (told[name] or 0 for name in ("documents", "pages", "bytes"))


def fill(made: DisposalList, due: QuerySet[RetentionStatus]) -> None:
    """Write one item per due record, in order of class and date, and the digest over all of them."""
    digest, place = hashlib.sha256(), 0
    for batch in in_batches(due):
        records = [Record(RecordKind(row.kind), row.record_id) for row in batch]
        found = queries.evaluate_records(records)
        fresh = [one for one in records if one in found and found[one].outcome in DUE]
        items = [item_of(made, place + at, found[one]) for at, one in enumerate(fresh, start=1)]
        measure(items)
        ListItem.objects.bulk_create(items)
        place += len(items)
        for item in items:
            digest.update(f"{item.kind}:{item.record}:{item.facts_hash}\n".encode())
    made.items_total, made.snapshot_hash = place, digest.hexdigest()
    made.stages, made.sensitive = _stages(made)
    recount(made)
    made.save()


def submitted(
    *, by: Actor, ground: Ground, note: str, court: Court | None, content: str, total: int, sensitive: bool = False
) -> DisposalList:
    """Make a list on which everything is decided already, because something else than a date asks for it.

    Another person still approves it, and it cools off. `content` is what its digest is of.
    """
    now = clock.now()
    return DisposalList.objects.create(
        number=next_number("D"),
        ground=ground,
        ground_note=note,
        court=court,
        status=ListStatus.SUBMITTED,
        sensitive=sensitive,
        made_by=by.user_id,
        made_at=now,
        submitted_by=by.user_id,
        submitted_at=now,
        snapshot_at=now,
        snapshot_hash=hashlib.sha256(content.encode()).hexdigest(),
        expires_on=clock.today() + timedelta(days=conf.get().disposal.approval_days),
        items_total=total,
    )


def decided_item(made: DisposalList, place: int, found: Evaluation) -> ListItem:
    """Return an item of such a list: to be destroyed, decided by who submitted it, for its reason."""
    item = item_of(made, place, found)
    item.action, item.decision, item.decision_reason = StepAction.DESTROY, Decision.APPROVE, made.ground_note
    item.decided_by, item.decided_at = made.made_by, made.made_at
    return item


def item_of(made: DisposalList, place: int, found: Evaluation) -> ListItem:
    rule = found.basis.rule if found.basis else None
    return ListItem(
        list=made,
        place=place,
        kind=found.record.kind,
        record=found.record.id,
        action=found.next_action,
        schedule=rule.schedule if rule else "",
        class_code=rule.code if rule else "",
        class_version=rule.number if rule else 0,
        step=found.basis.step if found.basis else 0,
        trigger_on=found.basis.base_on if found.basis else None,
        due_on=found.due_on,
        flags=list(found.flags),
        because=list(found.because),
        facts_hash=found.inputs_hash,
    )


def measure(items: Sequence[ListItem]) -> None:
    """Add references and amounts, in a few queries for the whole batch."""
    cases = [one.record for one in items if one.kind == RecordKind.CASE]
    references: dict[UUID, str] = {}
    for case, value in Reference.objects.filter(case__in=cases).order_by("-id").values_list("case_id", "value"):
        references[case] = value
    filed = Filing.objects.filter(case__in=cases, ended_at__isnull=True).values_list("case_id", "document_id")
    by_case: dict[UUID, list[UUID]] = {}
    for case, document in filed:
        by_case.setdefault(case, []).append(document)
    papers = [*(one for rows in by_case.values() for one in rows), *(one.record for one in items)]
    sizes = _sizes(papers)
    for item in items:
        own = by_case.get(item.record, []) if item.kind == RecordKind.CASE else [item.record]
        item.reference = references.get(item.record, "")
        item.documents = len(own)
        item.pages = sum(sizes[one].pages for one in own if one in sizes)
        item.bytes = sum(sizes[one].bytes for one in own if one in sizes)


def _sizes(documents: Sequence[UUID]) -> dict[UUID, Measure]:
    rows = Version.objects.filter(document__in=documents).order_by().values("document_id")
    told = rows.annotate(all_bytes=Sum("bytes"), all_pages=Sum("pages_total"))
    return {one["document_id"]: Measure(1, one["all_pages"] or 0, one["all_bytes"] or 0) for one in told}


def _stages(made: DisposalList) -> tuple[int, bool]:
    """How many people have to approve: as many as the most careful of the list's rules asks for."""
    rules = set(made.items.values_list("schedule", "class_code", "class_version", "step").distinct())
    steps = [
        DisposalStep.objects.filter(
            version__disposal_class__schedule__code=schedule,
            version__disposal_class__code=code,
            version__number=number,
            order=order,
        )
        .annotate(is_sensitive=F("version__disposal_class__sensitive"))
        .first()
        for schedule, code, number, order in rules
    ]
    found = [one for one in steps if one is not None]
    stages = max((one.approval_stages for one in found), default=1)
    return max(stages, 1), any(getattr(one, "is_sensitive", False) for one in found)
