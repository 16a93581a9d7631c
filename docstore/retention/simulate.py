"""What would be due on another day, under another wording or without some holds. Writes nothing (RET-N4)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from docstore.access.actor import Actor
from docstore.core import clock
from docstore.retention import facts, policy
from docstore.retention.evaluate import Rule, Subject, evaluate
from docstore.retention.models import ClassVersion, RetentionStatus
from docstore.retention.queries import managed_statuses
from docstore.retention.vocabulary import DUE, Outcome, Record, RecordKind

BATCH = 500
MOST = 20_000
LISTED = 50


@dataclass(slots=True)
class Simulation:
    """How many records there are of each outcome as things stand, and as supposed."""

    as_of: date
    looked_at: int = 0
    is_whole: bool = True
    now: Counter[Outcome] = field(default_factory=Counter)
    then: Counter[Outcome] = field(default_factory=Counter)
    newly_due: list[RetentionStatus] = field(default_factory=list)


def simulate(
    actor: Actor, *, as_of: date, version: ClassVersion | None = None, without: Collection[UUID] = ()
) -> Simulation:
    """Work out the records that somebody manages as they would stand; up to a bounded number of them."""
    found, last = Simulation(as_of), 0
    rows = managed_statuses(actor).order_by("pk")
    while found.looked_at < MOST and (batch := list(rows.filter(pk__gt=last)[:BATCH])):
        last = batch[-1].pk
        _add(found, batch, version, without)
    found.is_whole = not rows.filter(pk__gt=last).exists()
    return found


def _add(
    found: Simulation, batch: list[RetentionStatus], version: ClassVersion | None, without: Collection[UUID]
) -> None:
    chosen, today = policy.settings(), clock.today()
    subjects = facts.load_subjects([row.record for row in batch])
    for row in batch:
        subject = subjects.get(Record(RecordKind(row.kind), row.record_id))
        if subject is None:
            continue
        now = evaluate(subject, settings=chosen, as_of=today)
        supposed = _supposed(subject, version, without)
        then = evaluate(supposed, settings=chosen, as_of=found.as_of, known_on=max(today, found.as_of))
        found.looked_at += 1
        found.now[now.outcome] += 1
        found.then[then.outcome] += 1
        if then.outcome in DUE and now.outcome not in DUE and len(found.newly_due) < LISTED:
            found.newly_due.append(row)


def _supposed(subject: Subject, version: ClassVersion | None, without: Collection[UUID]) -> Subject:
    rule = policy.rule_of(version) if version else None
    applied = tuple(
        replace(one, versions=(*one.versions, _at_once(rule)))
        if rule and any(v.class_id == rule.class_id for v in one.versions)
        else one
        for one in subject.applied
    )
    holds = tuple(one for one in subject.holds if one.id not in without)
    return replace(subject, applied=applied, holds=holds)


def _at_once(rule: Rule) -> Rule:
    """The wording as if it were in force already."""
    return replace(rule, effective_from=date.min)
