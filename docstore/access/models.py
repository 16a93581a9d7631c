"""People, courts, held roles and keys."""

import hmac
import uuid
from datetime import date, datetime
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q

from docstore.access.key_scopes import KeyLimits
from docstore.access.networks import is_within
from docstore.access.roles import ROLE_CHOICES


class Court(models.Model):
    """A court or tribunal where people hold roles and cases are heard."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    jurisdictions = models.CharField(max_length=200, help_text="Codes with spaces between, such as 'crime family'.")

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    def hears(self, jurisdiction: str) -> bool:
        return jurisdiction in self.jurisdictions.split()


class UserAccounts(BaseUserManager["User"]):
    """Django's own door for making accounts; the product makes them through access.actions."""

    use_in_migrations = True

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. `is_staff` opens the read-only admin windows and gives no power over cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = UserAccounts()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


M = TypeVar("M", bound=models.Model)


class LiveOn(models.QuerySet[M]):
    """Rows that hold from one civil date to another, both included."""

    def live(self, *, on: date) -> Self:
        return self.filter(Q(from_on__isnull=True) | Q(from_on__lte=on), Q(to_on__isnull=True) | Q(to_on__gte=on))


class RoleAssignment(models.Model):
    """A role that a person holds, at one court or, for roles without a court, at none."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    court = models.ForeignKey(Court, null=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    objects = LiveOn.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "court"], name="role_held_once_per_court", condition=Q(to_on__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                name="role_held_once_without_court",
                condition=Q(to_on__isnull=True, court__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role}"


class ServiceKey(models.Model):
    """A key for a program that acts as a person or station. Only the digest of its secret is kept."""

    id = models.CharField(primary_key=True, max_length=16)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="keys")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    scopes = models.CharField(max_length=200, blank=True)
    case_types = models.TextField(
        blank=True, default="", db_default="", help_text="Codes of the kinds of case it is for; empty for all."
    )
    jurisdictions = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="Likewise.")
    addresses = models.TextField(blank=True, help_text="Networks it may be used from; empty for anywhere.")
    certificate = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the client certificate it needs.")
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.label

    @property
    def limits(self) -> KeyLimits:
        """For which cases it is good."""
        return KeyLimits(frozenset(self.case_types.split()), frozenset(self.jurisdictions.split()))

    def is_live(self, *, at: datetime) -> bool:
        return self.revoked_at is None and self.not_before <= at < self.expires_at

    def fits(self, *, address: str, certificate: str) -> bool:
        """Whether it comes from where, and with the client certificate with which, it may be used."""
        if self.certificate and not hmac.compare_digest(self.certificate, certificate.lower()):
            return False
        return not self.addresses or is_within(address, self.addresses.split())


class AccessReview(models.Model):
    """Somebody looked at what a person may do and decided to keep it or to end it. Append-only by use."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    kept = models.BooleanField()
    note = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-decided_at"], name="access_review_latest")]

    def __str__(self) -> str:
        return "kept" if self.kept else "ended"
