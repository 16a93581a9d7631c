"""Copies of a version that were found missing or changed besides the one that is served (RET-M2)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.documents.models import Version


class CopyFault(models.Model):
    """One stored copy at fault. Settled where a repair laid a good one above it: it is read no more."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="copy_faults")
    place = models.CharField(max_length=8)
    storage_version = models.CharField(max_length=255, blank=True)
    found = models.CharField(max_length=8)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "place", "storage_version"], name="copy_fault_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["found_at"], name="copy_fault_open", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.found} in the {self.place}"


class Repair(models.Model):
    """Putting a good copy where a version's bytes were lost or changed: asked for by one person, approved by another (RET-M4)."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="repairs")
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version"], name="repair_one_open", condition=Q(done_at__isnull=True)),
            models.CheckConstraint(
                name="repair_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"repair of {self.version}"
