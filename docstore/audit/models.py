"""The rows of the audit: heads, events, payloads, and the sealed log over all of them. No foreign keys: events outlive
what they describe."""

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
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
    """One link of a chain. `header` holds the exact bytes that were hashed; `log_index` is given by the sealer."""

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
            models.Index(fields=["id"], name="event_unsealed", condition=models.Q(log_index__isnull=True)),
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


class PayloadErasure(models.Model):
    """A payload that was lawfully erased, and the event that says so. Its presence is what lets the payload go."""

    event_id = models.BigIntegerField(primary_key=True)
    by_event = models.BigIntegerField()

    def __str__(self) -> str:
        return f"payload of {self.event_id} erased by {self.by_event}"


@dataclass(frozen=True, slots=True)
class Former:
    """A name that the log had, and how much of what lies there is still part of it."""

    name: str
    size: int


class SealedLog(models.Model):
    """The one tree over all events: how many leaves it has and its right edge. `installation` tells databases apart.

    `former` lists the names that it had before a backup was restored, each with the size at which it went on.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    installation = models.UUIDField(default=uuid.uuid4)
    size = models.PositiveBigIntegerField(default=0)
    edge = models.TextField(default="[]", help_text="The roots of full subtrees, in hexadecimal, as JSON.")
    former = models.TextField(default="[]", help_text="Pairs of a former name and a size, as JSON.")

    def __str__(self) -> str:
        return f"sealed log of {self.size}"

    @property
    def formers(self) -> list[Former]:
        return [Former(name, size) for name, size in json.loads(self.former)]


class ClockReading(models.Model):
    """How far this machine's clock was off when it was last held against the time server. One row, written over."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    asked_at = models.DateTimeField()
    offset_ms = models.BigIntegerField()

    def __str__(self) -> str:
        return f"off by {self.offset_ms} ms"

    @property
    def offset(self) -> timedelta:
        return abs(timedelta(milliseconds=self.offset_ms))


class Checkpoint(models.Model):
    """What the tree was at one moment, signed. `anchored_at` is set once it lies in locked storage.

    `leap_seconds` says that the clock had jumped ahead since the checkpoint before; destruction waits for a person.
    """

    id = models.BigAutoField(primary_key=True)
    size = models.PositiveBigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    previous = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    anchored_at = models.DateTimeField(null=True)
    leap_seconds = models.BigIntegerField(default=0)
    leap_accepted_by = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["size"]

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"
