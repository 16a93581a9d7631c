"""Who is told of intake events by webhook, how far each has been told, and what could not be delivered."""

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models

from docstore.access.models import Court
from docstore.cases.models import choices
from docstore.intake.models import IntakeEvent, Station


class DeliveryState(StrEnum):
    """Where a delivery stands. DEAD waits for a person."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"


class Webhook(models.Model):
    """An address that is told what happens to the batches of a court. Its secret is derived, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=500)
    is_enabled = models.BooleanField(default=True)
    generation = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class WebhookPlace(models.Model):
    """Up to which event of a station a webhook's deliveries have been written down."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="places")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["webhook", "station"], name="webhook_place_once")]

    def __str__(self) -> str:
        return str(self.number)


class Delivery(models.Model):
    """One event for one webhook. Times are seconds of the real clock, which nobody can move."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(IntakeEvent, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=choices(DeliveryState), default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_seconds = models.FloatField(default=0)
    said = models.CharField(max_length=300, blank=True, help_text="What the other side, or the line, said last.")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_seconds"], name="delivery_due", condition=models.Q(state="WAITING")),
            models.Index(fields=["webhook"], name="delivery_dead", condition=models.Q(state="DEAD")),
        ]

    def __str__(self) -> str:
        return self.state
