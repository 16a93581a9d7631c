"""Questions about people and keys."""

from datetime import date
from uuid import UUID

from docstore.access import keys
from docstore.access.actor import Actor, HeldRole
from docstore.access.models import Court, RoleAssignment, ServiceKey, User
from docstore.core import clock
from docstore.core.errors import Invalid


class PersonUnknown(Invalid):
    """There is no person with the name {username}. Check how it is spelt."""

    code = "person-unknown"


class CourtUnknown(Invalid):
    """There is no court with the code {code}, or it is not one of yours."""

    code = "court-unknown"


def actor_for(user: User, *, method: str, request_id: str = "", address: str = "", on: date | None = None) -> Actor:
    """Return `user` as an actor with the roles that they hold today."""
    held = RoleAssignment.objects.live(on=on or clock.today()).filter(user=user).select_related("court")
    roles = tuple(HeldRole(one.role, one.court.code if one.court else "") for one in held)
    return Actor(user.pk, user.username, user.name, roles, method, request_id=request_id, address=address)


def user_of_key(text: str) -> tuple[User, ServiceKey] | None:
    """Return whose key this is, or None where it is unknown, wrong, expired, revoked or not yet valid."""
    parts = keys.split(text)
    row = ServiceKey.objects.select_related("user").filter(pk=parts[0]).first() if parts else None
    secret_fits = keys.matches(parts[1] if parts else "", row.digest if row else "0" * 64)
    if row is None or not secret_fits or not row.is_live(at=clock.now()) or not row.user.is_active:
        return None
    return row.user, row


def person(username: str) -> User:
    """Return the active person called `username`; raise PersonUnknown."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise PersonUnknown(username=username)
    return found


def names(ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of people, for lists that hold only their ids."""
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def court_of(actor: Actor, code: str) -> Court:
    """Return the court `code` where the actor holds a role; another's court is as unknown as none (SEC-9)."""
    found = Court.objects.filter(code=code).first() if code in actor.courts else None
    if found is None:
        raise CourtUnknown(code=code)
    return found


def courts_of(actor: Actor) -> list[Court]:
    """Return the courts where the actor holds a role."""
    return list(Court.objects.filter(code__in=actor.courts))
