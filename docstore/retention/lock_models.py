"""Which classes have their papers locked in a way that nobody can undo (RET-J4)."""

from django.db import models

from docstore.retention.models import DisposalClass


class ClassLock(models.Model):
    """Compliance locks for the papers under a regulatory class: asked for by one person, confirmed by another."""

    disposal_class = models.OneToOneField(
        DisposalClass, on_delete=models.PROTECT, primary_key=True, related_name="lock"
    )
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="class_lock_confirmed_by_another",
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("asked_by")),
            )
        ]

    def __str__(self) -> str:
        return f"compliance locks of {self.disposal_class}"

    @property
    def is_on(self) -> bool:
        return self.confirmed_at is not None
