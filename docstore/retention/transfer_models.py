"""Records on their way to an archive: what was sent, in which package, and what the archive has confirmed.

Records are named by kind and id, without foreign keys, as on disposal lists: a transfer outlives what it has handed over.
"""

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.access.models import Court
from docstore.cases.models import choices
from docstore.retention.vocabulary import Record, RecordKind


class TransferStatus(StrEnum):
    """The life of a transfer. Only from CONFIRMED on may a copy here be destroyed."""

    PREPARING = "preparing"
    PACKAGED = "packaged"
    SENT = "sent"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


OPEN_TRANSFERS = (TransferStatus.PREPARING, TransferStatus.PACKAGED, TransferStatus.SENT)


class Transfer(models.Model):
    """One consignment. The package lies in the vault until the archive has confirmed it, or it is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    archive = models.CharField(max_length=200)
    series = models.CharField(max_length=80, blank=True, help_text="The archive's own reference of the series.")
    court = models.ForeignKey(Court, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=choices(TransferStatus), default=TransferStatus.PREPARING)
    reason = models.TextField(blank=True)
    closed_years = models.PositiveSmallIntegerField(null=True, help_text="Empty: open on transfer.")
    exemption = models.CharField(max_length=20, blank=True)
    title_closed = models.BooleanField(default=False)
    title_alternate = models.CharField(max_length=200, blank=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    problem = models.TextField(blank=True, help_text="Why it could not be packaged.")
    packaged_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    sent_by = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True, help_text="The archive's receipt.")
    archive_reference = models.CharField(max_length=200, blank=True)
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(blank=True)
    dropped_at = models.DateTimeField(null=True, help_text="When the package left the vault.")

    class Meta:
        ordering: ClassVar = ["-made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="transfer_confirmed_with_receipt",
                condition=Q(confirmed_at__isnull=True) | (~Q(receipt="") & ~Q(archive_reference="")),
            ),
            models.CheckConstraint(
                name="transfer_closed_1_to_150_years",
                condition=Q(closed_years__isnull=True) | Q(closed_years__gte=1, closed_years__lte=150),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_TRANSFERS


class TransferItem(models.Model):
    """One record in a transfer. A record is in one unfinished transfer at most."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=choices(RecordKind))
    record_id = models.UUIDField()
    reference = models.CharField(max_length=100, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["transfer", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "record_id"], name="transfer_item_in_one_open", condition=Q(is_open=True)
            ),
            models.UniqueConstraint(fields=["transfer", "kind", "record_id"], name="transfer_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} in {self.transfer_id}"

    @property
    def record(self) -> Record:
        return Record(RecordKind(self.kind), self.record_id)


class TransferFile(models.Model):
    """One file of a package: what the archive's receipt has to name with the same digest (RET-H3)."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(TransferItem, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    paper = models.UUIDField()

    class Meta:
        ordering: ClassVar = ["item", "path"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "path"], name="transfer_file_once")]

    def __str__(self) -> str:
        return self.path
