"""Who works in which courtroom on a day, and who looked at a case when: rows around the court's list."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from docstore.access.models import Court, User
from docstore.access.roles import ROLE_CHOICES
from docstore.cases.models import Case

VISIT_ENDS_AFTER = timedelta(minutes=30)


class Duty(models.Model):
    """A person at work in one courtroom on one day, in a role that they hold. Opens that room's unsealed cases to them.

    Nothing is written on the cases: where a hearing moves, access goes with it at once (DOM-7.3).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    court = models.ForeignKey(Court, on_delete=models.CASCADE, related_name="duties")
    room = models.CharField(max_length=40)
    day = models.DateField()
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="duties")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)

    class Meta:
        ordering: ClassVar = ["day", "room", "role"]
        indexes: ClassVar = [models.Index(fields=["court", "day"], name="duty_by_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "court", "room", "day"], name="duty_once_per_room_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.room} on {self.day}"


class Visit(models.Model):
    """When a person last looked at a case. What was filed after `seen_at` is new to them (DOM-2.4)."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="visits")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="visits")
    seen_at = models.DateTimeField()
    viewed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "case"], name="visit_once_per_case")]

    def __str__(self) -> str:
        return f"{self.person} at {self.case}"

    def mark_viewed(self, *, at: datetime) -> None:
        """A look after half an hour or more is another visit: what the last one could show is no longer new."""
        if at - self.viewed_at >= VISIT_ENDS_AFTER:
            self.seen_at = self.viewed_at
        self.viewed_at = at
