"""Whether a record may be disposed of, when and why: one pure function. No clock, no database, no settings read here.

The same code answers the page, the nightly job, the dry run, the preview, the simulator and the check under lock. Order
of decision (design/retention.md 5): no class, hold, permanent, conflict, unknown, provisional, then the latest date.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from docstore.retention.periods import FISCAL_START, Period, add_period, apply_cutoff
from docstore.retention.triggers import EventFact, Known, Node, NoneNode, StepDone
from docstore.retention.vocabulary import (
    ENGINE_VERSION,
    AppliesTo,
    Cutoff,
    HoldKind,
    Level,
    Origin,
    Outcome,
    Record,
    StepAction,
    TriggerType,
    Via,
)

LOW_CONFIDENCE = 80
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an organisation chooses about evaluation."""

    nearest_level: bool = False
    end_of_day: bool = False
    fiscal_start: int = FISCAL_START
    leap_day_later: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a class version, ready to be worked out."""

    order: int
    action: StepAction
    trigger: Node
    period: Period | None = None
    cutoff: Cutoff = Cutoff.NONE
    maximum: Period | None = None
    statute: Period | None = None

    @property
    def is_permanent(self) -> bool:
        """Kept for ever: a retain step, or a transfer that names no event to wait for."""
        return isinstance(self.trigger, NoneNode) and self.action in (StepAction.RETAIN, StepAction.TRANSFER)


@dataclass(frozen=True, slots=True)
class Rule:
    """One class version as evaluation needs it."""

    id: int
    schedule: str
    code: str
    number: int
    title: str
    steps: tuple[Step, ...]
    effective_from: date
    applies_to: AppliesTo = AppliesTo.ALL_LIVE
    guard_until: date | None = None
    regulatory: bool = False
    descriptive: bool = False
    class_id: int = 0

    @property
    def name(self) -> str:
        return f"{self.code}, version {self.number}"


@dataclass(frozen=True, slots=True)
class Applied:
    """The versions of one class that a record stands under, with the events of the case or document they count from."""

    versions: tuple[Rule, ...]
    origin: Origin
    level: Level
    events: Mapping[TriggerType, EventFact]
    is_open: bool
    about: str = "the case"
    started_on: date | None = None
    done: tuple[StepDone, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldFact:
    """One hold in force on the record."""

    id: UUID
    title: str
    kind: HoldKind
    via: Via
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """All facts about one record: its rules and those of every case it is bound to, and the holds on any of them."""

    record: Record
    applied: tuple[Applied, ...]
    holds: tuple[HoldFact, ...] = ()
    without_class: tuple[str, ...] = ()
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says."""

    applied: Applied
    rule: Rule
    step: Step | None
    due_on: date | None = None
    base_on: date | None = None
    used: tuple[EventFact, ...] = ()
    missing: tuple[str, ...] = ()
    partly: bool = False
    maximum_on: date | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """The rule and the trigger that decide."""

    rule: Rule
    step: int
    trigger: int | None
    base_on: date | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer. `due_on` is shown whatever the outcome; `reasons` are codes, `because` sentences for people."""

    record: Record
    outcome: Outcome
    due_on: date | None
    basis: Basis | None
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]
    holds: tuple[HoldFact, ...]
    flags: tuple[str, ...]
    next_action: str
    next_change_on: date | None
    confidence: int
    inputs_hash: str
    engine_version: str = ENGINE_VERSION
    because: tuple[str, ...] = field(default=())


def evaluate(subject: Subject, *, settings: Settings, as_of: date, known_on: date | None = None) -> Evaluation:
    """Say what may be done with a record on `as_of`. Whether a trigger is still provisional is judged on `known_on`,
    the later of today and `as_of`: looking back does not make a confirmed date doubtful again.
    """
    today = known_on or as_of
    findings = tuple(_finding(one, as_of, settings) for one in _governing(subject.applied, settings) if one.versions)
    dates = [one.due_on for one in findings if one.due_on]
    due_on = max(dates) if dates and not any(one.due_on is None for one in findings) else None
    due_on = _floors(due_on, findings, subject.not_before, as_of)
    outcome, reasons = _decide(subject, findings, due_on, settings, as_of, today)
    basis_of = _deciding(findings)
    return Evaluation(
        record=subject.record,
        outcome=outcome,
        due_on=due_on,
        basis=_basis(basis_of),
        reasons=reasons,
        findings=findings,
        holds=subject.holds,
        flags=_flags(subject, findings, due_on, as_of),
        next_action=_next_action(findings, basis_of),
        next_change_on=_next_change(subject, findings, due_on, settings, as_of, today),
        confidence=min((event.confidence for one in findings for event in one.used), default=100),
        inputs_hash=_hash(subject, findings, settings),
    )


def version_for(applied: Applied, as_of: date) -> Rule:
    """Return the class version that governs on a day: later ones take over only the records that they say (RET-A6)."""
    chosen = applied.versions[0]
    for later in applied.versions[1:]:
        if later.effective_from <= as_of and _takes_over(later, applied.started_on):
            chosen = later
    return chosen


def _takes_over(later: Rule, started_on: date | None) -> bool:
    match later.applies_to:
        case AppliesTo.ALL_LIVE:
            return True
        case AppliesTo.UNTRIGGERED:
            return started_on is None or started_on >= later.effective_from
        case AppliesTo.NEW_TRIGGERS:
            return started_on is not None and started_on >= later.effective_from


def _governing(applied: tuple[Applied, ...], settings: Settings) -> tuple[Applied, ...]:
    """All rules, or under the setting *nearest level* a document's own ones; a regulatory rule is always a floor."""
    own = [one for one in applied if one.level is Level.DOCUMENT]
    if not settings.nearest_level or not own:
        return applied
    return tuple(one for one in applied if one.level is Level.DOCUMENT or any(v.regulatory for v in one.versions))


