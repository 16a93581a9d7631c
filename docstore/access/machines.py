"""Accounts and keys of machines, such as scanning stations: managed by station managers, not by those who manage people."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from docstore.access import keys
from docstore.access.actions import SECURITY_STREAM
from docstore.access.actor import Actor
from docstore.access.key_scopes import NO_LIMITS, KeyLimits, KeyScope
from docstore.access.models import Court, RoleAssignment, ServiceKey, User
from docstore.access.networks import network
from docstore.access.permissions import Permission
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.core import clock, conf
from docstore.core.errors import Conflict, FieldError, Invalid

LIVE_KEYS = 2
STATION_ROLE = "station"
_CERTIFICATE = re.compile(r"[0-9a-f]{64}")


class TooManyKeys(Conflict):
    """This station has two keys already: the one in use, and the one that it changes to. Revoke one of them first."""

    code = "too-many-keys"


class AddressesInvalid(Invalid):
    """{address} is no network. Write addresses such as 192.0.2.10 or 192.0.2.0/24, one to a line."""

    code = "addresses-invalid"


class CertificateInvalid(Invalid):
    """That is no SHA-256 of a certificate: it has 64 digits and letters from a to f."""

    code = "certificate-invalid"


class NameTaken(Conflict):
    """There is an account called {username} already. Choose another name."""

    code = "name-taken"


@transaction.atomic
def enlist_machine(*, by: Actor, username: str, name: str, court: Court) -> User:
    """Add an account for a scanning station of one court. It cannot sign in; it only ever comes with a key."""
    _require_station_right(by)
    if User.objects.filter(username=username).exists():
        raise NameTaken(username=username)
    user = User(username=username, name=name, created_at=clock.now())
    user.set_unusable_password()
    user.save()
    RoleAssignment.objects.create(user=user, role=STATION_ROLE, court=court)
    refs = {"person": str(user.pk)}
    record(Event.PERSON_CREATED, stamp=by.stamp, stream=SECURITY_STREAM, refs=refs, facts={})
    facts = {"role": STATION_ROLE, "court": court.code}
    record(Event.ROLE_GRANTED, stamp=by.stamp, stream=SECURITY_STREAM, refs=refs, facts=facts)
    return user


@transaction.atomic
def issue_machine_key(
    *,
    by: Actor,
    machine: User,
    label: str,
    scopes: Iterable[KeyScope],
    addresses: Iterable[str] = (),
    certificate: str = "",
    limits: KeyLimits = NO_LIMITS,
    not_before: datetime | None = None,
    days: int = 365,
) -> str:
    """Return a new key for a station, shown this once. At most two live at a time, so that keys rotate without a gap."""
    _require_station_right(by)
    User.objects.select_for_update().get(pk=machine.pk)
    now = clock.now()
    if len(live_keys(machine, at=now)) >= LIVE_KEYS:
        raise TooManyKeys
    new = keys.make(env=conf.get().env)
    begins = max(now, not_before or now)
    ServiceKey.objects.create(
        id=new.key_id,
        user=machine,
        label=label,
        digest=new.digest,
        scopes=" ".join(sorted(scopes)),
        addresses="\n".join(_network(one) for one in addresses),
        certificate=_thumbprint(certificate),
        case_types=" ".join(sorted(limits.case_types)),
        jurisdictions=" ".join(sorted(limits.jurisdictions)),
        not_before=begins,
        expires_at=begins + timedelta(days=days),
        created_at=now,
    )
    refs = {"person": str(machine.pk), "key": new.key_id}
    record(Event.KEY_ISSUED, stamp=by.stamp, stream=SECURITY_STREAM, refs=refs, facts={"label": label})
    return new.text


@transaction.atomic
def revoke_machine_key(*, by: Actor, key: ServiceKey) -> ServiceKey:
    """End a station's key at once."""
    _require_station_right(by)
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    refs = {"person": str(key.user_id), "key": key.pk}
    record(Event.KEY_REVOKED, stamp=by.stamp, stream=SECURITY_STREAM, refs=refs, facts={})
    return key


def live_keys(machine: User, *, at: datetime) -> list[ServiceKey]:
    """Return the keys that work now or will without anybody doing anything, the oldest first."""
    rows = ServiceKey.objects.filter(user=machine, revoked_at__isnull=True, expires_at__gt=at)
    return list(rows.order_by("created_at"))


def _require_station_right(by: Actor) -> None:
    """The service itself may, when it sets up the demo court."""
    if by.user_id is not None:
        by.require(Permission.MANAGE_STATIONS)


def _network(text: str) -> str:
    try:
        return network(text)
    except ValueError:
        raise _at("/addresses", AddressesInvalid(address=text[:60])) from None


def _thumbprint(text: str) -> str:
    plain = text.replace(":", "").strip().lower()
    if plain and not _CERTIFICATE.fullmatch(plain):
        raise _at("/certificate", CertificateInvalid())
    return plain


def _at(pointer: str, refusal: Invalid) -> Invalid:
    refusal.errors = (FieldError(pointer, refusal.code, refusal.sentence),)
    return refusal
