"""Making courts and people, giving and ending roles, issuing and revoking keys, and signing in and out."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from docstore.access import keys
from docstore.access.actor import Actor
from docstore.access.key_scopes import NO_LIMITS, KeyLimits, KeyScope
from docstore.access.models import AccessReview, Court, RoleAssignment, ServiceKey, User
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES
from docstore.audit.actions import access_stream, record
from docstore.audit.events import Event
from docstore.audit.record import Stamp
from docstore.core import clock, conf
from docstore.core.errors import Forbidden, Invalid

SECURITY_STREAM = "security"
USED_TO_THE = timedelta(minutes=1)
KEY_DAYS = 365


class RoleUnknown(Invalid):
    """There is no role called {role}."""

    code = "role-unknown"


class OnlyInDemoCourt(Forbidden):
    """Keys are handed out by command in the demo court only. Elsewhere a station manager or administrator issues them."""

    code = "demo-only"


@transaction.atomic
def register_court(*, by: Actor, code: str, name: str, jurisdictions: str) -> Court:
    """Add a court or tribunal."""
    _require_people_right(by)
    court = Court.objects.create(code=code, name=name, jurisdictions=jurisdictions)
    record(Event.COURT_REGISTERED, stamp=by.stamp, stream=SECURITY_STREAM, refs={"court": code}, facts={"court": code})
    return court


@transaction.atomic
def create_person(*, by: Actor, username: str, name: str, password: str | None, email: str = "") -> User:
    """Add a person, without any role yet."""
    _require_people_right(by)
    user = User(username=username, name=name, email=email, created_at=clock.now())
    user.set_password(password)
    user.save()
    record(Event.PERSON_CREATED, stamp=by.stamp, stream=SECURITY_STREAM, refs={"person": str(user.pk)}, facts={})
    return user


@transaction.atomic
def grant_role(
    *, by: Actor, person: User, role: str, court: Court | None, from_on: date | None = None, to_on: date | None = None
) -> RoleAssignment:
    """Give a person a role, at one court for roles that reach a court."""
    _require_people_right(by)
    if role not in ROLES:
        raise RoleUnknown(role=role)
    held = RoleAssignment.objects.create(user=person, role=role, court=court, from_on=from_on, to_on=to_on)
    record(
        Event.ROLE_GRANTED,
        stamp=by.stamp,
        stream=SECURITY_STREAM,
        refs={"person": str(person.pk)},
        facts={"role": role, "court": court.code if court else ""},
    )
    return held


@transaction.atomic
def end_role(*, by: Actor, held: RoleAssignment) -> RoleAssignment:
    """End a role as of yesterday, so that it counts for nothing from the next request on."""
    _require_people_right(by)
    held.to_on = clock.today() - timedelta(days=1)
    held.save(update_fields=["to_on"])
    record(
        Event.ROLE_ENDED,
        stamp=by.stamp,
        stream=SECURITY_STREAM,
        refs={"person": str(held.user_id)},
        facts={"role": held.role, "court": held.court.code if held.court else ""},
    )
    return held


@transaction.atomic
def issue_key(
    *,
    by: Actor,
    person: User,
    label: str,
    days: int = KEY_DAYS,
    scopes: Iterable[KeyScope] = (),
    limits: KeyLimits = NO_LIMITS,
) -> str:
    """Return a new key for `person`. It is shown this once; only its digest is kept."""
    if person.pk != by.user_id:
        _require_people_right(by)
    new, now = keys.make(env=conf.get().env), clock.now()
    ServiceKey.objects.create(
        id=new.key_id,
        user=person,
        label=label,
        digest=new.digest,
        scopes=" ".join(sorted(scopes)),
        case_types=" ".join(sorted(limits.case_types)),
        jurisdictions=" ".join(sorted(limits.jurisdictions)),
        not_before=now,
        expires_at=now + timedelta(days=days),
        created_at=now,
    )
    refs = {"person": str(person.pk), "key": new.key_id}
    record(Event.KEY_ISSUED, stamp=by.stamp, stream=SECURITY_STREAM, refs=refs, facts={"label": label})
    return new.text


def issue_demo_key(*, by: Actor, person: User, scopes: Iterable[KeyScope] = ()) -> str:
    """Return a key in the demo court, where a command hands them out; refused elsewhere."""
    if not conf.get().is_demo:
        raise OnlyInDemoCourt
    return issue_key(by=by, person=person, label="by command, demo court", scopes=scopes)


@transaction.atomic
def revoke_key(*, by: Actor, key: ServiceKey) -> ServiceKey:
    """End a key at once."""
    if key.user_id != by.user_id:
        _require_people_right(by)
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    refs = {"person": str(key.user_id), "key": key.pk}
    record(Event.KEY_REVOKED, stamp=by.stamp, stream=SECURITY_STREAM, refs=refs, facts={})
    return key


def note_key_used(key: ServiceKey) -> None:
    """Remember when a key was last used, to the minute, so that one that nobody uses any more is found (SEC-66)."""
    now = clock.now()
    if key.last_used_at is None or now - key.last_used_at >= USED_TO_THE:
        ServiceKey.objects.filter(pk=key.pk, last_used_at=key.last_used_at).update(last_used_at=now)


@transaction.atomic
def review_access(*, by: Actor, person: User, kept: bool, note: str) -> AccessReview:
    """Write down that somebody looked at what a person may do, and what was decided (DOM-9.9)."""
    by.require(Permission.REVIEW_PEOPLE)
    review = AccessReview(person=person, decided_at=clock.now(), kept=kept, note=note.strip())
    review.decided_by_id = by.user_id  # type: ignore[assignment] # people only: the service reviews nobody
    review.save()
    facts, refs = {"person": str(person.pk), "kept": kept}, {"person": str(person.pk)}
    record(Event.ACCESS_REVIEWED, stamp=by.stamp, stream=SECURITY_STREAM, refs=refs, facts=facts)
    return review


@transaction.atomic
def end_account(*, by: Actor, person: User, memberships: int, reason: str) -> User:
    """End every role and key of a person who leaves, and close the account. `memberships` is how many cases they left."""
    by.require(Permission.REVIEW_PEOPLE)
    today, now = clock.today(), clock.now()
    roles = RoleAssignment.objects.live(on=today).filter(user=person).update(to_on=today - timedelta(days=1))
    keys_ended = ServiceKey.objects.filter(user=person, revoked_at__isnull=True).update(revoked_at=now)
    person.is_active = False
    person.save(update_fields=["is_active"])
    facts = {
        "person": str(person.pk),
        "roles": roles,
        "memberships": memberships,
        "keys": keys_ended,
        "reason": reason,
    }
    record(Event.PERSON_LEFT, stamp=by.stamp, stream=SECURITY_STREAM, refs={"person": str(person.pk)}, facts=facts)
    return person


@transaction.atomic
def record_sign_in(*, by: Actor) -> None:
    """Write down that somebody signed in."""
    record(Event.SIGNED_IN, stamp=by.stamp, stream=SECURITY_STREAM, refs={"person": str(by.user_id)}, facts={})


@transaction.atomic
def record_sign_out(*, by: Actor) -> None:
    """Write down that somebody signed out."""
    record(Event.SIGNED_OUT, stamp=by.stamp, stream=SECURITY_STREAM, refs={"person": str(by.user_id)}, facts={})


@transaction.atomic
def record_failed_sign_in(*, username: str, request_id: str, address: str) -> None:
    """Write down that a sign-in was refused. The name is kept as a digest: people type passwords into the wrong field."""
    stamp = Stamp(actor_id="", role="", method="password", request_id=request_id, address=address)
    facts = {"name_sha256": hashlib.sha256(username.strip().encode()).hexdigest()}
    record(Event.SIGN_IN_FAILED, stamp=stamp, stream=SECURITY_STREAM, refs={}, facts=facts)


@transaction.atomic
def record_denial(*, by: Actor, what: str, case: str = "", document: str = "") -> None:
    """Write down that somebody asked for what they may not have. `what` is a route's name, never a title.

    What is hidden and what does not exist are written down alike, so that neither takes longer.
    """
    refs = {name: value for name, value in (("case", case), ("document", document)) if value}
    stream = access_stream(clock.now(), str(by.user_id))
    record(Event.ACCESS_DENIED, stamp=by.stamp, stream=stream, refs=refs, facts={"what": what})


@transaction.atomic
def record_clock(*, by: Actor, seconds: int) -> None:
    """Write down that the demo court's clock was moved."""
    record(Event.CLOCK_ADVANCED, stamp=by.stamp, stream=SECURITY_STREAM, refs={}, facts={"seconds": seconds})


def _require_people_right(by: Actor) -> None:
    """People and roles are managed by those with the right, and by the service itself when it sets up a court."""
    if by.user_id is not None:
        by.require(Permission.MANAGE_PEOPLE)
