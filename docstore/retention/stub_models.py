"""What remains of destroyed records, and keyed digests of what they held. No foreign keys to what is gone."""

from typing import ClassVar

from django.db import models

from docstore.access.models import Court


class Stub(models.Model):
    """What remains of a destroyed record, and nothing else."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    record = models.UUIDField()
    case = models.UUIDField(null=True)
    court = models.ForeignKey(Court, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=100, blank=True, db_index=True)
    references = models.JSONField(default=list)
    type = models.CharField(max_length=120, blank=True)
    schedule = models.CharField(max_length=40, blank=True)
    class_code = models.CharField(max_length=40, blank=True)
    class_version = models.PositiveSmallIntegerField(default=0)
    authority = models.TextField(blank=True)
    opened_on = models.DateField(null=True)
    trigger_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    destroyed_on = models.DateField()
    documents = models.PositiveIntegerField(default=0)
    certificate = models.CharField(max_length=20)
    transferred_to = models.CharField(max_length=200, blank=True)
    transfer_reference = models.CharField(max_length=200, blank=True)
    reduced_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "record"], name="stub_once")]
        indexes: ClassVar = [models.Index(fields=["certificate"], name="stub_by_certificate")]

    def __str__(self) -> str:
        return f"stub of {self.kind} {self.record}"


class StubFingerprint(models.Model):
    """A keyed digest of destroyed content: enough to notice the same bytes again, useless for testing guesses."""

    id = models.BigAutoField(primary_key=True)
    stub = models.ForeignKey(Stub, on_delete=models.CASCADE, related_name="fingerprints")
    digest = models.CharField(max_length=64, db_index=True)

    def __str__(self) -> str:
        return self.digest
