"""Having the locks of papers looked at again because their dates have changed (RET-J7). One statement for many records."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from docstore.core import clock, conf
from docstore.documents.models import Filing, Version
from docstore.retention.vocabulary import Record, RecordKind


def look_again(records: Collection[Record]) -> None:
    """Put the stored versions of these records at the head of the queue; nothing where the storage locks nothing."""
    if not records or not conf.get().vault_lock_days:
        return
    cases: list[UUID] = [one.id for one in records if one.kind is RecordKind.CASE]
    documents: list[UUID] = [one.id for one in records if one.kind is RecordKind.DOCUMENT]
    filed = Filing.objects.filter(case__in=cases).values("document_id")
    about = Q(document__in=filed) | Q(document__in=documents) if cases else Q(document__in=documents)
    now = clock.now()
    Version.objects.filter(about, lock_at__gt=now).update(lock_at=now)
