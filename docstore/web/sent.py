"""A file as a browser sent it, for the rooms: the upload handler has spooled and hashed it."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile

from docstore.intake.actions import Incoming


def incoming_of(file: Any) -> Incoming:
    """Return a file that the upload handler has spooled and hashed."""
    spooled: TemporaryUploadedFile = file
    return Incoming(
        path=Path(spooled.temporary_file_path()),
        name=spooled.name or "document",
        declared=spooled.content_type,
        size=spooled.size or 0,
        sha256=spooled.sha256,  # type: ignore[attr-defined] # set by intake.receiving
    )
