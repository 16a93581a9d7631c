"""What this database knows of the ledger in locked storage: which of its entries it wrote, or has replayed."""

from django.db import models


class LedgerEntry(models.Model):
    """One entry by its name in locked storage. What lies there and has no row here is news: a backup was restored.

    The row comes before the object, and both after the destruction; so a backup that has the row has the destruction.
    """

    name = models.CharField(primary_key=True, max_length=200)
    known_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, help_text="When it was seen in locked storage.")

    def __str__(self) -> str:
        return self.name
