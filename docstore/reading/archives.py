"""What a zip (every newer office document is one) may contain, told from its directory and again while inflating
(SEC-20, SEC-21).

Reads the directory only after its size and its number of entries are known to be bounded. Standard library only.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

MOST_DIRECTORY = 8 * 1024 * 1024
MOST_UNPACKED = 1024 * 1024 * 1024
RATIO_FROM = 4 * 1024 * 1024
CHUNK = 1024 * 1024
END = b"PK\x05\x06"
SPLIT_OR_LARGE = 0xFFFF
DAMAGED = (KeyError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError)


class BadArchive(ValueError):
    """Why the archive is refused, as the rest of a sentence that begins "The file is packed in a way …"."""


class LockedArchive(ValueError):
    """The archive needs a password."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many entries, how many bytes in all, and how many times its size one entry may unpack to (DOM-1.20)."""

    entries: int = 10_000
    unpacked: int = MOST_UNPACKED
    ratio: int = 200


USUAL = Bounds()


@dataclass(frozen=True, slots=True)
class Directory:
    """The names in an archive that passed every check."""

    names: frozenset[str]
    first: str


def check_directory(file: BinaryIO, bounds: Bounds = USUAL) -> Directory:
    """Read and judge the directory; raise BadArchive or LockedArchive."""
    _bound_directory(file, bounds)
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        raise BadArchive("its directory is damaged") from error
    if len(infos) > bounds.entries:
        raise BadArchive(f"it holds more than {bounds.entries:,} entries")
    seen: set[str] = set()
    for info in infos:
        _check_entry(info)
        folded = info.filename.casefold().rstrip("/")
        if folded in seen:
            raise BadArchive("it holds two entries of one name")
        seen.add(folded)
    _check_sizes(infos, bounds)
    return Directory(frozenset(info.filename for info in infos), infos[0].filename if infos else "")


def check_contents(file: BinaryIO) -> None:
    """Inflate every entry and count up to a GiB, because a directory may lie about sizes. Raise BadArchive.

    A damaged entry is left to the program that converts the file: it repairs more than a count needs to know.
    """
    total = 0
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            for size in _inflated(archive, info):
                total += size
                if total > MOST_UNPACKED:
                    raise BadArchive("it unpacks to more than 1 GiB")


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[int]:
    try:
        with archive.open(info) as entry:
            while chunk := entry.read(CHUNK):
                yield len(chunk)
    except DAMAGED:
        return


def read_entry(file: BinaryIO, name: str, limit: int) -> bytes:
    """Return at most `limit` bytes of one entry; nothing where it is missing or damaged."""
    try:
        with zipfile.ZipFile(file) as archive, archive.open(name) as entry:
            return entry.read(limit)
    except DAMAGED:
        return b""


def _bound_directory(file: BinaryIO, bounds: Bounds) -> None:
    end = file.seek(0, 2)
    start = max(0, end - 65_557)
    file.seek(start)
    tail = file.read(end - start)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < 22:
        raise BadArchive("it is cut off")
    entries, size = struct.unpack_from("<HI", tail, at + 10)
    if entries == SPLIT_OR_LARGE:
        raise BadArchive("it is split into parts")
    if entries > bounds.entries or size > MOST_DIRECTORY:
        raise BadArchive(f"it holds more than {bounds.entries:,} entries")


def _check_entry(info: zipfile.ZipInfo) -> None:
    # zipfile cuts a name at its first NUL and keeps the rest in orig_filename
    name = info.orig_filename
    path = PurePosixPath(name.replace("\\", "/"))
    if "\0" in name or name.startswith(("/", "\\")) or ".." in path.parts or name[1:2] == ":":
        raise BadArchive("one of its entries would be unpacked outside its own folder")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadArchive("it holds a link or a device")
    if info.flag_bits & 0x1:
        raise LockedArchive


def _check_sizes(infos: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    if sum(info.file_size for info in infos) > bounds.unpacked:
        raise BadArchive(f"it unpacks to more than {bounds.unpacked // 1024**2:,} MiB")
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > bounds.ratio * max(info.compress_size, 1):
            raise BadArchive(f"one of its entries unpacks to more than {bounds.ratio} times its size")
