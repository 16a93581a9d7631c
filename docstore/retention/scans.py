"""What the door remembers of a paper that is destroyed: that something came, when, and from which station; not what it was.

Runs inside the transaction that ends a destruction. Control numbers, digests and receipts stay: they are the station's
evidence of custody and say nothing of the content.
"""

import json
from collections import Counter
from collections.abc import Collection
from typing import Any
from uuid import UUID

from docstore.intake.models import Batch, IntakeException, Item
from docstore.intake.scan_models import Part, ScannedPage
from docstore.retention.copies import scans_by_paper
from docstore.retention.relations import BLANKED

LISTS = ("items", "scannable_items")
NUMBERS = ("control_number", "document_control_number")
KEPT = (*NUMBERS, "seq", "bytes", "sha256")
OF_THE_WHOLE = ("case_reference", "case_number", "previous_service_case_reference", "non_scannable", "payments")
NOTHING_SAID = "-"


def forget(document_ids: Collection[UUID]) -> Counter[UUID]:
    """Blank every item from which papers came, what a person was asked about it, and its lines in the manifests.

    Return how many items of each paper that were.
    """
    by_paper = scans_by_paper(document_ids)
    rows = {one.pk: one for items in by_paper.values() for one in items}
    Part.objects.filter(document__in=document_ids).delete()
    if rows:
        Item.objects.filter(pk__in=rows).update(**BLANKED["Item"])
        ScannedPage.objects.filter(item__in=rows).update(words="[]")
        asked = IntakeException.objects.filter(item__in=rows)
        asked.update(reason=NOTHING_SAID, suggestions="[]")
        asked.filter(settled_at__isnull=False).update(note=NOTHING_SAID)
        for batch in {one.batch_id: one.batch for one in rows.values()}.values():
            _forget_in(batch, {one.control_number for one in rows.values() if one.batch_id == batch.pk})
    return Counter({paper: len(items) for paper, items in by_paper.items()})


def _forget_in(batch: Batch, numbers: set[str]) -> None:
    told: dict[str, Any] = json.loads(batch.manifest)
    for name in told.keys() & set(LISTS):
        told[name] = [_shortened(one, numbers) for one in told[name]]
    is_last = not batch.items.exclude(key="").exists()
    if is_last:  # nothing of the whole batch is left, so neither is what was said of all of it
        told = {name: value for name, value in told.items() if name not in OF_THE_WHOLE}
        batch.case_reference = ""
    batch.manifest = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    batch.save(update_fields=["manifest", "case_reference"])


def _shortened(entry: dict[str, Any], numbers: set[str]) -> dict[str, Any]:
    is_meant = any(entry.get(name) in numbers for name in NUMBERS)
    return {name: value for name, value in entry.items() if name in KEPT} if is_meant else entry
