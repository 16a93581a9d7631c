"""Which papers' stored bytes are not those that were filed, for whoever manages their records (DOM-3.4).

Questions only. What a paper is called is decided where every records page asks it.
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.documents import fixity
from docstore.documents.fixity import Coverage
from docstore.documents.fixity_models import CopyFault
from docstore.documents.models import Filing, Version
from docstore.retention import storage_locks
from docstore.retention.reach import managed_cases
from docstore.retention.storage_locks import Lag
from docstore.retention.titles import Named, named
from docstore.retention.vocabulary import Record, RecordKind


def faults(actor: Actor) -> QuerySet[Version]:
    """Return the versions at fault on cases that this person manages, the oldest fault first."""
    home = Filing.objects.filter(document=OuterRef("document"), is_home=True, ended_at__isnull=True)
    return fixity.faults().filter(Exists(home.filter(case__in=managed_cases(actor))))


def copy_faults(actor: Actor) -> QuerySet[CopyFault]:
    """Return the further copies at fault on cases that this person manages."""
    home = Filing.objects.filter(document=OuterRef("version__document"), is_home=True, ended_at__isnull=True)
    return fixity.copy_faults().filter(Exists(home.filter(case__in=managed_cases(actor))))


def astray(actor: Actor) -> QuerySet[Version]:
    """Return the versions on cases that this person manages whose lock was not as it should be (RET-J8)."""
    home = Filing.objects.filter(document=OuterRef("document"), is_home=True, ended_at__isnull=True)
    return storage_locks.drifted().filter(Exists(home.filter(case__in=managed_cases(actor))))


def lock_report(actor: Actor, *, limit: int) -> tuple[Lag, Sequence[tuple[Version, Named]]]:
    """Return how far the locks are behind, and those that drifted, with names as in `report`."""
    actor.require(Permission.MANAGE_RECORDS)
    rows = list(astray(actor)[:limit])
    names = named(actor, [Record(RecordKind.DOCUMENT, one.document_id) for one in rows])
    return storage_locks.lag(), [(one, names[Record(RecordKind.DOCUMENT, one.document_id)]) for one in rows]


def report(actor: Actor, *, limit: int) -> tuple[Coverage, Sequence[tuple[Version, Named]]]:
    """Return how far the checks have come, and the faults with the names by which this person may know them."""
    actor.require(Permission.MANAGE_RECORDS)
    rows = list(faults(actor)[:limit])
    names = named(actor, [Record(RecordKind.DOCUMENT, one.document_id) for one in rows])
    return fixity.coverage(), [(one, names[Record(RecordKind.DOCUMENT, one.document_id)]) for one in rows]
