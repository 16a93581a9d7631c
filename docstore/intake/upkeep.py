"""Cleaning up after crashes at the door."""

from pathlib import Path

from django.conf import settings

from docstore.core import clock

GRACE_SECONDS = 24 * 60 * 60


def sweep_incoming() -> int:
    """Delete spooled uploads that nobody has touched for a day; return how many."""
    folder, count = Path(settings.FILE_UPLOAD_TEMP_DIR), 0
    for one in folder.glob("*.upload*"):
        if clock.seconds() - one.stat().st_mtime > GRACE_SECONDS:
            one.unlink(missing_ok=True)
            count += 1
    return count
