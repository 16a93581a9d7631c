"""The vault's sweeper: objects that nobody refers to (REL-2, REL-19). A crash between the put and the commit leaves one.

Nothing younger than a day is touched. What is older and belongs to no row is copied to `lost+found/`, where it stays for
thirty days, and only then deleted; each is told of in the log, so that nothing vanishes unexplained. Large objects that
were begun and never assembled were nobody's yet: their parts are let go of at once (REL-14).
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import transaction

from docstore.access.actor import system
from docstore.audit.events import Event
from docstore.core import clock, locks
from docstore.core.hashing import sha256_hex
from docstore.documents.erasure import eraser
from docstore.documents.models import Rendition, Version
from docstore.documents.vault import Stored, fetch, vault
from docstore.intake.draft_models import Draft
from docstore.intake.models import Item, Upload
from docstore.intake.scan_models import Part
from docstore.retention.disposal_models import DestructionTarget, TargetStatus
from docstore.retention.trail import tell_all

log = logging.getLogger(__name__)

SWEPT = ("cases/", "batches/", "renditions/")
LOST = "lost+found/"
GRACE_SECONDS = 24 * 60 * 60
KEPT_SECONDS = 30 * GRACE_SECONDS
AT_ONCE = 500
# Every column that says where bytes lie under the swept prefixes; a rule test holds this against the models.
KEY_COLUMNS = (Version, Rendition, Item, Part, Draft)


def sweep_vault() -> int:
    """Set aside what belongs to nothing, and delete what was set aside a month ago; return how many were moved or deleted."""
    with locks.named("vault sweep"):
        moved = sum(_set_aside(one) for one in orphans())
        deleted = sum(_delete(one) for one in vault().stored(LOST) if _age(one) > KEPT_SECONDS)
        return moved + deleted + let_go_of_parts()


def let_go_of_parts() -> int:
    """Have the storage forget what was begun over a day ago, never assembled, and is no upload's that still goes on."""
    parts, count = vault().in_parts, 0
    if parts is None:
        return 0
    for one in parts.begun(""):
        old = clock.seconds() - one.seconds > GRACE_SECONDS
        if old and not Upload.objects.filter(assembly=one.assembly, is_complete=False).exists():
            log.warning("Parts of an object that was never assembled were given up: %s", one.key)
            parts.forget(one.key, one.assembly)
            count += 1
    return count


def orphans() -> Iterator[Stored]:
    """Yield objects older than a day that no row refers to."""
    for prefix in SWEPT:
        old = (one for one in vault().stored(prefix) if _age(one) > GRACE_SECONDS)
        while some := list(islice(old, AT_ONCE)):
            known = _known(one.key for one in some)
            yield from (one for one in some if one.key not in known)


def _known(keys: Iterable[str]) -> set[str]:
    wanted: Sequence[str] = list(keys)
    found: set[str] = set()
    for model in KEY_COLUMNS:
        found |= set(model._default_manager.filter(key__in=wanted).values_list("key", flat=True))
    return found


def _set_aside(one: Stored) -> bool:
    """Copy first, look once more whether somebody refers to it by now, and only then remove."""
    digest = sha256_hex(vault().read(one.key))
    with fetch(one.key, sha256=digest) as content:
        vault().put(f"{LOST}{one.key}", content, sha256=digest, size=one.size, media_type="application/octet-stream")
    if _known([one.key]):
        return False
    _tell_if_destroyed(one.key)
    log.warning("An object of %s bytes belongs to nothing and was set aside: %s", one.size, one.key)
    return _remove(one.key)


def _tell_if_destroyed(key: str) -> None:
    """Bytes under a name whose destruction was proven are no crash's leftover: somebody or something brought them back."""
    gone = DestructionTarget.objects.filter(locator=key, status=TargetStatus.VERIFIED).select_related("item__list")
    found = gone.order_by("-id").first()
    if found is None:
        return
    log.error("Bytes came back under a name that was destroyed: %s", key)
    item = found.item
    facts = {"kind": item.kind, "record": str(item.record), "certificate": item.list.certificate.number}
    with transaction.atomic():
        tell_all(Event.DESTROYED_CAME_BACK, system("sweeper"), facts)


def _delete(one: Stored) -> bool:
    log.warning("An object that was set aside a month ago was deleted: %s", one.key)
    return _remove(one.key)


def _remove(key: str) -> bool:
    refused = eraser().remove(eraser().survey(key))
    for one in refused:
        log.error("The storage does not let go of %s: %s", key, one.why)
    return not refused


def _age(one: Stored) -> float:
    return clock.seconds() - one.seconds
