"""Files that people have sent and not filed yet."""

import json
import uuid
from typing import ClassVar

from django.db import models

from docstore.access.models import User
from docstore.cases.models import Case
from docstore.documents.kept_models import KeptBytes


class Draft(KeptBytes):
    """A file that a person has sent and not filed yet. Its bytes are safe; what they type is kept as they type it.

    `document_id` is the document that it will be: its bytes lie under that name already. `origins` says of each field
    whether it was suggested by the text, carried from the file before, or typed; `doubts` what a person must settle.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    place = models.PositiveIntegerField()
    document_id = models.UUIDField(default=uuid.uuid4)
    key = models.CharField(max_length=255)
    original_name = models.TextField()
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stage = models.CharField(max_length=12)
    stage_reason = models.TextField(blank=True)
    scanned_by = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200)
    section = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=60, blank=True)
    dated = models.CharField(max_length=40, blank=True)
    received = models.CharField(max_length=40, blank=True, db_default="")
    party = models.UUIDField(null=True)
    classification = models.PositiveSmallIntegerField()
    origins = models.TextField(default="{}")
    doubts = models.TextField(default="[]")
    confirmed = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["place", "id"]
        indexes: ClassVar = [models.Index(fields=["person", "case"], name="draft_by_person")]

    def __str__(self) -> str:
        return self.title

    @property
    def origin_of(self) -> dict[str, str]:
        """Where the value of each field came from."""
        found: dict[str, str] = json.loads(self.origins)
        return found

    @property
    def doubt_list(self) -> list[dict[str, str]]:
        """What a person must settle: code, reason and what belongs to it."""
        found: list[dict[str, str]] = json.loads(self.doubts)
        return found

    @property
    def open_doubts(self) -> list[dict[str, str]]:
        """The doubts that nobody has settled yet."""
        return [one for one in self.doubt_list if one["code"] not in self.confirmed.split()]
