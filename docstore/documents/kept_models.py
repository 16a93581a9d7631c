"""How the storage itself names bytes that are kept: columns of every row that says where bytes lie (RET-J2)."""

from django.db import models
from django.db.models.functions import Now

from docstore.documents.kept import Kept, LockDrift


class KeptBytes(models.Model):
    """The storage's own name for the bytes, saved with the row. Empty where the storage has no versions."""

    storage_version = models.CharField(max_length=255, blank=True, db_default="", default="")
    storage_etag = models.CharField(max_length=100, blank=True, db_default="", default="")

    class Meta:
        abstract = True

    @property
    def kept(self) -> Kept:
        """What the storage answered when these bytes were put."""
        return Kept(self.storage_version, self.storage_etag)


class LockedBytes(models.Model):
    """The storage's write-once lock as it was last seen (RET-J3), in the storage's own time."""

    lock_at = models.DateTimeField(null=True, db_default=Now(), help_text="When its lock is looked at again.")
    locked_until = models.DateTimeField(null=True)
    lock_drift = models.CharField(
        max_length=8, blank=True, db_default="", default="", choices=[(one, one) for one in LockDrift]
    )

    class Meta:
        abstract = True
