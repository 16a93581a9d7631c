"""How the storage itself names bytes that are kept: columns of every row that says where bytes lie (RET-J2)."""

from django.db import models

from docstore.documents.kept import Kept


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
