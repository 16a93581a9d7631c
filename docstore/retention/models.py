"""Rules, facts and the stored answer. Records are named by kind and id, without foreign keys: history outlives them.

Class versions are immutable once approved and triggers are append-only; the database itself refuses (see `guards`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.access.models import Court
from docstore.cases.models import CaseType, choices
from docstore.documents.models import Filing
from docstore.retention.vocabulary import (
    AppliesTo,
    Cutoff,
    Level,
    Origin,
    Outcome,
    Record,
    RecordKind,
    Source,
    StepAction,
    TriggerType,
    VersionStatus,
)


class Schedule(models.Model):
    """An authority's table of how long records are kept, such as a county court schedule."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    authority = models.CharField(max_length=200, blank=True)
    jurisdiction = models.CharField(max_length=40, blank=True)
    approving_body = models.CharField(max_length=200, blank=True)
    citation = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class DisposalClass(models.Model):
    """One rule of a schedule, with a code that never changes; its wording is in numbered versions."""

    id = models.BigAutoField(primary_key=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="classes")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    mandate = models.TextField(blank=True)
    scope_notes = models.TextField(blank=True)
    level = models.CharField(max_length=8, choices=choices(Level))
    sensitive = models.BooleanField(default=False)
    regulatory = models.BooleanField(default=False)
    instrument = models.CharField(max_length=80, blank=True, help_text="What allows to keep past the limit of the law.")
    stub_leaves_out = models.JSONField(default=list, help_text="Facts that stubs under this class do not keep.")
    judicial = models.BooleanField(default=True, help_text="Held by the judicial, not the administrative controller.")
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    retired_at = models.DateTimeField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["schedule", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "code"], name="disposal_class_code_per_schedule")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def missing(self) -> tuple[str, ...]:
        """What still has to be filled in before a version can be submitted (RET-A1)."""
        told = {"title": self.title, "description": self.description, "mandate": self.mandate}
        return tuple(name for name, text in (told | {"scope_notes": self.scope_notes}).items() if not text.strip())


