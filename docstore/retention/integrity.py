"""Which papers' stored bytes are not those that were filed, for whoever manages their records (DOM-3.4).

Questions only. What a paper is called is decided where every records page asks it.
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.documents import fixity
from docstore.documents.fixity import Coverage
from docstore.documents.fixity_models import CopyFault
from docstore.documents.models import Version
from docstore.retention import storage_locks
from docstore.retention.reach import is_managed
from docstore.retention.storage_locks import Lag
from docstore.retention.titles import Named, named
from docstore.retention.vocabulary import Record, RecordKind


def faults(actor: Actor) -> QuerySet[Version]:
    """Return the versions at fault on cases that this person manages, the oldest fault first."""
    return fixity.faults().filter(is_managed(actor))


def copy_faults(actor: Actor) -> QuerySet[CopyFault]:
    """Return the further copies at fault on cases that this person manages."""
    return fixity.copy_faults().filter(is_managed(actor, "version__document"))


def astray(actor: Actor) -> QuerySet[Version]:
    """Return the versions on cases that this person manages whose lock was not as it should be (RET-J8)."""
    return storage_locks.drifted().filter(is_managed(actor))


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
