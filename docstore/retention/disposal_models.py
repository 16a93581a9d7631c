"""Lists of what may go, who decided and approved, one row per copy to remove, and what proves that it is gone.

Records are named by kind and id, without foreign keys: lists, targets, stubs and certificates outlive them.
"""

import secrets
import uuid
from datetime import date
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.access.models import Court
from docstore.cases.models import choices


class ListStatus(StrEnum):
    """The life of a disposal list. From CARRYING_OUT on it can be stopped, and not taken back."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CARRYING_OUT = "carrying_out"
    STOPPED = "stopped"
    DONE = "done"
    DONE_WITH_EXCEPTIONS = "done_with_exceptions"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN_STATUSES = (
    ListStatus.DRAFT,
    ListStatus.SUBMITTED,
    ListStatus.APPROVED,
    ListStatus.CARRYING_OUT,
    ListStatus.STOPPED,
)
FINISHED_STATUSES = (ListStatus.DONE, ListStatus.DONE_WITH_EXCEPTIONS)


class Ground(StrEnum):
    """Why a list exists: the schedule says so, or somebody must destroy single records outside it, or a backup came back."""

    SCHEDULE = "schedule"
    COURT_ORDER = "court_order"
    WRONG_UPLOAD = "wrong_upload"
    CLASSIFIED_MATERIAL = "classified_material"
    DATA_PROTECTION = "data_protection"
    RESTORED_BACKUP = "restored_backup"
    TRANSFERRED = "transferred"


OFF_SCHEDULE = (Ground.COURT_ORDER, Ground.WRONG_UPLOAD, Ground.CLASSIFIED_MATERIAL, Ground.DATA_PROTECTION)


class Decision(StrEnum):
    """What a reviewer can say of an item."""

    APPROVE = "approve"
    EXTEND = "extend"
    RECLASS = "reclass"
    HOLD = "hold"
    TRANSFER = "transfer"
    EXCLUDE = "exclude"


class ItemState(StrEnum):
    """Where one record on a list stands."""

    LISTED = "listed"
    WITHDRAWN = "withdrawn"
    KEPT = "kept"
    APPROVED = "approved"
    BLOCKED = "blocked"
    DESTROYING = "destroying"
    INCOMPLETE = "incomplete"
    DESTROYED = "destroyed"
    SKIPPED = "skipped"


BEGUN = (ItemState.DESTROYING, ItemState.INCOMPLETE)
TO_DO = (ItemState.APPROVED, ItemState.BLOCKED, *BEGUN)


class TargetKind(StrEnum):
    """What there can be of a record, besides its rows."""

    SEARCH_ENTRIES = "index entry"
    QUEUED_WORK = "queued work"
    RENDITION = "rendition"
    BUNDLE_COPY = "bundle copy"
    OBJECT_VERSION = "object version"
    DELETE_MARKER = "delete marker"
    MULTIPART_PART = "multipart part"
    DATABASE_TEXT = "database text"
    AUDIT_PAYLOAD = "audit payload"
    CASE_FILING = "case filing"


class TargetStatus(StrEnum):
    PLANNED = "planned"
    DELETING = "deleting"
    DELETED = "deleted"
    VERIFIED = "verified"
    UNLINKED = "unlinked"
    FAILED = "failed"


SETTLED = (TargetStatus.VERIFIED, TargetStatus.UNLINKED)


class NumberSeries(models.Model):
    """The last number given in a series; locked while the next one is given, so that there are no gaps."""

    name = models.CharField(primary_key=True, max_length=20)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}-{self.last}"


def nothing() -> list[str]:
    """No words yet; by this name, because an item has a field called `list`."""
    return []


def new_secret() -> bytes:
    return secrets.token_bytes(32)


class DestructionSwitch(models.Model):
    """Whether anything may be destroyed at all. Off until two people have switched it on; anybody of them stops it alone.

    `secret` keys fingerprints of content in stubs and ledger; it never leaves the database, and no replay needs it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField(null=True)
    enabled_by = models.UUIDField(null=True)
    enabled_at = models.DateTimeField(null=True)
    stopped_by = models.UUIDField(null=True)
    stopped_at = models.DateTimeField(null=True)
    secret = models.BinaryField(default=new_secret)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="destruction_enabled_by_two",
                condition=Q(enabled_by__isnull=True) | ~Q(enabled_by=models.F("asked_by")),
            )
        ]

    def __str__(self) -> str:
        return "on" if self.is_on else "off"

    @property
    def is_on(self) -> bool:
        return self.enabled_at is not None and self.stopped_at is None


