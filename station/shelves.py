"""Moving files out of the watched folder: to done/ on a receipt, to failed/ with the reason. Never deletes a scan itself.

A move is a rename where it can be; between file systems it is a copy that is synced and compared before the source goes.
"""

import errno
import hashlib
import os
import shutil
from enum import Enum
from pathlib import Path

PIECE = 1024 * 1024


class Moved(Enum):
    """How a move ended."""

    MOVED = "moved"
    WAS_THERE = "it had been moved before the power went"
    REPLACED = "another file of the same name lies there now"
    GONE = "somebody took the file away"


def sha256_of(path: Path) -> str:
    """Return a file's digest without reading it into memory."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def place_for(folder: Path, name: str) -> Path:
    """Return a free place in a folder for a file of this name."""
    free = folder / name
    number = 2
    while free.exists():
        free = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return free


def move(source: Path, target: Path, *, sha256: str) -> Moved:
    """Move a file whose digest is still the one given. May be repeated after a power cut at any moment."""
    if not source.is_file() or source.is_symlink():
        return Moved.WAS_THERE if target.exists() else Moved.GONE
    if sha256 and sha256_of(source) != sha256:
        return Moved.WAS_THERE if target.exists() else Moved.REPLACED
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry_over(source, target)
    sync_folder(target.parent)
    sync_folder(source.parent)
    return Moved.MOVED


def _carry_over(source: Path, target: Path) -> None:
    fresh = target.with_name(f".{target.name}.part")
    try:
        with source.open("rb") as reading, fresh.open("wb") as writing:
            shutil.copyfileobj(reading, writing, PIECE)
            writing.flush()
            os.fsync(writing.fileno())
        if sha256_of(fresh) != sha256_of(source):
            raise OSError(errno.EIO, "the copy differs from the original", str(target))
        os.replace(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(target.parent)
    source.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.part")
    try:
        with fresh.open("wb") as writing:
            writing.write(content)
            writing.flush()
            os.fsync(writing.fileno())
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; network shares and Windows cannot be asked for this."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
