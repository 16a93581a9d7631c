"""What is set against what came: statements of stations and suppliers, and the reports made from them."""

import uuid
from typing import ClassVar

from django.db import models

from docstore.intake.models import Station


class EnvelopeRefusal(models.Model):
    """Why a supplier's envelope was refused. The same one again gets the same answer; its name is not used for another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="refused_envelopes")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    detail = models.TextField()
    refused_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["station", "name"], name="envelope_refused_once")]

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """What a station or supplier says it sent on a day. A late one is kept beside the report and never changes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="statements")
    day = models.DateField()
    body = models.TextField()
    received_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["received_at", "id"]
        indexes: ClassVar = [models.Index(fields=["station", "day"], name="statement_by_day")]

    def __str__(self) -> str:
        return str(self.day)


class Reconciliation(models.Model):
    """The report of one station and day: statements against what came. `rows` is JSON: `[{"kind", "batch", …}]`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="reconciliations")
    day = models.DateField()
    rows = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["station", "day"], name="reconciliation_once")]

    def __str__(self) -> str:
        return str(self.day)