def _finding(applied: Applied, as_of: date, settings: Settings) -> Finding:
    rule = version_for(applied, as_of)
    done = {one.order: one for one in applied.done}
    left = [one for one in rule.steps if one.order not in done and one.action is not StepAction.CUTOFF]
    if rule.descriptive:
        return Finding(applied, rule, left[0] if left else None, missing=("a confirmed rule",), partly=True)
    if not left:
        return Finding(applied, rule, None, missing=("a next step",), partly=True)
    step = left[0]
    if step.is_permanent:
        return Finding(applied, rule, step, permanent=True)
    earlier = [done[order] for order in sorted(done) if order < step.order]
    known = Known(
        applied.events, earlier[-1] if earlier else None, earlier[0] if earlier else None, settings.leap_day_later
    )
    found = step.trigger.resolve(known)
    if applied.is_open:
        return Finding(applied, rule, step, used=found.used, missing=(f"the closing of {applied.about}",))
    if found.on is None:
        return Finding(applied, rule, step, used=found.used, missing=found.missing, partly=found.partly)
    return _dated(applied, rule, step, found.on, found.used, settings)


def _dated(
    applied: Applied, rule: Rule, step: Step, on: date, used: tuple[EventFact, ...], settings: Settings
) -> Finding:
    start = apply_cutoff(on, step.cutoff, fiscal_start=settings.fiscal_start)
    ends = [add_period(start, one) for one in (step.period, step.statute) if one is not None]
    maximum_on = add_period(start, step.maximum) if step.maximum else None
    return Finding(applied, rule, step, max(ends, default=start), on, used, maximum_on=maximum_on)


def _floors(due_on: date | None, findings: Iterable[Finding], not_before: date | None, as_of: date) -> date | None:
    """Push a date behind what a person has set and behind a guard time that is running (RET-A7, D5)."""
    if due_on is None:
        return None
    guards = [
        one.rule.guard_until
        for one in findings
        if one.rule.guard_until and one.due_on and one.due_on <= one.rule.guard_until
    ]
    return max([due_on, *guards, *([not_before] if not_before else [])])


def _decide(
    subject: Subject,
    findings: tuple[Finding, ...],
    due_on: date | None,
    settings: Settings,
    as_of: date,
    today: date,
) -> tuple[Outcome, tuple[str, ...]]:
    unclassified = not findings
    if unclassified and not subject.holds:
        return Outcome.UNCLASSIFIED, ("no class",)
    if subject.holds:
        return Outcome.HELD, tuple(f"held by {one.id}" for one in subject.holds)
    if any(one.permanent for one in findings):
        return Outcome.PERMANENT, ("a rule is permanent",)
    if _conflict(findings):
        return Outcome.CONFLICT, ("the maximum of one rule falls before the minimum of another",)
    missing = tuple(f"unknown: {word}" for one in findings for word in one.missing)
    missing += tuple(f"without class: {about}" for about in subject.without_class)
    if missing or due_on is None:
        partly = any(one.partly for one in findings)
        return (Outcome.CANNOT_COMPUTE if partly else Outcome.AWAITING_TRIGGER), tuple(dict.fromkeys(missing))
    provisional = [event for one in findings for event in one.used if _is_provisional(event, today)]
    if provisional:
        return Outcome.PROVISIONAL, tuple(f"provisional: {event.type}" for event in provisional)
    return _due(findings, due_on, settings, as_of)