class ClassVersion(models.Model):
    """Immutable numbered wording of a class. `guard_until` is fixed on approval: nothing falls due by it before then."""

    id = models.BigAutoField(primary_key=True)
    disposal_class = models.ForeignKey(DisposalClass, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=choices(VersionStatus), default=VersionStatus.DRAFT)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    applies_to = models.CharField(max_length=12, choices=choices(AppliesTo))
    guard_days = models.PositiveSmallIntegerField(null=True, help_text="Empty: by direction, see settings.")
    guard_until = models.DateField(null=True)
    descriptive = models.BooleanField(default=False, help_text="Describes a rule and never computes a date.")
    source = models.CharField(max_length=400, blank=True)
    author = models.UUIDField(null=True)
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approver = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["disposal_class", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disposal_class", "number"], name="class_version_number_once"),
            models.UniqueConstraint(
                fields=["disposal_class"],
                name="class_version_one_open",
                condition=Q(status__in=[VersionStatus.DRAFT, VersionStatus.PENDING]),
            ),
            models.UniqueConstraint(
                fields=["disposal_class", "effective_from"],
                name="class_version_starts_once",
                condition=Q(status__in=[VersionStatus.APPROVED, VersionStatus.SUPERSEDED]),
            ),
            models.CheckConstraint(
                name="class_version_approved_by_another",
                condition=Q(approver__isnull=True) | Q(author__isnull=True) | ~Q(approver=models.F("author")),
            ),
            models.CheckConstraint(
                name="class_version_ends_after_start",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=models.F("effective_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposal_class}, version {self.number}"


class DisposalStep(models.Model):
    """One act of a class version; `trigger` holds the canonical JSON of `triggers.Node`, periods are ISO 8601."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ClassVersion, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=10, choices=choices(StepAction))
    trigger = models.JSONField()
    period = models.CharField(max_length=20, blank=True)
    cutoff = models.CharField(max_length=16, choices=choices(Cutoff), default=Cutoff.NONE)
    maximum = models.CharField(max_length=20, blank=True)
    statute = models.CharField(
        max_length=20, blank=True, help_text="A statutory minimum that stands beside the period."
    )
    keep_types = models.JSONField(default=list, help_text="Document types that a strip step keeps.")
    keep_class = models.CharField(max_length=40, blank=True, help_text="The class of what a strip step keeps.")
    approval_stages = models.PositiveSmallIntegerField(default=1)
    auto_allowed = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["version", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "order"], name="disposal_step_order_once"),
            models.CheckConstraint(
                name="disposal_step_one_to_five_stages",
                condition=Q(approval_stages__gte=1, approval_stages__lte=5),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, step {self.order}"


class AssignmentRule(models.Model):
    """Which records get a class by themselves. Empty members match all; the lowest priority number wins (RET-B9)."""

    id = models.BigAutoField(primary_key=True)
    disposal_class = models.ForeignKey(DisposalClass, on_delete=models.PROTECT, related_name="rules")
    level = models.CharField(max_length=8, choices=choices(RecordKind))
    court = models.ForeignKey(Court, null=True, on_delete=models.PROTECT, related_name="+")
    jurisdiction = models.CharField(max_length=20, blank=True)
    case_type = models.ForeignKey(CaseType, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=200, blank=True)
    section = models.CharField(max_length=40, blank=True)
    document_type = models.CharField(max_length=60, blank=True)
    priority = models.PositiveSmallIntegerField(default=100)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["priority", "id"]

    def __str__(self) -> str:
        return f"{self.disposal_class} by rule {self.pk}"


class OfRecord(models.Model):
    """What is about one case or document, named by kind and id."""

    kind = models.CharField(max_length=8, choices=choices(RecordKind))
    record_id = models.UUIDField()

    class Meta:
        abstract = True

    @property
    def record(self) -> Record:
        return Record(RecordKind(self.kind), self.record_id)


class Assignment(OfRecord):
    """A class that a record was given, and how. A replaced one stays, marked with when it was superseded."""

    id = models.BigAutoField(primary_key=True)
    disposal_class = models.ForeignKey(DisposalClass, on_delete=models.PROTECT, related_name="assignments")
    origin = models.CharField(max_length=10, choices=choices(Origin))
    rule = models.ForeignKey(AssignmentRule, null=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    assigned_by = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "record_id", "origin"],
                name="assignment_one_live_per_origin",
                condition=Q(superseded_at__isnull=True),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["disposal_class", "kind", "record_id"],
                name="assignment_by_class",
                condition=Q(superseded_at__isnull=True),
            ),
            models.Index(
                fields=["disposal_class", "id"],
                name="assignment_by_class_in_turn",
                condition=Q(superseded_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} under {self.disposal_class}"


class Trigger(OfRecord):
    """A dated fact that starts a clock. Append-only; a wrong one is voided by another row that names it."""

    id = models.BigAutoField(primary_key=True)
    party = models.UUIDField(null=True)
    type = models.CharField(max_length=24, choices=choices(TriggerType))
    event_on = models.DateField()
    as_told = models.CharField(max_length=10, blank=True, help_text="The date as it was told, where it was indefinite.")
    length = models.CharField(max_length=20, blank=True, help_text="Of a sentence, as an ISO 8601 period.")
    zone = models.CharField(max_length=40)
    source = models.CharField(max_length=12, choices=choices(Source))
    confidence = models.PositiveSmallIntegerField(default=100)
    reason = models.TextField(blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    provisional_until = models.DateField(null=True)
    voids = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="voided_by")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="trigger_confidence_percent", condition=Q(confidence__lte=100)),
            models.UniqueConstraint(fields=["voids"], name="trigger_voided_once", condition=Q(voids__isnull=False)),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "record_id", "id"], name="trigger_by_record")]

    def __str__(self) -> str:
        return f"{self.type} on {self.event_on}"


class CompletedStep(OfRecord):
    """A step of a class version that was carried out on a record. Append-only."""

    id = models.BigAutoField(primary_key=True)
    class_version = models.ForeignKey(ClassVersion, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    completed_on = models.DateField()
    original_on = models.DateField(help_text="The date from which the step had been counted.")
    certificate = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["kind", "record_id"], name="completed_step_by_record")]

    def __str__(self) -> str:
        return f"step {self.order} of {self.class_version}"


class Extension(OfRecord):
    """A later date that a person has set; never earlier than what the rules give (RET-D5, F8). Append-only."""

    id = models.BigAutoField(primary_key=True)
    until = models.DateField()
    reason = models.TextField()
    instrument = models.CharField(max_length=80, blank=True, help_text="What allows it past the limit of the law.")
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["kind", "record_id"], name="extension_by_record")]

    def __str__(self) -> str:
        return f"kept until {self.until}"


class ReleasedFiling(models.Model):
    """A records manager's word that the case from which a document was moved no longer keeps it (RET-B8)."""

    filing = models.OneToOneField(Filing, primary_key=True, on_delete=models.PROTECT, related_name="released")
    reason = models.TextField()
    released_at = models.DateTimeField()
    released_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.filing} released"


class RetentionStatus(OfRecord):
    """The stored answer, never trusted at the moment of destruction. On `next_change_on` time alone changes it; `dirty`:
    an input has changed since.
    """

    id = models.BigAutoField(primary_key=True)
    court = models.ForeignKey(Court, null=True, on_delete=models.PROTECT, related_name="+")
    disposal_class = models.ForeignKey(DisposalClass, null=True, on_delete=models.PROTECT, related_name="+")
    class_version = models.ForeignKey(ClassVersion, null=True, on_delete=models.PROTECT, related_name="+")
    trigger = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=16, choices=choices(Outcome), default=Outcome.UNCLASSIFIED)
    due_on = models.DateField(null=True)
    next_action = models.CharField(max_length=10, blank=True)
    flags = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    confidence = models.PositiveSmallIntegerField(default=100)
    past_maximum = models.BooleanField(default=False)
    computed_at = models.DateTimeField(null=True)
    engine_version = models.CharField(max_length=12, blank=True)
    inputs_hash = models.CharField(max_length=64, blank=True)
    next_change_on = models.DateField(null=True)
    waiting_since = models.DateField(null=True)
    dirty = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "record_id"], name="retention_status_once")]
        indexes: ClassVar = [
            models.Index(fields=["outcome", "due_on", "id"], name="retention_by_due"),
            models.Index(fields=["court", "outcome", "due_on"], name="retention_by_court"),
            models.Index(fields=["disposal_class", "outcome", "due_on"], name="retention_by_class"),
            models.Index(fields=["id"], name="retention_dirty", condition=Q(dirty=True)),
            models.Index(
                fields=["next_change_on", "id"], name="retention_by_change", condition=Q(next_change_on__isnull=False)
            ),
            models.Index(fields=["due_on"], name="retention_due_on", condition=Q(due_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}: {self.outcome}"


class ClosureProposal(models.Model):
    """A case that has lain open for years: proposed for closing, never closed by itself (RET-C16)."""

    id = models.BigAutoField(primary_key=True)
    case = models.UUIDField()
    last_activity_on = models.DateField()
    confidence = models.PositiveSmallIntegerField()
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], name="closure_proposed_once", condition=Q(decided_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"closing of {self.case}"


class Recomputation(models.Model):
    """A run over many records after a change of policy: where it stands, so that it can be broken off and go on."""

    id = models.BigAutoField(primary_key=True)
    class_version = models.ForeignKey(ClassVersion, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.why}: {self.seen} of {self.total}"
