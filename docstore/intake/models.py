"""What the door remembers: answers already given to an idempotency key."""

import uuid
from typing import ClassVar

from django.db import models


class IdempotentAnswer(models.Model):
    """The answer that was given to one request, kept for seven days so that a retry gets the same and does nothing.

    `status` is empty while the first request is still at work.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.UUIDField()
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    location = models.CharField(max_length=200, blank=True)
    begun_at = models.FloatField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "route", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
