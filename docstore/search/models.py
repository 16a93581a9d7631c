"""What the index is known to hold, and what people keep: searches, and what is new in them."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from docstore.access.models import User
from docstore.documents.models import Document


class IndexState(models.Model):
    """The change number of a document that the index holds, so that a late writer cannot bring back older state.

    `sketch` are a few numbers made from its words, by which papers that say nearly the same are told (search.alike).
    """

    document_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    applied = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField()
    sketch = models.BinaryField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["applied_at"], name="index_state_by_time")]

    def __str__(self) -> str:
        return f"{self.document_id} at {self.applied}"


class Rebuild(models.Model):
    """A rebuild of the index: into which new index, since when, and how far it has come. `after` is the last document."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    since = models.DateTimeField()
    after = models.UUIDField(null=True)
    documents = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class IndexCheck(models.Model):
    """When a slice of the index was last held against the database, and how many documents were astray."""

    slice = models.PositiveSmallIntegerField(primary_key=True)
    checked_at = models.DateTimeField()
    astray = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"slice {self.slice}"


class Ranking(models.Model):
    """The order of one search's hits for one person, as it stood when they went on to its second page.

    `seen` are marks of the hits on the first page, `places` the others so far: `rankings` knows how they are written.
    Only where to go on: each place is looked up in the database again before it is shown. Gone after a day.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    question = models.CharField(max_length=64)
    seen = models.BinaryField()
    places = models.BinaryField(default=bytes)
    count = models.PositiveIntegerField(default=0)
    is_whole = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["made_at"], name="ranking_by_time")]

    def __str__(self) -> str:
        return f"{self.count} places"


class SavedSearch(models.Model):
    """A search that somebody keeps. Nobody else sees it: its words may hold names. `watched` ones tell what is new."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    query = models.CharField(max_length=1000, blank=True)
    filters: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    sort = models.CharField(max_length=12, default="relevance")
    watched = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "name"], name="saved_search_named_once")]
        indexes: ClassVar = [
            models.Index(fields=["checked_at"], name="saved_search_to_check", condition=Q(watched=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """A document that a watched search has found. `seen_at` is empty while it is new to the owner.

    Only a hint, as a hit is: whether the owner may know of it is asked again whenever it is shown or counted.
    """

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="alerts")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["search", "document"], name="alert_once")]

    def __str__(self) -> str:
        return f"{self.document_id} for {self.search_id}"
