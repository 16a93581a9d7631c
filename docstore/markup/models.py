"""What a person laid over the pages of a document, kept apart from its bytes and from everybody else's."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.access.models import User
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
