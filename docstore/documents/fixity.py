"""Fixity: whether the stored bytes of every version are still those that were filed (DOM-3.4, RET-M2).

Every object, and every other stored copy of it, is read and hashed again within ninety days, the longest unchecked first, so
much a day. What differs is a fault: told in the audit, shown to records managers and to the doctor, and looked at again on every round, so that a copy that
was put back is noticed. The digest that was filed is never rewritten to fit. Knows bytes and rows, not who may see them.
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from docstore.access.actor import system
from docstore.audit.events import Event
from docstore.cases.lifecycle import GONE
from docstore.core import clock, conf, locks
from docstore.core.hashing import sha256_hex
from docstore.documents.change import record_on
from docstore.documents.fixity_models import CopyFault
from docstore.documents.models import Filing, Version
from docstore.documents.stored_copies import Copy, Place, copies_of, digest_of, places
from docstore.documents.vault import ContentMissing, vault

log = logging.getLogger(__name__)

CHECKER = system("fixity")
WITHIN = timedelta(days=90)
AT_ONCE = 1_000
ROUNDS_A_DAY = 24


class Fault(StrEnum):
    """What is wrong with stored bytes. Missing and changed are different things: one is a loss, the other may be a crime."""

    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look has found: of the copy that is served, and of every other one."""

    served: Fault | None
    others: Mapping[Copy, Fault | None]
    bytes: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the vault has been hashed again lately. `oldest` is None where something never was."""

    versions: int
    checked: int
    oldest: datetime | None
    faults: int


def check_due() -> int:
    """Hash again what is due, and all that was at fault, up to a budget of bytes; return how many differ.

    An outage of the vault ends the round without a verdict on anything.
    """
    left, faulty = conf.get().fixity_day_bytes // ROUNDS_A_DAY, 0
    with locks.named("fixity"):
        for version_id in _due():
            if left <= 0:
                break
            found = _check(version_id)
            left, faulty = left - found.bytes, faulty + _is_faulty(found)
    return faulty


def check(version_id: UUID) -> Fault | None:
    """Read every copy of one version, hold it against the digest with which it was filed, and keep the answer.

    Return what is wrong with the copy that is served.
    """
    return _check(version_id).served


def check_papers(papers: Collection[UUID]) -> bool:
    """Read every copy of these papers' versions now; False where something differs, and then it is kept and told (RET-M3).

    What only a delete marker hides is whole: whoever removes it removes the marker with it.
    """
    rows = standing().filter(document__in=papers).order_by("pk")
    bad = [(one.pk, found) for one in rows if _is_faulty(found := _look(one)) and not _is_only_hidden(found)]
    for version_id, found in bad:
        _keep(version_id, found)
    return not bad


def begin_again() -> int:
    """Have everything read again from the start, because storage or database were put back or moved (RET-M3)."""
    return standing().filter(fixity_at__isnull=False).update(fixity_at=None)


def coverage() -> Coverage:
    """Return how far the rounds have come."""
    rows = standing()
    told = rows.aggregate(oldest=Min("fixity_at"))
    total, never = rows.count(), rows.filter(fixity_at=None).exists()
    fresh = rows.filter(fixity_at__gte=clock.now() - WITHIN).count()
    return Coverage(total, fresh, None if never else told["oldest"], faults().count())


def faults() -> QuerySet[Version]:
    """Every version whose bytes are missing or changed, the oldest fault first."""
    return standing().exclude(fixity_fault="").order_by("fixity_fault_at", "pk")


def copy_faults() -> QuerySet[CopyFault]:
    """Every copy besides the served ones that is missing or changed, the oldest fault first."""
    return CopyFault.objects.filter(settled_at__isnull=True, version__in=standing()).order_by("found_at", "pk")


def standing() -> QuerySet[Version]:
    """Every version that there should be bytes of: what was destroyed is none."""
    return Version.objects.exclude(document__lifecycle__in=GONE)


def _due() -> Iterator[UUID]:
    """Every fault again, then what was not looked at for longest."""
    late = Q(fixity_at=None) | Q(fixity_at__lt=clock.now() - WITHIN)
    rows = standing().filter(late, fixity_fault="").order_by(F("fixity_at").asc(nulls_first=True))
    again = {*faults().values_list("pk", flat=True), *copy_faults().values_list("version_id", flat=True)}
    yield from sorted(again)
    yield from (one for one in rows.values_list("pk", flat=True)[:AT_ONCE] if one not in again)


def _check(version_id: UUID) -> Look:
    version = Version.objects.get(pk=version_id)
    found = _look(version)
    _keep(version_id, found)
    return found


def _look(version: Version) -> Look:
    """Read the copy that is served as a reader would, and every other one by its own name."""
    copies = copies_of(version.key)
    aside = set(_rows(version).filter(settled_at__isnull=False).values_list("place", "storage_version"))
    rest = [one for one in copies if not _is_served(one) and (one.place.value, one.version) not in aside]
    others = {one: _fault_in(version, one) for one in rest}
    absent = {Copy(one): Fault.MISSING for one in places() if one is not Place.VAULT and not _has(copies, one)}
    try:
        served = _fault_of(version, sha256_hex(vault().read(version.key)))
    except ContentMissing:
        served = Fault.MISSING
    return Look(served, {**others, **absent}, version.bytes * max(1, len(copies)))


def _rows(version: Version) -> QuerySet[CopyFault]:
    return CopyFault.objects.filter(version=version)


def _is_served(copy: Copy) -> bool:
    return copy.place is Place.VAULT and copy.is_current


def _has(copies: Sequence[Copy], place: Place) -> bool:
    return any(one.place is place for one in copies)


def _fault_in(version: Version, copy: Copy) -> Fault | None:
    try:
        return _fault_of(version, digest_of(version.key, copy))
    except ContentMissing:  # gone between the listing and the look
        return Fault.MISSING


def _fault_of(version: Version, digest: str) -> Fault | None:
    return None if digest == version.sha256 else Fault.CHANGED


def _is_faulty(found: Look) -> bool:
    return found.served is not None or any(found.others.values())


def _is_only_hidden(found: Look) -> bool:
    whole = any(one.place is Place.VAULT and fault is None for one, fault in found.others.items())
    return found.served is Fault.MISSING and whole and not any(found.others.values())


@transaction.atomic
def _keep(version_id: UUID, look: Look) -> None:
    version = standing().select_for_update(of=("self",)).select_related("document").filter(pk=version_id).first()
    if version is None:  # destroyed while its bytes were read
        return
    found = look.served
    before, version.fixity_at = version.fixity_fault, clock.now()
    version.fixity_fault = found or ""
    if version.fixity_fault != before:
        version.fixity_fault_at = version.fixity_at if found else None
        _tell(version, before)
    version.save(update_fields=["fixity_at", "fixity_fault", "fixity_fault_at"])
    _keep_others(version, look.others)


def _keep_others(version: Version, others: Mapping[Copy, Fault | None]) -> None:
    """Note each other copy that is at fault, once; forget what is whole again, or gone from where it was changed."""
    bad = {(one.place.value, one.version): found for one, found in others.items() if found}
    known = {(one.place, one.storage_version): one for one in _rows(version)}
    for (place, name), found in bad.items():
        if (place, name) not in known:
            CopyFault.objects.create(
                version=version, place=place, storage_version=name, found=found, found_at=clock.now()
            )
            _tell_of(Event.COPY_DAMAGED, version, {"place": place, "found": found})
    for which, row in known.items():
        if which not in bad and row.settled_at is None:
            row.delete()
            _tell_of(Event.COPY_WHOLE_AGAIN, version, {"place": row.place, "before": row.found})


def _tell(version: Version, before: str) -> None:
    """Write down that a version has become faulty, or is whole again."""
    if version.fixity_fault:
        log.error(
            "Version %s of document %s is %s in the vault", version.number, version.document_id, version.fixity_fault
        )
        _tell_of(Event.VERSION_DAMAGED, version, {"found": version.fixity_fault})
        return
    _tell_of(Event.VERSION_WHOLE_AGAIN, version, {"before": before})


def _tell_of(event: Event, version: Version, more: Mapping[str, object]) -> None:
    """Write it down in the terms of PREMIS, too: what kind of event it was and how it ended (RET-M4)."""
    home = Filing.objects.select_related("case").get(document=version.document_id, is_home=True, ended_at__isnull=True)
    outcome = "fail" if "found" in more else "pass"
    premis = {"eventType": "fixity check", "eventOutcome": outcome, "messageDigestAlgorithm": "SHA-256"}
    facts = {"version": version.number, "sha256": version.sha256, "premis": premis, **more}
    record_on(event, CHECKER, version.document, home.case, facts)
