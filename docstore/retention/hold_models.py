"""Holds: named reasons not to dispose. An overlay – releasing one changes no clock and loses no place."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.cases.models import Case, choices
from docstore.documents.models import Document
from docstore.retention.models import DisposalClass
from docstore.retention.vocabulary import HoldKind, Via


class HoldQuerySet(models.QuerySet["Hold"]):
    """Questions about holds."""

    def in_force(self) -> "HoldQuerySet":
        return self.filter(released_at__isnull=True)


class Hold(models.Model):
    """One hold. `guard_until` is set when it is released: nothing it had held is carried out before that day (RET-E11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=choices(HoldKind))
    title = models.CharField(max_length=200)
    mandate = models.TextField()
    reason = models.TextField()
    restricted = models.BooleanField(default=False)
    owner = models.UUIDField(null=True)
    placed_by = models.UUIDField(null=True)
    placed_at = models.DateTimeField()
    starts_on = models.DateField()
    review_on = models.DateField()
    query = models.JSONField(null=True, help_text="What a query hold matches, as `holds.parse_query` takes it.")
    cause = models.CharField(max_length=40, blank=True, help_text="What made it by itself, such as a complaint.")
    release_asked_by = models.UUIDField(null=True)
    release_asked_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.UUIDField(null=True)
    release_reason = models.TextField(blank=True)
    guard_until = models.DateField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["placed_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="hold_released_with_reason", condition=Q(released_at__isnull=True) | ~Q(release_reason="")
            ),
            models.CheckConstraint(
                name="hold_query_says_what", condition=~Q(kind=HoldKind.QUERY) | Q(query__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["review_on"], name="hold_in_force", condition=Q(released_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_in_force(self) -> bool:
        return self.released_at is None

    @property
    def needs_second_person(self) -> bool:
        """Holds that may cover a great many records are released by two people (RET-E11)."""
        return self.kind in (HoldKind.QUERY, HoldKind.SYSTEM)


class HoldTarget(models.Model):
    """What a hold names: a person by name, or a class. Cases and documents are members, see below."""

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="targets")
    person_name = models.CharField(max_length=160, blank=True)
    disposal_class = models.ForeignKey(DisposalClass, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="hold_target_is_one", condition=Q(person_name="") ^ Q(disposal_class__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.person_name or str(self.disposal_class)


class HoldMembership(models.Model):
    """A case or document under a hold. What a query or a name has caught stays until a person removes it (RET-E5).

    Foreign keys on purpose: on PostgreSQL their check waits for a claim that has the record locked (design T3).
    """

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=10, choices=choices(Via))
    evidence = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.UUIDField(null=True)
    removal_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="hold_member_is_one", condition=Q(case__isnull=True) ^ Q(document__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["hold", "case"],
                name="hold_case_once",
                condition=Q(removed_at__isnull=True, case__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["hold", "document"],
                name="hold_document_once",
                condition=Q(removed_at__isnull=True, document__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id or self.document_id} under {self.hold_id}"
