"""The vault in a folder: an object is there whole or not at all, whoever puts it at the same time and whenever it breaks off."""

import hashlib
import io
import threading
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from docstore.documents.vault import FileVault, VaultIsDown

CONTENT = b"a page of words" * 40_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
KEY = f"cases/one/two/1-{DIGEST}"


class Slow(io.BytesIO):
    """Bytes of which the second half comes later."""

    def __init__(self) -> None:
        super().__init__(CONTENT)
        self.begun, self.go_on = threading.Event(), threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            self.begun.set()
            assert self.go_on.wait(10)
        return super().read(size)


class Broken(io.BytesIO):
    """Bytes that break off."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("the disk is gone")
        return super().read(size)


def put(vault: FileVault, source: io.BytesIO) -> None:
    vault.put(KEY, source, sha256=DIGEST, size=len(CONTENT), media_type="text/plain")


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    return FileVault(FileSystemStorage(location=tmp_path))


def files(folder: Path) -> list[str]:
    return [str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()]


def test_who_puts_the_same_while_it_is_being_written_finds_no_half_of_it(vault: FileVault, tmp_path: Path) -> None:
    slow = Slow()
    first = threading.Thread(target=put, args=(vault, slow))
    first.start()
    assert slow.begun.wait(10)
    assert not vault.has(KEY)
    put(vault, io.BytesIO(CONTENT))
    slow.go_on.set()
    first.join()
    assert b"".join(vault.read(KEY)) == CONTENT
    assert files(tmp_path) == [KEY]


def test_what_breaks_off_leaves_nothing_under_the_name(vault: FileVault) -> None:
    with pytest.raises(VaultIsDown):
        put(vault, Broken(CONTENT))
    assert not vault.has(KEY)
    put(vault, io.BytesIO(CONTENT))
    assert b"".join(vault.read(KEY)) == CONTENT
