"""Bytes as they arrive: spooled to `incoming`, hashed and limited on the way, so that nothing is read twice (SEC-17)."""

import hashlib
from typing import Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from docstore.core import conf
from docstore.core.errors import TooLarge

FIELDS_ALLOWANCE = 1024 * 1024


class HashingUploadHandler(TemporaryFileUploadHandler):
    """Spools every file to disk; its digest stands in `sha256` of the uploaded file. Raises TooLarge while streaming."""

    chunk_size = 1024 * 1024

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any, **more: Any) -> None:  # noqa: N803 - Django's name
        """Refuse by the announced length before a byte is read."""
        limit = conf.get().limits.file_bytes
        if content_length > limit + FIELDS_ALLOWANCE:
            raise TooLarge(limit=words_for(limit))

    def new_file(self, *rest: Any, **more: Any) -> None:
        super().new_file(*rest, **more)
        self._digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        limit = conf.get().limits.file_bytes
        if start + len(raw_data) > limit:
            self.file.close()
            raise TooLarge(limit=words_for(limit))
        self._digest.update(raw_data)
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> TemporaryUploadedFile:
        file = cast(TemporaryUploadedFile, super().file_complete(file_size))
        file.sha256 = self._digest.hexdigest()  # type: ignore[attr-defined] # what the door asks every file for
        return file


def words_for(size: int) -> str:
    """Return a size as people say it."""
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "kB")):
        if size >= unit:
            return f"{size / unit:.0f} {name}"
    return f"{size} bytes"
