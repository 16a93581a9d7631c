"""Writing disposal classes: drafted by one person, approved by another, never changed once in force (RET-A)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.core import clock, conf
from docstore.core.errors import Conflict, FieldError, Invalid, NotFound, Refusal
from docstore.core.jobs import JobName, Lane, enqueue
from docstore.retention import preview
from docstore.retention.drafts import Draft, content_hash
from docstore.retention.models import (
    AssignmentRule,
    ClassVersion,
    DisposalClass,
    DisposalStep,
    Recomputation,
    RetentionStatus,
    Schedule,
)
from docstore.retention.periods import add_period, parse
from docstore.retention.trail import tell_all
from docstore.retention.vocabulary import IN_FORCE, Level, StubFact, VersionStatus

ANY_DAY = date(2001, 1, 1)


class ClassTaken(Conflict):
    """The schedule {schedule} has a class {code} already. Draft a new version of it instead."""

    code = "class-taken"


class ClassUnfinished(Conflict):
    """The class cannot be submitted yet. Fill in: {missing}."""

    code = "class-unfinished"


class VersionPending(Conflict):
    """Version {number} of this class is still on its way. Wait until it starts, or withdraw it first."""

    code = "version-pending"


class StartsTooEarly(Invalid):
    """A class that is in force changes in the future only. Let the new version start after {today}."""

    code = "starts-too-early"


class WrongMoment(Conflict):
    """The class version is {status}, so this cannot be done with it now."""

    code = "wrong-moment"


class SamePerson(Refusal):
    """Somebody else has to approve this: the person who wrote it may not."""

    code = "same-person"
    status = 403


class ShortensRegulatory(Conflict):
    """The class is regulatory, and this version would shorten it. A regulatory period can only be extended."""

    code = "shortens-regulatory"
    is_attempt = True


@dataclass(frozen=True, slots=True)
class ClassTold:
    """What is said of a class when it is made."""

    schedule: str
    code: str
    title: str
    description: str = ""
    mandate: str = ""
    scope_notes: str = ""
    level: Level = Level.CASE
    sensitive: bool = False
    regulatory: bool = False
    instrument: str = ""
    stub_leaves_out: tuple[StubFact, ...] = ()


@transaction.atomic
def define_class(*, by: Actor, told: ClassTold) -> DisposalClass:
    """Make a class, and its schedule where that is new. It cannot be assigned before a version of it is in force."""
    by.require(Permission.DEFINE_SCHEDULES)
    schedule, _ = Schedule.objects.get_or_create(
        code=told.schedule, defaults={"title": told.schedule, "created_at": clock.now()}
    )
    if schedule.classes.filter(code=told.code).exists():
        raise ClassTaken(schedule=schedule.code, code=told.code)
    row = DisposalClass.objects.create(
        schedule=schedule,
        code=told.code,
        title=told.title,
        description=told.description,
        mandate=told.mandate,
        scope_notes=told.scope_notes,
        level=told.level,
        sensitive=told.sensitive,
        regulatory=told.regulatory,
        instrument=told.instrument,
        stub_leaves_out=[str(one) for one in told.stub_leaves_out],
        created_at=clock.now(),
        created_by=by.user_id,
    )
    tell_all(Event.CLASS_DEFINED, by, {"disposal_class": row.pk, "schedule": schedule.code, "code": row.code})
    return row


@transaction.atomic
def draft_version(*, by: Actor, class_id: int, draft: Draft) -> ClassVersion:
    """Draft the next version of a class; one at a time, and in the future where one is in force (RET-A2, A3)."""
    by.require(Permission.DEFINE_SCHEDULES)
    kind = DisposalClass.objects.select_for_update().select_related("schedule").filter(pk=class_id).first()
    if kind is None:
        raise NotFound
    _check_turn(kind, draft)
    _check_regulatory(kind, draft)
    return write_version(by=by, kind=kind, draft=draft, number=next_number(kind))


def write_version(
    *, by: Actor, kind: DisposalClass, draft: Draft, number: int, status: VersionStatus = VersionStatus.DRAFT
) -> ClassVersion:
    """Write a version and its steps down, in the caller's transaction."""
    row = ClassVersion.objects.create(
        disposal_class=kind,
        number=number,
        effective_from=draft.effective_from,
        applies_to=draft.applies_to,
        guard_days=draft.guard_days,
        descriptive=draft.descriptive,
        source=draft.source,
        author=by.user_id,
        drafted_at=clock.now(),
        content_hash=content_hash(kind, number, draft),
    )
    DisposalStep.objects.bulk_create(
        [DisposalStep(version=row, order=order, **one) for order, one in enumerate(draft.steps, start=1)]
    )
    if status is not VersionStatus.DRAFT:
        ClassVersion.objects.filter(pk=row.pk).update(status=status)
    facts = {"class_version": row.pk, "disposal_class": kind.pk, "content_sha256": row.content_hash}
    tell_all(Event.CLASS_VERSION_DRAFTED, by, facts)
    return row