def _due(
    findings: tuple[Finding, ...], due_on: date, settings: Settings, as_of: date
) -> tuple[Outcome, tuple[str, ...]]:
    if as_of < due_on or (settings.end_of_day and as_of == due_on):
        return Outcome.NOT_DUE, (f"due on {due_on.isoformat()}",)
    actions = {one.step.action for one in findings if one.step}
    if actions & {StepAction.REVIEW, StepAction.NOTICE, StepAction.RETAIN}:
        return Outcome.REVIEW_DUE, ("a review is due",)
    if StepAction.TRANSFER in actions:
        return Outcome.TRANSFER_DUE, ("a transfer is due",)
    return Outcome.ELIGIBLE, ("every rule is due",)


def _conflict(findings: tuple[Finding, ...]) -> bool:
    ceilings = [one.maximum_on for one in findings if one.maximum_on]
    floors = [one.due_on for one in findings if one.due_on]
    return bool(ceilings and floors) and min(ceilings) < max(floors)


def _is_provisional(event: EventFact, today: date) -> bool:
    return event.provisional_until is not None and today < event.provisional_until


def _deciding(findings: tuple[Finding, ...]) -> Finding | None:
    """The rule that wins: permanent, else unknown, else the latest date; ties by class code, so order never matters."""

    def weight(one: Finding) -> tuple[int, date, str, int]:
        rank = 2 if one.permanent else 1 if one.due_on is None else 0
        return (rank, one.due_on or date.max, one.rule.code, one.rule.number)

    return max(findings, key=weight, default=None)


def _basis(one: Finding | None) -> Basis | None:
    if one is None:
        return None
    last = max(one.used, key=lambda event: (event.on, event.id), default=None)
    return Basis(one.rule, one.step.order if one.step else 0, last.id if last else None, one.base_on)


def _next_action(findings: tuple[Finding, ...], deciding: Finding | None) -> str:
    """The most careful act among the rules: nothing is destroyed while another rule asks for a look or a transfer."""
    if deciding is not None and deciding.permanent and deciding.step is not None:
        return str(deciding.step.action)
    actions = [one.step.action for one in findings if one.step]
    careful = (StepAction.REVIEW, StepAction.NOTICE, StepAction.RETAIN, StepAction.TRANSFER)
    for action in careful:
        if action in actions:
            return str(action)
    return str(deciding.step.action) if deciding and deciding.step else ""


def _flags(subject: Subject, findings: tuple[Finding, ...], due_on: date | None, as_of: date) -> tuple[str, ...]:
    found = []
    if any(one.maximum_on and as_of > one.maximum_on for one in findings):
        found.append("past maximum")
    if any(event.confidence < LOW_CONFIDENCE for one in findings for event in one.used):
        found.append("low confidence")
    if subject.not_before and subject.not_before == due_on:
        found.append("manual date")
    if any(one.rule.guard_until and due_on == one.rule.guard_until and as_of < due_on for one in findings):
        found.append("guard time")
    return tuple(found)


def _next_change(
    subject: Subject,
    findings: tuple[Finding, ...],
    due_on: date | None,
    settings: Settings,
    as_of: date,
    today: date,
) -> date | None:
    """The next day on which time alone changes the answer, so that a night with nothing to do reads nothing."""
    days = [due_on + DAY if settings.end_of_day and due_on else due_on]
    days += [event.provisional_until for one in findings for event in one.used]
    days += [one.maximum_on + DAY for one in findings if one.maximum_on and one.maximum_on < date.max]
    days += [version.effective_from for one in subject.applied for version in one.versions]
    return min((day for day in days if day is not None and day > min(as_of, today)), default=None)


def _hash(subject: Subject, findings: tuple[Finding, ...], settings: Settings) -> str:
    """A digest of everything that the answer rests on, the day apart: what is approved must not have changed since."""
    parts = (
        subject.record.key,
        [
            (one.rule.id, one.applied.origin, one.applied.is_open, one.applied.about, one.due_on, one.maximum_on,
             [(event.id, event.on) for event in one.used], one.missing, one.step.order if one.step else 0)
            for one in findings
        ],
        sorted(str(one.id) for one in subject.holds),
        subject.without_class,
        subject.not_before,
        settings,
        ENGINE_VERSION,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()
