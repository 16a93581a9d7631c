"""The table of contents of an OLE file (Word, Excel, PowerPoint up to 2003, Outlook), read with a bound on everything.

Only names and the start of a stream: enough to tell one kind from another. What is inside is read in the sandbox alone.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MOST_SECTORS = 4_096
NO_SECTOR = 0xFFFFFFFA
ENTRY = 128


class NotReadable(ValueError):
    """The table of contents is damaged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One stream or folder: its name, where its bytes begin and how many they are."""

    name: str
    folder: bool
    first: int
    size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """The entries of the file, those of nested objects included, in the order in which they are kept."""

    sector_size: int
    entries: tuple[Entry, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of all entries."""
        return frozenset(entry.name for entry in self.entries)


def read_contents(file: BinaryIO) -> Contents:
    """Read the directory of an OLE file; raise NotReadable where it is damaged or larger than anything honest."""
    file.seek(0)
    header = file.read(512)
    if len(header) < 512 or not header.startswith(MAGIC):
        raise NotReadable("no header")
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        raise NotReadable("odd sector size")
    size = 1 << shift
    tables = [place for place in struct.unpack_from("<109I", header, 76) if place < NO_SECTOR]
    sector = struct.unpack_from("<I", header, 48)[0]
    entries: list[Entry] = []
    seen: set[int] = set()
    while sector < NO_SECTOR and len(seen) < MOST_SECTORS:
        if sector in seen:
            raise NotReadable("a loop in its directory")
        seen.add(sector)
        entries += _entries(_sector(file, sector, size))
        sector = _next(file, tables, sector, size)
    return Contents(size, tuple(entries))


def read_start(file: BinaryIO, contents: Contents, name: str, length: int) -> bytes:
    """Return the first bytes of a stream that is kept in whole sectors; at most one sector of them."""
    for entry in contents.entries:
        if entry.name == name and not entry.folder and entry.size >= 4_096:
            return _sector(file, entry.first, contents.sector_size)[:length]
    return b""


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    return file.read(size)


def _next(file: BinaryIO, tables: list[int], sector: int, size: int) -> int:
    per_table = size // 4
    index = sector // per_table
    if index >= len(tables):
        return NO_SECTOR
    table = _sector(file, tables[index], size)
    offset = (sector % per_table) * 4
    if len(table) < offset + 4:
        raise NotReadable("its sector table is cut off")
    return int(struct.unpack_from("<I", table, offset)[0])


def _entries(sector: bytes) -> list[Entry]:
    found = []
    for start in range(0, len(sector) - ENTRY + 1, ENTRY):
        raw = sector[start : start + ENTRY]
        length = struct.unpack_from("<H", raw, 64)[0]
        kind = raw[66]
        if kind not in (1, 2, 5) or not 2 <= length <= 64:
            continue
        name = raw[: length - 2].decode("utf-16-le", errors="replace")
        first, size = struct.unpack_from("<II", raw, 116)
        found.append(Entry(name, kind != 2, first, size))
    return found
