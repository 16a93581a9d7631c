"""Requests of people to have their data erased: what was found, what was decided of each record and why (RET-O1).

The request names a person, so it is itself kept for a limited time: afterwards name and words go, decisions stay.
"""

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.cases.models import choices
from docstore.retention.models import DisposalClass, OfRecord


class RequestStatus(StrEnum):
    """The life of a request."""

    OPEN = "open"
    ANSWERED = "answered"
    REDUCED = "reduced"


class Verdict(StrEnum):
    """What can be decided of one record."""

    REFUSE = "refuse"
    RESTRICT = "restrict"
    ERASE = "erase"
    PSEUDONYMISE = "pseudonymise"


class RefusalGround(StrEnum):
    """Why the law lets a court refuse (UK GDPR article 17(3); Data Protection Act 2018, schedule 2)."""

    JUDICIAL = "judicial"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_TASK = "public_task"
    LEGAL_CLAIMS = "legal_claims"
    ARCHIVING = "archiving"
    HELD = "held"
    NOT_THE_PERSON = "not_the_person"


class ErasureRequest(models.Model):
    """One request, and the day by which it has to be answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    person = models.CharField(max_length=160)
    also_known_as = models.CharField(max_length=320, blank=True, help_text="Further names, with commas between them.")
    asked = models.TextField(help_text="What the person asks for, in their words.")
    identity = models.CharField(max_length=200, help_text="How it was made sure who is asking.")
    received_on = models.DateField()
    due_on = models.DateField()
    extended_at = models.DateTimeField(null=True)
    extend_reason = models.TextField(blank=True)
    disposal_class = models.ForeignKey(DisposalClass, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=choices(RequestStatus), default=RequestStatus.OPEN)
    received_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    searched_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    keep_until = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["due_on", "number"]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status == RequestStatus.OPEN


class ErasureFinding(OfRecord):
    """One record of the person, what was decided of it, and what came of that."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(ErasureRequest, on_delete=models.PROTECT, related_name="findings")
    reference = models.CharField(max_length=100, blank=True)
    found_by = models.CharField(max_length=20)
    class_name = models.CharField(max_length=81, blank=True)
    outcome = models.CharField(max_length=16)
    due_on = models.DateField(null=True)
    is_held = models.BooleanField(default=False)
    basis = models.CharField(max_length=200, help_text="On what lawful basis it is kept.")
    verdict = models.CharField(max_length=12, choices=choices(Verdict), blank=True)
    ground = models.CharField(max_length=20, choices=choices(RefusalGround), blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    list = models.UUIDField(null=True, help_text="The disposal list by which it is erased.")

    class Meta:
        ordering: ClassVar = ["request", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "kind", "record_id"], name="erasure_finding_once"),
            models.CheckConstraint(
                name="erasure_decided_with_reason", condition=Q(decided_at__isnull=True) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="erasure_refused_on_a_ground", condition=~Q(verdict=Verdict.REFUSE) | ~Q(ground="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} for {self.request_id}"
