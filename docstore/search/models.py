"""What the index is known to hold: the last change of each document that was applied to it."""

import uuid

from django.db import models


class IndexState(models.Model):
    """The change number of a document that the index holds, so that a late writer cannot bring back older state."""

    document_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    applied = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document_id} at {self.applied}"