class DisposalList(models.Model):
    """What people review and approve. `snapshot_hash` is over the items as they were when it was made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    ground = models.CharField(max_length=20, choices=choices(Ground), default=Ground.SCHEDULE)
    ground_note = models.TextField(blank=True)
    court = models.ForeignKey(Court, null=True, on_delete=models.PROTECT, related_name="+")
    classes = models.JSONField(default=list)
    status = models.CharField(max_length=20, choices=choices(ListStatus), default=ListStatus.DRAFT)
    sensitive = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    planned_on = models.DateField(null=True)
    snapshot_at = models.DateTimeField()
    snapshot_hash = models.CharField(max_length=64)
    expires_on = models.DateField()
    stages = models.PositiveSmallIntegerField(default=1)
    items_total = models.PositiveIntegerField(default=0)
    documents = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    submitted_by = models.UUIDField(null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by_rule = models.BooleanField(default=False)
    cooling_until = models.DateTimeField(null=True)
    carried_out_by = models.UUIDField(null=True)
    carried_out_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["status", "-made_at"], name="disposal_list_by_status")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED_STATUSES


class ListItem(models.Model):
    """One record on a list, with the facts on which it got there. A record is on one open list at most.

    `lease_token` names who is carrying it out; a late answer of somebody whose lease has ended is dropped.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(DisposalList, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    record = models.UUIDField()
    reference = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=10)
    schedule = models.CharField(max_length=40, blank=True)
    class_code = models.CharField(max_length=40, blank=True)
    class_version = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0)
    trigger_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    flags = models.JSONField(default=nothing)
    because = models.JSONField(default=nothing)
    facts_hash = models.CharField(max_length=64)
    documents = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    decision = models.CharField(max_length=10, choices=choices(Decision), blank=True)
    decision_reason = models.TextField(blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    until = models.DateField(null=True)
    new_class = models.CharField(max_length=81, blank=True)
    state = models.CharField(max_length=12, choices=choices(ItemState), default=ItemState.LISTED)
    state_reason = models.TextField(blank=True)
    is_open = models.BooleanField(default=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=64, blank=True)
    lease_until = models.FloatField(default=0)
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    ledgered_at = models.DateTimeField(null=True)
    hold_reported_at = models.DateTimeField(null=True)
    transferred_to = models.CharField(max_length=200, blank=True)
    transfer_reference = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["list", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "kind", "record"], name="item_once_per_list"),
            models.UniqueConstraint(fields=["kind", "record"], name="item_on_one_open_list", condition=Q(is_open=True)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["list", "state", "place"], name="item_by_state"),
            models.Index(fields=["list", "decision", "place"], name="item_by_decision"),
            models.Index(fields=["claimed_at"], name="item_by_claim", condition=Q(claimed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} on {self.list_id}"

    @property
    def is_undecided(self) -> bool:
        return self.decision == "" and self.state == ItemState.LISTED


class Approval(models.Model):
    """One person's word in one stage. Voided, never taken away: a list that was sent back is approved anew."""

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(DisposalList, on_delete=models.CASCADE, related_name="approvals")
    stage = models.PositiveSmallIntegerField()
    approver = models.UUIDField()
    is_yes = models.BooleanField()
    decided_at = models.DateTimeField()
    snapshot_hash = models.CharField(max_length=64)
    comment = models.TextField(blank=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list", "stage"], name="approval_once_per_stage", condition=Q(voided_at=None, is_yes=True)
            ),
            models.UniqueConstraint(
                fields=["list", "approver"],
                name="approval_by_different_people",
                condition=Q(voided_at=None, is_yes=True),
            ),
        ]

    def __str__(self) -> str:
        return f"stage {self.stage} of {self.list_id}"


class DestructionTarget(models.Model):
    """One physical thing to remove. Unique by what it is, hence planning twice changes nothing."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(ListItem, on_delete=models.CASCADE, related_name="targets")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=choices(TargetKind))
    locator = models.CharField(max_length=255)
    storage_version = models.CharField(max_length=120, blank=True)
    paper = models.CharField(max_length=36, blank=True, help_text="The document it belongs to.")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=choices(TargetStatus), default=TargetStatus.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    evidence = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["item", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "kind", "locator", "storage_version"], name="target_once")
        ]
        indexes: ClassVar = [models.Index(fields=["item", "status", "order"], name="target_by_status")]

    def __str__(self) -> str:
        return f"{self.kind} {self.locator}"


class Certificate(models.Model):
    """The number under which a list's destruction is proven; given when it begins, so that no number is missing."""

    number = models.CharField(primary_key=True, max_length=20)
    list = models.OneToOneField(DisposalList, on_delete=models.PROTECT, related_name="certificate")
    given_at = models.DateTimeField()
    backups_clear_on = models.DateField(null=True)
    index_clear_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.number

    @property
    def clear_on(self) -> date | None:
        """The day after which no backup and no copy of the index holds anything of it: fully expunged (RET-G18)."""
        days = [one for one in (self.backups_clear_on, self.index_clear_on) if one]
        return max(days, default=None)

    def is_expunged(self, today: date) -> bool:
        return self.clear_on is not None and today > self.clear_on


class CertificateIssue(models.Model):
    """A certificate as it was signed: interim while anything is left to do, then final. Later issues supersede earlier."""

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="issues")
    issue = models.PositiveSmallIntegerField()
    is_final = models.BooleanField()
    issued_at = models.DateTimeField()
    envelope = models.TextField()
    sha256 = models.CharField(max_length=64)
    event = models.BigIntegerField(help_text="The audit event that says so.")
    anchored_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["certificate", "issue"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "issue"], name="certificate_issue_once")
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}, issue {self.issue}"
