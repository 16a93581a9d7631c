"""The bytes of a version, in the hands of a warm child or as a file with a path."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from docstore.documents.models import Version
from docstore.documents.vault import fetch
from docstore.reading import readers
from docstore.reading.kinds import Kind
from docstore.reading.readers import Reader


@contextmanager
def reader_of(version: Version) -> Iterator[Reader]:
    """The warm child that serves this version; its bytes are fetched only if no child has them yet."""

    def opener() -> BinaryIO:
        return cast(BinaryIO, fetch(version.key, sha256=version.sha256))

    kind = Kind(version.media_type)
    with readers.of_process().borrow(key=str(version.pk), source=opener, kind=kind) as reader:
        yield reader


@contextmanager
def fetched(version: Version) -> Iterator[Path]:
    """The version's bytes as a file with a path."""
    source: IO[bytes] = fetch(version.key, sha256=version.sha256)
    with source, tempfile.NamedTemporaryFile(prefix="docstore-") as copy:
        while piece := source.read(1024 * 1024):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
