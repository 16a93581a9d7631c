"""Which files in the watched folder are finished scans. Looks, and changes nothing.

A file counts as settled when its size and time have stood still for a while, counted by this process and not by the
file's own time, and when nobody else holds it. Links, pipes, hidden and temporary names are none of the agent's business.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from station import clock

try:
    import fcntl
except ImportError:  # a PC with Windows: there an open that is not shared fails by itself
    fcntl = None  # type: ignore[assignment]

TEMPORARY = (
    ".tmp",
    ".temp",
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".filepart",
    ".swp",
    ".lock",
    ".bak",
    "~",
)
HIDDEN = (".", "~$", "_~")
SYSTEM = {"thumbs.db", "desktop.ini", "status.txt"}
DEEPEST = 3
PATIENCE_WITHOUT_END = 6
PDF_END = b"%%EOF"
TAIL_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file, as it looked."""

    path: Path
    size: int
    mtime_ns: int


class Folder:
    """The watched folder over time."""

    def __init__(self, root: Path, *, settle_seconds: float, leave_out: set[Path]) -> None:
        self._root = root
        self._settle = settle_seconds
        self._leave_out = leave_out
        self._seen: dict[Path, tuple[Found, float]] = {}

    def look(self) -> tuple[list[Found], set[Path]]:
        """Return the settled files, the oldest first, and those that are still being written."""
        now, seen, settled = clock.monotonic(), {}, []
        for one in self._files(self._root, 0):
            before, since = self._seen.get(one.path, (None, now))
            since = since if before == one else now
            seen[one.path] = (one, since)
            if now - since >= self._patience(one) and is_free(one.path):
                settled.append(one)
        self._seen = seen
        settled.sort(key=lambda one: (one.mtime_ns, str(one.path)))
        return settled, set(seen) - {one.path for one in settled}

    def _patience(self, one: Found) -> float:
        """A PDF without its end has probably not been written to the end; it gets more time, not for ever."""
        if one.path.suffix.lower() == ".pdf" and not ends_properly(one.path):
            return self._settle * PATIENCE_WITHOUT_END
        return self._settle

    def _files(self, folder: Path, depth: int) -> Iterator[Found]:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                path = Path(entry.path)
                if is_ignored(entry.name) or path in self._leave_out:
                    continue
                with suppress(OSError):
                    told = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(told.st_mode):
                        yield Found(path, told.st_size, told.st_mtime_ns)
                    elif stat.S_ISDIR(told.st_mode) and depth < DEEPEST:
                        yield from self._files(path, depth + 1)


def is_ignored(name: str) -> bool:
    """Whether a name says that this is no finished scan."""
    low = name.lower()
    return low.startswith(HIDDEN) or low.endswith(TEMPORARY) or low in SYSTEM


def is_free(path: Path) -> bool:
    """Whether nobody else holds the file open for writing, as far as the system tells."""
    try:
        with path.open("rb+") as held:
            if fcntl is not None:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except OSError:
        return os.access(path, os.R_OK) and not os.access(path, os.W_OK)


def ends_properly(path: Path) -> bool:
    """Whether a PDF bears the mark of its end."""
    try:
        with path.open("rb") as source:
            source.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return PDF_END in source.read()
    except OSError:
        return False