def next_number(kind: DisposalClass) -> int:
    return max(kind.versions.values_list("number", flat=True), default=0) + 1


@transaction.atomic
def submit_version(*, by: Actor, version_id: int) -> ClassVersion:
    """Submit a draft for approval. Raises ClassUnfinished while anything of the class is missing (RET-A1)."""
    by.require(Permission.DEFINE_SCHEDULES)
    row = _locked(version_id, VersionStatus.DRAFT)
    if row.disposal_class.missing:
        raise ClassUnfinished(missing=", ".join(name.replace("_", " ") for name in row.disposal_class.missing))
    row.status, row.submitted_at = VersionStatus.PENDING, clock.now()
    row.save(update_fields=["status", "submitted_at"])
    tell_all(Event.CLASS_VERSION_SUBMITTED, by, {"class_version": row.pk})
    return row


def approve_version(*, by: Actor, version_id: int) -> ClassVersion:
    """Let a version take force; only somebody who did not write it may (RET-A4). Its records are then worked out anew.

    What it changes is counted before anything is locked: under a large class that takes minutes (RET-P1).
    """
    by.require(Permission.APPROVE_SCHEDULES)
    row = version_seen(by, version_id)
    _check_approvable(row, by)
    return _approve(by, version_id, preview.count(row))


def _check_approvable(row: ClassVersion, by: Actor) -> None:
    if row.status != VersionStatus.PENDING:
        raise WrongMoment(status=row.status.replace("_", " "))
    if row.author == by.user_id:
        raise SamePerson
    _check_start(row.disposal_class, row.effective_from)


@transaction.atomic
def _approve(by: Actor, version_id: int, effect: preview.Impact) -> ClassVersion:
    row = _locked(version_id, VersionStatus.PENDING)
    _check_approvable(row, by)
    row.status, row.approver, row.approved_at = VersionStatus.APPROVED, by.user_id, clock.now()
    row.guard_until = _guard_until(row, shortens=effect.earlier > 0)
    earlier = row.disposal_class.versions.filter(status__in=IN_FORCE, effective_to__isnull=True)
    earlier.exclude(pk=row.pk).update(effective_to=row.effective_from)
    row.save(update_fields=["status", "approver", "approved_at", "guard_until"])
    facts = {"class_version": row.pk, "disposal_class": row.disposal_class_id, "content_sha256": row.content_hash}
    guard = row.guard_until.isoformat() if row.guard_until else ""
    tell_all(Event.CLASS_VERSION_APPROVED, by, {**facts, "guard_until": guard, "affected": effect.total})
    _recompute_later(row)
    return row


@transaction.atomic
def preview_version(*, by: Actor, version_id: int) -> preview.Impact:
    """Count what a version would change. Nothing changes but the audit, which says who looked (RET-A5)."""
    found = preview.count(version_seen(by, version_id))
    facts = {"earlier": found.earlier, "later": found.later, "unknown": found.unknown}
    told = {"class_version": version_id, **facts, "becomes_due": found.becomes_due}
    tell_all(Event.CLASS_VERSION_PREVIEWED, by, told)
    return found


@transaction.atomic
def withdraw_version(*, by: Actor, version_id: int, reason: str) -> ClassVersion:
    """Withdraw a version that has not started; the one before it then goes on."""
    by.require(Permission.DEFINE_SCHEDULES)
    row = ClassVersion.objects.select_for_update().select_related("disposal_class").filter(pk=version_id).first()
    if row is None:
        raise NotFound
    waits = row.status in (VersionStatus.DRAFT, VersionStatus.PENDING)
    if not waits and not (row.status == VersionStatus.APPROVED and row.effective_from > clock.today()):
        raise WrongMoment(status=row.status.replace("_", " "))
    was_approved = row.status == VersionStatus.APPROVED
    row.status, row.withdrawn_at = VersionStatus.WITHDRAWN, clock.now()
    row.save(update_fields=["status", "withdrawn_at"])
    if was_approved:
        before = row.disposal_class.versions.filter(status__in=IN_FORCE, effective_to=row.effective_from)
        before.update(effective_to=None)
        _recompute_later(row)
    tell_all(Event.CLASS_VERSION_WITHDRAWN, by, {"class_version": row.pk, "reason": reason})
    return row


