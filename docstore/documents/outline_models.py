"""The outline that a file brings of itself: a table of its own, so that lists of versions never carry it along."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from docstore.documents.models import Version


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of an outline: how deep it stands (0 is outermost), its words, the page that it leads to."""

    level: int
    title: str
    page: int


class Outline(models.Model):
    """The headings of one version in reading order. A version without this row brings none, or was not looked at yet."""

    version = models.OneToOneField(Version, primary_key=True, on_delete=models.CASCADE, related_name="outline")
    lines: "models.JSONField[Any, Any]" = models.JSONField(help_text="Level, title and page of each heading.")

    def __str__(self) -> str:
        return f"{len(self.lines)} headings"

    @property
    def headings(self) -> list[Heading]:
        return [Heading(level, title, page) for level, title, page in self.lines]
