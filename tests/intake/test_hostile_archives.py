"""Archives that would write where they should not, or twice: refused in the outer and in the inner zip of an envelope."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from docstore.intake.envelope_zip import ArchiveInvalid, opened
from tests.intake.envelopes import PDF, sealed, trust, zipped
from tests.reading.papers import NO_FILES, with_entry_of

INNER = {"metadata.json": b"{}", "1.pdf": PDF}
NAMES = {
    "an absolute path": "/etc/1.pdf",
    "an absolute path of Windows": "\\1.pdf",
    "a path outside": "../1.pdf",
    "a path outside, later": "a/../../1.pdf",
    "a path outside of Windows": "..\\1.pdf",
    "a drive letter": "C:1.pdf",
    "a drive letter and a path": "C:\\1.pdf",
    "a NUL": "1\0.pdf",
}
Spoil = Any


def named(name: str) -> Spoil:
    """One more entry, of this name: the bytes are changed, because the library would write a better one."""
    marked = name.replace("\0", "_").replace("\\", "|")

    def spoil(raw: bytes) -> bytes:
        return _added(raw, marked).replace(marked.encode(), name.encode())

    return spoil


def kind(number: int) -> Spoil:
    return lambda raw: with_entry_of(number, raw, "2.pdf")


def twice(raw: bytes) -> bytes:
    """A name that is there already, but for its case: one file where names are compared without it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        first = archive.namelist()[0]
    return _added(raw, first.upper())


def _added(raw: bytes, name: str) -> bytes:
    kept = io.BytesIO(raw)
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(name, b"x")
    return kept.getvalue()


HOSTILE = {
    **{said: named(name) for said, name in NAMES.items()},
    **{said: kind(number) for said, number in NO_FILES.items()},
    "one name twice": twice,
}


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> None:
    trust(tmp_path / "keys")
    intake = {**settings.DOCSTORE["INTAKE"], "ENVELOPE_KEYS": str(tmp_path / "keys")}
    settings.DOCSTORE = {**settings.DOCSTORE, "INTAKE": intake}


def open_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "envelope.zip"
    path.write_bytes(content)
    with opened(path):
        pass


def test_an_archive_as_it_should_be_is_opened(tmp_path: Path) -> None:
    open_it(sealed(zipped(INNER)), tmp_path)


@pytest.mark.requirement("SEC-21")
@pytest.mark.parametrize("spoil", HOSTILE.values(), ids=HOSTILE)
def test_an_entry_that_does_not_belong_is_refused_outside_and_inside(tmp_path: Path, spoil: Spoil) -> None:
    """Both are the supplier's own, signed: what is refused is the entry and nothing else."""
    for content in (spoil(sealed(zipped(INNER))), sealed(spoil(zipped(INNER)))):
        with pytest.raises(ArchiveInvalid) as refused:
            open_it(content, tmp_path)
        assert "damaged" not in refused.value.sentence
