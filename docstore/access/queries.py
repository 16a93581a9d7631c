"""Questions about people and keys."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from docstore.access import keys
from docstore.access.actor import Actor, HeldRole
from docstore.access.key_scopes import NO_LIMITS, KeyLimits
from docstore.access.models import Court, RoleAssignment, ServiceKey, User
from docstore.access.roles import COURT_STAFF
from docstore.core import clock
from docstore.core.errors import Invalid

# In which of several roles somebody sits.
SEAT_ORDER = ("judge", "adviser", "clerk", "usher", "listing")


class PersonUnknown(Invalid):
    """There is no person with the name {username}. Check how it is spelt."""

    code = "person-unknown"


class CourtUnknown(Invalid):
    """There is no court with the code {code}, or it is not one of yours."""

    code = "court-unknown"


def actor_for(
    user: User,
    *,
    method: str,
    request_id: str = "",
    address: str = "",
    scopes: frozenset[str] = frozenset(),
    limits: KeyLimits = NO_LIMITS,
    on: date | None = None,
) -> Actor:
    """Return `user` as an actor with the roles that they hold today. `scopes` and `limits` are those of the key in use."""
    held = RoleAssignment.objects.live(on=on or clock.today()).filter(user=user).select_related("court")
    roles = tuple(HeldRole(one.role, one.court.code if one.court else "", one.court_id) for one in held)
    return Actor(user.pk, user.username, user.name, roles, method, request_id, address, scopes, limits)


def user_of_key(text: str, *, address: str = "", certificate: str = "") -> tuple[User, ServiceKey] | None:
    """Return whose key this is, or None where it is unknown, wrong, expired, revoked, not yet valid, or bound to another
    address or client certificate than it comes with (SEC-66, SEC-67).
    """
    parts = keys.split(text)
    row = ServiceKey.objects.select_related("user").filter(pk=parts[0]).first() if parts else None
    secret_fits = keys.matches(parts[1] if parts else "", row.digest if row else "0" * 64)
    if row is None or not secret_fits or not row.is_live(at=clock.now()) or not row.user.is_active:
        return None
    if not row.fits(address=address, certificate=certificate):
        return None
    return row.user, row


def person(username: str) -> User:
    """Return the active person called `username`; raise PersonUnknown."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise PersonUnknown(username=username)
    return found


def person_called(text: str) -> User:
    """Return the active person with this sign-in name or, where only one bears it, this name; raise PersonUnknown."""
    wanted = text.strip()
    found = list(User.objects.filter(Q(username=wanted) | Q(name__iexact=wanted), is_active=True)[:2])
    if len(found) != 1:
        raise PersonUnknown(username=wanted)
    return found[0]


def active_person(person_id: UUID) -> User | None:
    """Return the active person with this id."""
    return User.objects.filter(pk=person_id, is_active=True).first()


def names(ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of people, for lists that hold only their ids."""
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def court_of(actor: Actor, code: str) -> Court:
    """Return the court `code` where the actor holds a role; another's court is as unknown as none (SEC-9)."""
    found = Court.objects.filter(code=code).first() if code in actor.courts else None
    if found is None:
        raise CourtUnknown(code=code)
    return found


def courts() -> list[Court]:
    """Return every court, by name: for those who manage what is not bound to one."""
    return list(Court.objects.order_by("name"))


def courts_of(actor: Actor) -> list[Court]:
    """Return the courts where the actor holds a role."""
    return list(Court.objects.filter(code__in=actor.courts))


def staff_role_of(user: User, court: Court) -> str | None:
    """Return the court role in which a person would sit at `court`: one held there first, else one held elsewhere."""
    held = RoleAssignment.objects.live(on=clock.today()).filter(user=user, role__in=COURT_STAFF)
    ranked = sorted(held, key=lambda one: (one.court_id != court.pk, SEAT_ORDER.index(one.role)))
    return ranked[0].role if ranked else None


def staff_at(court: Court) -> list[User]:
    """Return the court's own people, by name."""
    held = RoleAssignment.objects.live(on=clock.today()).filter(court=court, role__in=COURT_STAFF)
    return list(User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name"))
