"""The rows of the audit: heads, events and their payloads. No foreign keys: events outlive what they describe."""

from typing import ClassVar

from django.db import models


class StreamHead(models.Model):
    """Where a stream ends. Locked while an event is appended, so that a chain never forks."""

    stream = models.CharField(primary_key=True, max_length=80)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.stream} at {self.seq}"


class AuditEvent(models.Model):
    """One link of a chain. `header` holds the exact bytes that were hashed; `log_index` is for the sealer to come."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=40, db_index=True)
    actor = models.CharField(max_length=36, db_index=True)
    document = models.CharField(max_length=36, blank=True)
    case = models.CharField(max_length=36, blank=True)
    prev_hash = models.BinaryField(max_length=32)
    header = models.BinaryField()
    payload_commitment = models.BinaryField(max_length=32)
    event_hash = models.BinaryField(max_length=32)
    log_index = models.PositiveBigIntegerField(null=True, unique=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "seq"], name="event_seq_once_per_stream"),
            models.UniqueConstraint(fields=["stream", "prev_hash"], name="event_no_fork"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["document", "id"], name="event_by_document", condition=~models.Q(document="")),
            models.Index(fields=["case", "id"], name="event_by_case", condition=~models.Q(case="")),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq} {self.type}"


class AuditPayload(models.Model):
    """The facts of an event with their salt; may be lawfully erased while the chain stays whole."""

    event_id = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=16)
    payload = models.BinaryField()

    def __str__(self) -> str:
        return f"payload of {self.event_id}"
