"""Records of processing, read from the live schedule (RET-O2).

Nothing is written down twice: what is kept, why and for how long is what the classes in force say today.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES, Reach
from docstore.core import clock
from docstore.retention import explain, policy
from docstore.retention.models import ClassVersion
from docstore.retention.queries import managed_statuses
from docstore.retention.transfer_models import Transfer, TransferStatus
from docstore.retention.vocabulary import VersionStatus

JUDICIAL = "Judicial controller: the court acting in its judicial capacity"
ADMINISTRATIVE = "Administrative controller: the courts service"
SECURITY = (
    "Access by role, court and membership; every reading written down; storage write-once where the vault offers it"
)


@dataclass(frozen=True, slots=True)
class Processing:
    """One entry of the records of processing: a class of the schedule in force (UK GDPR article 30)."""

    schedule: str
    code: str
    category: str
    controller: str
    purpose: str
    basis: str
    periods: tuple[str, ...]
    recipients: tuple[str, ...]
    security: str
    records: int
    in_force_from: str


def records_of_processing(actor: Actor) -> Sequence[Processing]:
    """Return what is processed, read from every class in force today (RET-O2)."""
    actor.require(Permission.MANAGE_RECORDS)
    versions = (
        ClassVersion.objects.filter(status=VersionStatus.APPROVED, effective_from__lte=clock.today(), descriptive=False)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gt=clock.today()))
        .select_related("disposal_class__schedule")
        .prefetch_related("steps")
        .order_by("disposal_class__schedule__code", "disposal_class__code")
    )
    counted = managed_statuses(actor).order_by().values_list("disposal_class").annotate(records=Count("id"))
    counts = dict(counted)
    recipients = _recipients()
    return [_entry(one, counts.get(one.disposal_class_id, 0), recipients) for one in versions]


def _entry(version: ClassVersion, records: int, recipients: tuple[str, ...]) -> Processing:
    kind = version.disposal_class
    return Processing(
        schedule=kind.schedule.code,
        code=kind.code,
        category=kind.title,
        controller=JUDICIAL if kind.judicial else ADMINISTRATIVE,
        purpose=kind.description,
        basis=kind.mandate,
        periods=explain.in_full(policy.rule_of(version)),
        recipients=recipients,
        security=SECURITY,
        records=records,
        in_force_from=version.effective_from.isoformat(),
    )


def _recipients() -> tuple[str, ...]:
    """Whoever a role lets read cases, and the archives that have received records."""
    readers = sorted(one.name for one in ROLES.values() if one.reach is not Reach.NONE)
    sent = [TransferStatus.SENT, TransferStatus.CONFIRMED]
    archives = Transfer.objects.filter(status__in=sent).order_by("archive").values_list("archive", flat=True).distinct()
    return (*readers, *archives)
