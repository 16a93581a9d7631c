"""What the door remembers: requests that bore an idempotency key, and the document that each one made."""

import uuid
from typing import ClassVar

from django.db import models


class IdempotentRequest(models.Model):
    """One request, kept for seven days so that a retry gets the same document and does nothing twice.

    `answer` is empty while the first request is still at work; it is set in the transaction that files the document.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.UUIDField()
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    request_sha256 = models.CharField(max_length=64)
    answer = models.UUIDField(null=True)
    begun_seconds = models.FloatField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "route", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
