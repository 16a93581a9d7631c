"""Checking what has come: viruses first, then the type, then what is inside. Called by workers; safe to repeat.

Nothing but the virus scanner touches the bytes before its verdict (SEC-24). What a station sends with active content is
rejected; only court staff may file such a thing. What is inside is looked at in `looking`.
"""

import tempfile
from pathlib import Path
from typing import IO
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor, system
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.core.jobs import JobName
from docstore.documents.vault import fetch
from docstore.intake.batches import enqueue_settling, go_on, record_on
from docstore.intake.feed import locked, tell
from docstore.intake.looking import Looked, look_inside
from docstore.intake.models import BatchState, Happening, Item, ItemState, Station
from docstore.intake.scan_models import Part, ScannedPage
from docstore.reading import scanner
from docstore.reading.scanner import Outcome

VIRUS = "The virus check found {name}. Nobody can open it. Look for a clean original and scan it again."
WAITING = "Safe. Waiting for the virus check: {why}."


def check_item(item_id: UUID) -> None:
    """Give an item that waits in quarantine its verdict: clean, rejected with a code, or still waiting."""
    item = Item.objects.select_related("batch__station").get(pk=item_id)
    if item.state != ItemState.QUARANTINED:
        return
    source: IO[bytes] = fetch(item.key, sha256=item.sha256)
    with source, tempfile.NamedTemporaryFile(prefix="docstore-") as copy:
        while piece := source.read(1024 * 1024):
            copy.write(piece)
        copy.flush()
        _check_bytes(item, Path(copy.name))


def _check_bytes(item: Item, path: Path) -> None:
    with path.open("rb") as stream:
        verdict = scanner.configured().scan(stream)
    if verdict.outcome is Outcome.UNKNOWN:
        wait_longer(item, why=verdict.detail)
        return
    if verdict.outcome is Outcome.FOUND:
        reject_item(item.pk, code="virus-found", detail=VIRUS.format(name=verdict.detail))
        return
    try:
        looked = look_inside(item, path, scanned_by=verdict.scanner)
    except Refusal as refusal:
        reject_item(item.pk, code=refusal.code, detail=refusal.sentence)
        return
    clear_item(item.pk, looked)


@transaction.atomic
def clear_item(item_id: UUID, looked: Looked) -> None:
    """The checks have passed. The item goes on to its place once its batch is closed."""
    station, item = held(item_id)
    if item.state != ItemState.QUARANTINED:
        return
    item.state, item.detail, item.code = ItemState.CLEAN, "", ""
    if looked.doubt is not None:  # kept until its place is looked for
        item.code, item.detail = looked.doubt.code, looked.doubt.reason
    item.media_type, item.pages, item.scanned_by, item.text = (
        looked.kind.value,
        looked.pages,
        looked.scanned_by,
        looked.text,
    )
    item.divided = bool(looked.parts)
    item.save()
    item.scanned_pages.all().delete()
    item.parts.all().delete()
    ScannedPage.objects.bulk_create(one.row(item) for one in looked.seen)
    Part.objects.bulk_create(one.row(item, number) for number, one in enumerate(looked.parts, start=1))
    tell(station, Happening.ITEM_CLEARED, item.batch, item=item)
    go_on(item, station)


@transaction.atomic
def reject_item(item_id: UUID, *, code: str, detail: str, by: Actor | None = None) -> None:
    """An item that cannot be taken: its sender must act. Its bytes are kept for a while and opened by nobody."""
    station, item = held(item_id)
    if item.state not in (ItemState.QUARANTINED, ItemState.CLEAN, ItemState.NEEDS_ATTENTION):
        return
    item.state, item.code, item.detail, item.text = ItemState.REJECTED, code, detail, ""
    item.save(update_fields=["state", "code", "detail", "text"])
    item.parts.all().delete()
    item.scanned_pages.update(words="[]")
    tell(station, Happening.ITEM_REJECTED, item.batch, item=item, detail=code)
    facts = {"item": item.seq, "code": code}
    record_on(Event.ITEM_REJECTED, by or system(JobName.INTAKE_CHECK), item.batch, facts)
    if item.batch.state == BatchState.VERIFYING:
        enqueue_settling(item.batch)


@transaction.atomic
def wait_longer(item: Item, *, why: str) -> None:
    """There is no verdict yet. The item stays in quarantine, says why, and is tried again by itself."""
    Item.objects.filter(pk=item.pk, state=ItemState.QUARANTINED).update(
        detail=WAITING.format(why=why), tried_seconds=clock.seconds()
    )


def held(item_id: UUID) -> tuple[Station, Item]:
    """Return an item with its station, both locked, in the order that every transaction of the room keeps."""
    known = Item.objects.select_related("batch").get(pk=item_id)
    station = locked(known.batch.station_id)
    return station, Item.objects.select_for_update(of=("self",)).select_related("batch").get(pk=item_id)
