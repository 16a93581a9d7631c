"""Cleaning up at the door: spooled files, unfinished uploads, and bytes that were not taken for good."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from docstore.core import clock, conf
from docstore.intake.drafts import forget_old_drafts
from docstore.intake.models import BatchState, Item, ItemState
from docstore.intake.uploads import sweep_uploads

GRACE_SECONDS = 24 * 60 * 60


def sweep() -> int:
    """Do all of it; return how many things went."""
    return sweep_incoming() + sweep_uploads() + let_go_of_rejected() + let_go_of_divided() + forget_old_drafts()


def sweep_incoming() -> int:
    """Delete spooled uploads that nobody has touched for a day; return how many."""
    folder, count = Path(settings.FILE_UPLOAD_TEMP_DIR), 0
    for one in folder.glob("*.upload*"):
        if clock.seconds() - one.stat().st_mtime > GRACE_SECONDS:
            one.unlink(missing_ok=True)
            count += 1
    return count


def let_go_of_rejected() -> int:
    """Forget where the bytes of rejected items lie, some days after their batch has ended; the sweeper of the vault then
    finds them without an owner. Their rows and digests stay.
    """
    before = clock.now() - timedelta(hours=conf.get().intake.rejected_hours)
    ended = [BatchState.ACCEPTED_WITH_EXCEPTIONS, BatchState.REJECTED, BatchState.EXPIRED]
    rows = Item.objects.filter(state=ItemState.REJECTED, document__isnull=True, batch__state__in=ended)
    return rows.filter(batch__settled_at__lt=before).exclude(key="").update(key="")


def let_go_of_divided() -> int:
    """Forget where the whole bytes of a divided item lie once all that was cut out of it is destroyed: a scan must not
    outlive the papers in it (RET). The sweeper of the vault then finds them without an owner.
    """
    rows = Item.objects.filter(divided=True, document__isnull=False, parts__isnull=True).exclude(key="")
    return rows.update(key="")
