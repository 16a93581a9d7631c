"""What a person laid over the pages of a document, kept apart from its bytes and from everybody else's."""

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.access.models import User
from docstore.cases.models import Case, choices
from docstore.documents.models import Document

EVERY_PAGE = 0


class PageTurn(models.Model):
    """How far clockwise a person turned a page to read it, in quarters; page 0 stands for every page of the document."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="turns")
    page = models.PositiveIntegerField(default=EVERY_PAGE)
    quarters = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "document", "page"], name="page_turn_once"),
            models.CheckConstraint(name="page_turn_in_quarters", condition=Q(quarters__lte=3)),
        ]

    def __str__(self) -> str:
        return f"page {self.page} by {self.quarters * 90}°"


class Audience(StrEnum):
    """Whom a note is for. Everybody else neither sees it nor learns that it is there."""

    ME = "me"
    JUDGES = "judges"
    COURT = "court"
    CASE = "case"


class CaseNote(models.Model):
    """A dated note to file with a named audience (DOM-2.9). Never changed: it is struck out with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=8, choices=choices(Audience))
    text = models.TextField()
    written_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-written_at", "id"]
        indexes: ClassVar = [models.Index(fields=["case", "-written_at"], name="case_note_by_case")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_note_struck_has_reason", condition=Q(struck_at__isnull=True) | ~Q(struck_reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"note of {self.written_at:%d %B %Y}"

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None