@transaction.atomic
def retire_class(*, by: Actor, class_id: int, successor: DisposalClass | None, reason: str) -> DisposalClass:
    """Retire a class: it can no longer be assigned, and its records still go by it (RET-A9)."""
    by.require(Permission.DEFINE_SCHEDULES)
    row = DisposalClass.objects.select_for_update().filter(pk=class_id, retired_at__isnull=True).first()
    if row is None:
        raise NotFound
    row.retired_at, row.successor = clock.now(), successor
    row.save(update_fields=["retired_at", "successor"])
    facts = {"disposal_class": row.pk, "successor": successor.pk if successor else 0, "reason": reason}
    tell_all(Event.CLASS_RETIRED, by, facts)
    return row


@transaction.atomic
def make_rule(*, by: Actor, rule: AssignmentRule) -> AssignmentRule:
    """Keep a rule that assigns a class from now on, to new records and to those without a class."""
    by.require(Permission.ASSIGN_CLASSES)
    rule.made_at, rule.made_by = clock.now(), by.user_id
    rule.save(force_insert=True)
    facts = {"rule": rule.pk, "disposal_class": rule.disposal_class_id, "priority": rule.priority}
    tell_all(Event.ASSIGNMENT_RULE_MADE, by, facts)
    RetentionStatus.objects.filter(kind=rule.level, disposal_class__isnull=True).update(dirty=True)
    return rule


@transaction.atomic
def end_rule(*, by: Actor, rule_id: int) -> AssignmentRule:
    """End a rule. What it has assigned stays."""
    by.require(Permission.ASSIGN_CLASSES)
    row = AssignmentRule.objects.select_for_update().filter(pk=rule_id, ended_at__isnull=True).first()
    if row is None:
        raise NotFound
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    tell_all(Event.ASSIGNMENT_RULE_ENDED, by, {"rule": row.pk})
    return row


def version_seen(by: Actor, version_id: int) -> ClassVersion:
    """Return a class version to those who write or approve schedules."""
    by.require(Permission.MANAGE_RECORDS)
    row = ClassVersion.objects.select_related("disposal_class__schedule").filter(pk=version_id).first()
    if row is None:
        raise NotFound
    return row


def _locked(version_id: int, wanted: VersionStatus) -> ClassVersion:
    rows = ClassVersion.objects.select_for_update(of=("self",)).select_related("disposal_class__schedule")
    row = rows.filter(pk=version_id).first()
    if row is None:
        raise NotFound
    if row.status != wanted:
        raise WrongMoment(status=row.status.replace("_", " "))
    return row


def _check_turn(kind: DisposalClass, draft: Draft) -> None:
    open_status = (VersionStatus.DRAFT, VersionStatus.PENDING)
    pending = (
        kind.versions.filter(status__in=open_status).first()
        or kind.versions.filter(status=VersionStatus.APPROVED, effective_from__gt=clock.today()).first()
    )
    if pending is not None:
        raise VersionPending(number=pending.number)
    _check_start(kind, draft.effective_from)


def _check_start(kind: DisposalClass, effective_from: date) -> None:
    """The first version of a class may say since when it holds; a later one starts in the future."""
    if kind.versions.filter(status__in=IN_FORCE).exists() and effective_from <= clock.today():
        raise StartsTooEarly(
            errors=(FieldError("/effective_from", "starts-too-early", "Choose a later day."),),
            today=clock.today().isoformat(),
        )


def _check_regulatory(kind: DisposalClass, draft: Draft) -> None:
    """A regulatory class is never shortened, by anybody (RET-A14); the database refuses as well."""
    current = kind.versions.filter(status__in=IN_FORCE).order_by("-effective_from").first()
    if not kind.regulatory or current is None:
        return
    for step, told in zip(current.steps.all(), draft.steps, strict=False):
        if _length(told["period"]) < _length(step.period):
            raise ShortensRegulatory
    if len(draft.steps) < current.steps.count():
        raise ShortensRegulatory


def _length(text: str) -> date:
    return add_period(ANY_DAY, parse(text or "P0D"))


def _guard_until(row: ClassVersion, *, shortens: bool) -> date | None:
    """How long nothing falls due by a new version: as its author said, else a year where it shortens (RET-A7)."""
    usual = conf.get().retention.shortening_guard_days if shortens else 0
    days = usual if row.guard_days is None else row.guard_days
    return max(clock.today(), row.effective_from) + timedelta(days=days) if days else None


def _recompute_later(row: ClassVersion) -> None:
    """Have the records under the class worked out anew by a worker, a batch at a time (RET-A6)."""
    records = RetentionStatus.objects.filter(disposal_class=row.disposal_class_id)
    run = Recomputation.objects.create(
        class_version=row, why="class version", begun_at=clock.now(), total=records.count()
    )
    enqueue(JobName.RETENTION_RECOMPUTE, subject=f"recomputation:{run.pk}", lane=Lane.BULK)
