"""Who is acting: a value that every action, question and audit event is given, so that no room needs a web request."""

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from docstore.access.key_scopes import NO_LIMITS, KeyLimits, KeyScope
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES, Role
from docstore.audit.record import Stamp
from docstore.core.errors import Forbidden


class ScopeMissing(Forbidden):
    """This key was not issued for {scope}. Ask the station manager for one that is."""

    code = "scope-missing"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role held today, and the court where, by code and by row; empty for roles without a court."""

    code: str
    court: str
    court_id: int | None = None

    @property
    def role(self) -> Role:
        return ROLES[self.code]


@dataclass(frozen=True)
class Actor:
    """A person, station or the service itself, with the roles held at this moment."""

    user_id: UUID | None
    username: str
    name: str
    roles: tuple[HeldRole, ...]
    method: str
    request_id: str = ""
    address: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)
    limits: KeyLimits = NO_LIMITS

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Everything that any of the held roles allows in general."""
        return frozenset(permission for held in self.roles for permission in held.role.permissions)

    @property
    def courts(self) -> frozenset[str]:
        return frozenset(held.court for held in self.roles if held.court)

    @property
    def is_court_staff(self) -> bool:
        return any(held.role.is_court_staff for held in self.roles)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise Forbidden where no held role carries `permission`."""
        if not self.may(permission):
            raise Forbidden

    def require_scope(self, scope: KeyScope) -> None:
        """Raise ScopeMissing where the key in use was narrowed to other uses; sessions and whole keys pass."""
        if self.scopes and scope not in self.scopes:
            raise ScopeMissing(scope=scope)

    @property
    def stamp(self) -> Stamp:
        """How this actor is written into the audit."""
        return Stamp(
            actor_id=str(self.user_id or ""),
            role=" ".join(sorted({held.code for held in self.roles})),
            method=self.method,
            on_behalf_of="",
            request_id=self.request_id,
            address=self.address,
        )


def system(task: str) -> Actor:
    """The service itself, at work on `task`."""
    return Actor(None, "system", "Docstore", (HeldRole("system", ""),), method=f"system:{task}")
