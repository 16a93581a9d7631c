"""Fixity: whether the stored bytes of every version are still those that were filed (DOM-3.4).

Every object is read and hashed again within ninety days, the longest unchecked first, so much at a time. What differs is a
fault: told in the audit, shown to records managers and to the doctor, and looked at again on every round, so that a copy that
was put back is noticed. The digest that was filed is never rewritten to fit. Knows bytes and rows, not who may see them.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from docstore.access.actor import system
from docstore.audit.events import Event
from docstore.cases.lifecycle import GONE
from docstore.core import clock, locks
from docstore.core.hashing import sha256_hex
from docstore.documents.change import record_on
from docstore.documents.models import Filing, Version
from docstore.documents.vault import ContentMissing, vault

log = logging.getLogger(__name__)

CHECKER = system("fixity")
WITHIN = timedelta(days=90)
AT_ONCE = 1_000
BYTES_AT_ONCE = 1024**3


class Fault(StrEnum):
    """What is wrong with stored bytes. Missing and changed are different things: one is a loss, the other may be a crime."""

    MISSING = "missing"
    CHANGED = "changed"


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
    with locks.named("fixity"):
        return sum(check(version_id) is not None for version_id in _due())


def check(version_id: UUID) -> Fault | None:
    """Read one version's bytes, hold them against the digest with which they were filed, and keep the answer."""
    version = Version.objects.get(pk=version_id)
    return _keep(version_id, _look(version))


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


def standing() -> QuerySet[Version]:
    """Every version that there should be bytes of: what was destroyed is none."""
    return Version.objects.exclude(document__lifecycle__in=GONE)


def _due() -> Iterator[UUID]:
    """Every fault again, then what was not looked at for longest, up to the budget."""
    late = Q(fixity_at=None) | Q(fixity_at__lt=clock.now() - WITHIN)
    rows = standing().filter(late, fixity_fault="").order_by(F("fixity_at").asc(nulls_first=True))
    left = BYTES_AT_ONCE
    for version_id, size in [*faults().values_list("pk", "bytes"), *rows.values_list("pk", "bytes")[:AT_ONCE]]:
        if left <= 0:
            return
        left -= size
        yield version_id


def _look(version: Version) -> Fault | None:
    try:
        kept = sha256_hex(vault().read(version.key))
    except ContentMissing:
        return Fault.MISSING
    return None if kept == version.sha256 else Fault.CHANGED


@transaction.atomic
def _keep(version_id: UUID, found: Fault | None) -> Fault | None:
    version = standing().select_for_update(of=("self",)).select_related("document").filter(pk=version_id).first()
    if version is None:  # destroyed while its bytes were read
        return None
    before, version.fixity_at = version.fixity_fault, clock.now()
    version.fixity_fault = found or ""
    if version.fixity_fault != before:
        version.fixity_fault_at = version.fixity_at if found else None
        _tell(version, before)
    version.save(update_fields=["fixity_at", "fixity_fault", "fixity_fault_at"])
    return found


def _tell(version: Version, before: str) -> None:
    """Write down that a version has become faulty, or is whole again."""
    home = Filing.objects.select_related("case").get(document=version.document_id, is_home=True, ended_at__isnull=True)
    if version.fixity_fault:
        log.error(
            "Version %s of document %s is %s in the vault", version.number, version.document_id, version.fixity_fault
        )
        facts = {"version": version.number, "sha256": version.sha256, "found": version.fixity_fault}
        record_on(Event.VERSION_DAMAGED, CHECKER, version.document, home.case, facts)
        return
    facts = {"version": version.number, "sha256": version.sha256, "before": before}
    record_on(Event.VERSION_WHOLE_AGAIN, CHECKER, version.document, home.case, facts)
