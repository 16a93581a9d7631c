"""The vault in a folder: an object is there whole or not at all, whoever puts it at the same time and whenever it breaks off."""

import hashlib
import io
import os
import threading
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection

from docstore.documents.outages import VaultIsDown
from docstore.documents.vault import FileVault

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


def test_bytes_are_synced_before_they_have_their_name_and_the_name_before_the_put_is_over(
    vault: FileVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut keeps what was synced and nothing else; so what was synced when is what counts (REL promise 1)."""
    synced = watch(monkeypatch, vault)

    put(vault, io.BytesIO(CONTENT))

    [(beside, size, had_name), *folders] = synced
    assert (beside.parent, size, had_name) == ((tmp_path / KEY).parent, len(CONTENT), False)
    above = [one for one in (tmp_path / KEY).parents if one.is_relative_to(tmp_path)]
    assert [(path, had_name) for path, _, had_name in folders] == [(one, True) for one in above]
    assert above[-1] == tmp_path


def test_who_finds_the_object_there_already_does_not_trust_that_its_name_is_synced(
    vault: FileVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may have made the name and not yet synced it when a second one gives a receipt for the same bytes."""
    put(vault, io.BytesIO(CONTENT))
    synced = watch(monkeypatch, vault)
    put(vault, io.BytesIO(CONTENT))
    assert [path for path, _, _ in synced] == [one for one in (tmp_path / KEY).parents if one.is_relative_to(tmp_path)]


def watch(monkeypatch: pytest.MonkeyPatch, vault: FileVault) -> list[tuple[Path, int, bool]]:
    """Note of every real sync from now on what was synced, how long it was, and whether the object had its name by then."""
    synced: list[tuple[Path, int, bool]] = []
    fsync = os.fsync

    def noting(handle: int) -> None:
        fsync(handle)
        synced.append((Path(os.readlink(f"/proc/self/fd/{handle}")), os.fstat(handle).st_size, vault.has(KEY)))

    monkeypatch.setattr(os, "fsync", noting)
    return synced


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL syncs a commit by itself")
def test_a_row_that_somebody_was_told_of_outlasts_a_power_cut_too() -> None:
    with connection.cursor() as cursor:
        [(synchronous,)] = cursor.execute("PRAGMA synchronous").fetchall()
    assert synchronous == 2  # FULL
