"""What a draft class version would change, before anybody approves it: the same evaluation, twice (RET-A5)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from docstore.core import clock
from docstore.retention import facts, policy
from docstore.retention.evaluate import Evaluation, Rule, evaluate
from docstore.retention.models import Assignment, ClassVersion
from docstore.retention.vocabulary import DUE, Outcome, Record, RecordKind

BATCH = 1000


class Effect(StrEnum):
    """How a record's date moves."""

    EARLIER = "earlier"
    LATER = "later"
    UNKNOWN = "becomes unknown"
    KNOWN = "becomes known"
    PERMANENT = "becomes permanent"
    SAME = "stays"


@dataclass(frozen=True, slots=True)
class Moved:
    """One record, before and after."""

    record: Record
    effect: Effect
    before: Evaluation
    after: Evaluation

    @property
    def becomes_due(self) -> bool:
        return self.after.outcome in DUE and self.before.outcome not in DUE


@dataclass(slots=True)
class Impact:
    """The counts of a preview."""

    total: int = 0
    effects: dict[Effect, int] = field(default_factory=lambda: dict.fromkeys(Effect, 0))
    becomes_due: int = 0

    @property
    def earlier(self) -> int:
        return self.effects[Effect.EARLIER]

    @property
    def later(self) -> int:
        return self.effects[Effect.LATER]

    @property
    def unknown(self) -> int:
        return self.effects[Effect.UNKNOWN]


def count(version: ClassVersion) -> Impact:
    """Count what a version would change; writes nothing."""
    found = Impact()
    for one in moves(version):
        found.total += 1
        found.effects[one.effect] += 1
        found.becomes_due += one.becomes_due
    return found


def moves(version: ClassVersion) -> Iterator[Moved]:
    """Yield every record under the class with its dates before and after, in batches so that memory stays flat."""
    on = max(clock.today(), version.effective_from)
    chosen = policy.settings()
    for batch in _population(version.disposal_class_id):
        before = facts.load_subjects(batch)
        classes = {
            one.class_id for subject in before.values() for applied in subject.applied for one in applied.versions
        }
        now = policy.rules_of(classes | {version.disposal_class_id})
        then = policy.with_version(now, version)
        after = facts.load_subjects(batch, rules=then)
        for record, subject in before.items():
            old = evaluate(subject, settings=chosen, as_of=on)
            yield _moved(record, old, evaluate(after[record], settings=chosen, as_of=on))


def _population(class_id: int) -> Iterator[list[Record]]:
    rows = Assignment.objects.filter(disposal_class=class_id, superseded_at__isnull=True).order_by("id")
    last = 0
    while batch := list(rows.filter(pk__gt=last).values_list("pk", "kind", "record_id")[:BATCH]):
        last = batch[-1][0]
        yield list(dict.fromkeys(Record(RecordKind(kind), record) for _, kind, record in batch))


def _moved(record: Record, before: Evaluation, after: Evaluation) -> Moved:
    return Moved(record, _effect(before, after), before, after)


def _effect(before: Evaluation, after: Evaluation) -> Effect:
    if Outcome.PERMANENT in (after.outcome, before.outcome) and after.outcome != before.outcome:
        return Effect.PERMANENT if after.outcome is Outcome.PERMANENT else _by_date(None, after.due_on)
    return _by_date(before.due_on, after.due_on)


def _by_date(before: date | None, after: date | None) -> Effect:
    if before == after:
        return Effect.SAME
    if after is None:
        return Effect.UNKNOWN
    if before is None:
        return Effect.KNOWN
    return Effect.EARLIER if after < before else Effect.LATER


def versions_before_and_after(version: ClassVersion) -> tuple[tuple[Rule, ...], Rule]:
    """Return the versions in force and the draft, for a readable comparison."""
    return policy.rules_of([version.disposal_class_id]).get(version.disposal_class_id, ()), policy.rule_of(version)
