"""The ledger of destroyed things: keyed digests in locked storage, so that destroyed stays destroyed after a restore (G17)."""

import hashlib
import json
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor, system
from docstore.audit.anchor import anchor
from docstore.audit.events import Event
from docstore.audit.models import SealedLog
from docstore.audit.sealing import anchored_sizes, prefix
from docstore.cases.lifecycle import GONE, Lifecycle
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.models import Document
from docstore.retention.batches import in_batches
from docstore.retention.disposal_models import (
    DestructionSwitch,
    DisposalList,
    ItemState,
    ListItem,
    TargetKind,
    TargetStatus,
)
from docstore.retention.fingerprints import fingerprint
from docstore.retention.trail import tell_all

PER_ENTRY = 200
FORMAT = 1


def write(made: DisposalList) -> int:
    """Put what was destroyed since the last time into the ledger; return how many records. Safe to repeat after a crash."""
    written = 0
    while batch := list(_waiting(made)[:PER_ENTRY]):
        entry = _entry(made, batch)
        name = f"{prefix()}ledger/{made.number}-{hashlib.sha256(entry).hexdigest()[:16]}.json"
        anchor().put(name, entry)
        ListItem.objects.filter(pk__in=[one.pk for one in batch]).update(ledgered_at=clock.now())
        written += len(batch)
    return written


def is_whole(made: DisposalList) -> bool:
    return not _waiting(made).exists()


def is_older_than_anchor() -> bool:
    """Whether locked storage knows of a log that reaches further than this database: a backup was restored (T15)."""
    sizes = anchored_sizes()
    from_log = sizes[-1][0] if sizes else 0
    return from_log > _sealed_size()


def replay(*, by: Actor | None = None) -> list[UUID]:
    """Shut away every record that the ledger says is destroyed and that a restored database has brought back.

    Nobody can read it from this commit on; `restored.make_lists` has it destroyed again. Return which records these are.
    """
    actor, found = by or system("restore"), []
    known = dict(_entries())
    if not known:
        return []
    secret = _secret()
    for model in (Document, Case):
        for batch in in_batches(model.objects.exclude(lifecycle__in=GONE)):
            back = {one.pk: known[key] for one in batch if (key := fingerprint(secret, str(one.pk))) in known}
            for record, certificate in back.items():
                with transaction.atomic():
                    model.objects.filter(pk=record).update(lifecycle=Lifecycle.DESTROYING, certificate=certificate)
                    kind = "case" if model is Case else "document"
                    facts = {"kind": kind, "record": str(record), "certificate": certificate}
                    tell_all(Event.DESTROYED_CAME_BACK, actor, facts)
                found.append(record)
    return found


def _waiting(made: DisposalList):  # type: ignore[no-untyped-def] # a queryset of items
    return made.items.filter(state=ItemState.DESTROYED, ledgered_at=None).order_by("place")


def _entry(made: DisposalList, items: list[ListItem]) -> bytes:
    secret = _secret()
    rows = []
    for item in items:
        settled = item.targets.filter(status=TargetStatus.VERIFIED)
        papers = settled.filter(kind=TargetKind.DATABASE_TEXT).exclude(paper="").values_list("paper", flat=True)
        records = {str(item.record), *papers} if item.action != "strip" else set(papers)
        copies = settled.filter(kind=TargetKind.OBJECT_VERSION)
        rows.append(
            {
                "records": sorted(fingerprint(secret, one) for one in records),
                "keys": sorted({fingerprint(secret, one.locator) for one in copies}),
                "content": sorted({fingerprint(secret, one.sha256) for one in copies if one.sha256}),
                "destroyed_at": item.finished_at.isoformat() if item.finished_at else "",
            }
        )
    told = {"format": FORMAT, "certificate": made.certificate.number, "list": made.number, "entries": rows}
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def _entries() -> Iterator[tuple[str, str]]:
    """Yield (keyed record id, certificate) of everything in the ledger."""
    for key in anchor().keys(f"{prefix()}ledger/"):
        told = json.loads(anchor().read(key) or b"{}")
        for row in told.get("entries", ()):
            yield from ((one, told["certificate"]) for one in row["records"])


def _secret() -> bytes:
    return bytes(DestructionSwitch.objects.get_or_create(pk=1)[0].secret)


def _sealed_size() -> int:
    from_db = SealedLog.objects.filter(pk=1).values_list("size", flat=True).first()
    return int(from_db or 0)
