"""Who has access, looked at again from time to time, and ended in one act for those who leave (DOM-9.9).

A court officer looks after people with a role at their court or a membership of its cases, support after everybody.
Both can only take away: giving roles is another permission.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from docstore.access.actions import end_account, review_access
from docstore.access.actor import Actor
from docstore.access.models import AccessReview, RoleAssignment, ServiceKey, User
from docstore.access.permissions import Permission
from docstore.cases.models import Admission, AdmissionState, Membership
from docstore.core import clock
from docstore.core.errors import Conflict, Invalid, NotFound

REVIEW_DAYS = 90


class NotYourself(Conflict):
    """You cannot do this to yourself. Ask a colleague."""

    code = "not-yourself"


class LeftAlready(Conflict):
    """This person’s access has been ended already."""

    code = "left-already"


class WhyNeeded(Invalid):
    """Say why. It is kept with the decision."""

    code = "reason-needed"


@dataclass(frozen=True, slots=True)
class Holding:
    """What one person holds, for a review."""

    person: User
    roles: tuple[str, ...]
    cases: int
    keys: int
    reviewed_at: datetime | None

    def is_due(self, *, now: datetime) -> bool:
        return self.reviewed_at is None or self.reviewed_at < now - timedelta(days=REVIEW_DAYS)


def people_of(actor: Actor) -> QuerySet[User]:
    """Return the active people whom the actor looks after."""
    if not actor.may(Permission.REVIEW_PEOPLE):
        return User.objects.none()
    rows = User.objects.filter(is_active=True)
    courts = {held.court for held in actor.roles if held.court and Permission.REVIEW_PEOPLE in held.role.permissions}
    if courts:
        today = clock.today()
        held = RoleAssignment.objects.live(on=today).filter(court__code__in=courts)
        members = Membership.objects.live(on=today).filter(case__court__code__in=courts)
        rows = rows.filter(Q(pk__in=held.values("user")) | Q(pk__in=members.values("person")))
    return rows.order_by("name", "pk")


def holdings(people: list[User], *, on: date) -> list[Holding]:
    """Return what these people hold on a day: three questions, however many people."""
    ids = [one.pk for one in people]
    roles: dict[UUID, list[str]] = {}
    for held in RoleAssignment.objects.live(on=on).filter(user__in=ids).select_related("court"):
        roles.setdefault(held.user_id, []).append(f"{held.role} {held.court.code if held.court else ''}".strip())
    members = Membership.objects.live(on=on).filter(person__in=ids).values("person")
    cases = dict(members.annotate(n=Count("case", distinct=True)).values_list("person", "n"))
    keys = ServiceKey.objects.filter(user__in=ids, revoked_at__isnull=True, expires_at__gt=clock.now()).values("user")
    counted = dict(keys.annotate(n=Count("id")).values_list("user", "n"))
    reviews = AccessReview.objects.filter(person__in=ids).values("person").annotate(last=Max("decided_at"))
    reviewed = dict(reviews.values_list("person", "last"))
    return [
        Holding(one, tuple(roles.get(one.pk, ())), cases.get(one.pk, 0), counted.get(one.pk, 0), reviewed.get(one.pk))
        for one in people
    ]


def get_person(actor: Actor, person_id: UUID) -> User:
    """Return a person whom the actor looks after; raise NotFound elsewhere."""
    found = people_of(actor).filter(pk=person_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def keep_access(*, by: Actor, person_id: UUID, note: str) -> AccessReview:
    """Write down that somebody looked at a person's access and found it right."""
    person = _other(by, person_id)
    return review_access(by=by, person=person, kept=True, note=note)


@transaction.atomic
def end_access(*, by: Actor, person_id: UUID, reason: str) -> User:
    """End everything that a person who leaves holds: roles, memberships, admissions, keys and the account.

    A session that is open ends with its next request, because the account is no longer active."""
    person = _other(by, person_id)
    if not reason.strip():
        raise WhyNeeded
    if not person.is_active:
        raise LeftAlready
    today = clock.today()
    memberships = Membership.objects.live(on=today).filter(person=person).update(to_on=today - timedelta(days=1))
    open_still = (AdmissionState.WAITING, AdmissionState.GRANTED)
    Admission.objects.filter(person=person, state__in=open_still).update(state=AdmissionState.ENDED)
    review_access(by=by, person=person, kept=False, note=reason)
    return end_account(by=by, person=person, memberships=memberships, reason=reason)


def _other(by: Actor, person_id: UUID) -> User:
    by.require(Permission.REVIEW_PEOPLE)
    person = get_person(by, person_id)
    if by.user_id is None or person.pk == by.user_id:
        raise NotYourself
    return person
