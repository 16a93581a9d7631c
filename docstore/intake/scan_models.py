"""What a scan is made of: sheets that were printed for it, the documents that it was divided into, what its pages look like."""

import json
import uuid
from typing import ClassVar

from django.db import models

from docstore.access.models import Court
from docstore.cases.models import Case
from docstore.documents.kept_models import KeptBytes
from docstore.intake.models import Item


class SeparatorSheet(models.Model):
    """A sheet that somebody printed to be fed before a paper. It opens one document, once, until it expires.

    `used_by` is the item in which it came first; the same item may be read again, another one may not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.CharField(max_length=16, unique=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=60)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_by = models.UUIDField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.serial


class Part(KeptBytes):
    """A document inside an item: some of its pages, cut out and safe under `key`. The item's own bytes stay whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    pages = models.TextField(help_text="The numbers of its pages in the item, as JSON.")
    sheet = models.ForeignKey(SeparatorSheet, null=True, on_delete=models.SET_NULL, related_name="+")
    reference = models.CharField(max_length=120, blank=True, help_text="Of a case, from a code before its pages.")
    type = models.CharField(max_length=60)
    text = models.TextField(blank=True, help_text="Of its first pages, for matching; forgotten once it is filed.")
    key = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    document = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "number"], name="part_numbered_once")]
        indexes: ClassVar = [models.Index(fields=["document"], name="part_by_document")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.number}"

    @property
    def page_numbers(self) -> list[int]:
        found: list[int] = json.loads(self.pages)
        return found


class ScannedPage(models.Model):
    """What was seen of a page of an item: doubts about the scan, and until it is filed its words with their places.

    `findings` is JSON: `[[doubt, measured]]`; `words` is `[[text, left, top, right, bottom]]` in fractions of the page.
    """

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="scanned_pages")
    number = models.PositiveIntegerField()
    findings = models.TextField(default="[]")
    words = models.TextField(default="[]")
    doubtful = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "number"], name="scanned_page_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["item"],
                name="scanned_page_doubtful",
                condition=models.Q(doubtful=True, settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.number}"

    @property
    def found(self) -> list[tuple[str, float]]:
        """The doubts and what was measured."""
        return [(str(doubt), float(measured)) for doubt, measured in json.loads(self.findings)]

    @property
    def placed_words(self) -> list[tuple[str, float, float, float, float]]:
        return [(str(text), left, top, right, bottom) for text, left, top, right, bottom in json.loads(self.words)]
