"""What was done with each file, on this PC's disk, so that a power cut at any moment loses nothing and repeats nothing.

One SQLite file in WAL mode; every commit is synced before the next step is taken. Knows paths and states, no network.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from station.outcomes import Exit, Stopped

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    id INTEGER PRIMARY KEY, external_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, opened_at TEXT NOT NULL,
    reference TEXT NOT NULL DEFAULT '', request_key TEXT NOT NULL, server_id TEXT NOT NULL DEFAULT '',
    site TEXT NOT NULL DEFAULT '', receipt BLOB, index_file TEXT NOT NULL DEFAULT '', ended_at TEXT NOT NULL DEFAULT '',
    cleared INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS item (
    id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (id), seq INTEGER NOT NULL, path TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, state TEXT NOT NULL, control_number TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL, reference TEXT NOT NULL DEFAULT '', media_type TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '', pages INTEGER, upload TEXT NOT NULL DEFAULT '', target TEXT NOT NULL DEFAULT '',
    advice TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX IF NOT EXISTS item_waits ON item (path) WHERE state NOT IN ('done', 'failed');
CREATE INDEX IF NOT EXISTS item_of_batch ON item (batch);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class BatchState(StrEnum):
    """How far a batch has come."""

    FOUND = "found"
    DECLARED = "declared"
    CLOSED = "closed"
    RECEIPTED = "receipted"
    ENDED = "ended"


class ItemState(StrEnum):
    """How far one file has come. REFUSED by the server, FAILED: moved aside with the reason beside it. DONE: moved on a receipt."""

    DISCOVERED = "discovered"
    HASHED = "hashed"
    DECLARED = "declared"
    UPLOADED = "uploaded"
    RECEIPTED = "receipted"
    REFUSED = "refused"
    DONE = "done"
    FAILED = "failed"


OVER = (ItemState.DONE, ItemState.FAILED)


@dataclass(frozen=True, slots=True)
class Batch:
    """A row of `batch`."""

    id: int
    external_id: str
    state: BatchState
    opened_at: str
    reference: str
    request_key: str
    server_id: str
    site: str
    receipt: bytes | None
    index_file: str
    ended_at: str
    cleared: int


@dataclass(frozen=True, slots=True)
class Item:
    """A row of `item`: one file."""

    id: int
    batch: int
    seq: int
    path: Path
    size: int
    mtime_ns: int
    state: ItemState
    control_number: str
    type: str
    reference: str
    media_type: str
    sha256: str
    pages: int | None
    upload: str
    target: str
    advice: str
    note: str

    @property
    def is_over(self) -> bool:
        return self.state in OVER


class JournalTrouble(Stopped):
    """The journal cannot be written: the disk is full or failing. Nothing goes on without it."""

    code = Exit.DISK_TROUBLE


class AlreadyRunning(Stopped):
    """Another agent works on this state folder."""

    code = Exit.SETTINGS_WRONG


class Journal:
    """The journal in one folder; holds the folder for itself for as long as it is open."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = sqlite3.connect(folder / "lock.sqlite3", timeout=0, isolation_level=None)
            self._db = sqlite3.connect(folder / "journal.sqlite3", timeout=10, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise JournalTrouble(f"The folder {folder} cannot be written: {error}.") from error
        self._hold(folder)
        self._db.row_factory = sqlite3.Row
        with self._told_plainly():
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.executescript(SCHEMA)

    def _hold(self, folder: Path) -> None:
        try:
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self.close()
            raise AlreadyRunning(
                f"Another agent already works with {folder}; or its disk is full ({error})."
            ) from error

    def close(self) -> None:
        """Let go of the folder."""
        self._db.close()
        self._lock.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write several things or none of them."""
        with self._told_plainly():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def add_batch(
        self, *, external_id: str, opened_at: str, reference: str, request_key: str, index_file: str = ""
    ) -> int:
        """Write down a new batch and return its id."""
        return self._insert(
            "INSERT INTO batch (external_id, state, opened_at, reference, request_key, index_file) VALUES (?, ?, ?, ?, ?, ?)",
            (external_id, BatchState.FOUND, opened_at, reference, request_key, index_file),
        )

    def add_item(self, **columns: object) -> int:
        """Write down a file of a batch."""
        names = (
            "batch",
            "seq",
            "path",
            "size",
            "mtime_ns",
            "control_number",
            "type",
            "reference",
            "media_type",
            "pages",
        )
        return self._insert(
            f"INSERT INTO item ({', '.join(names)}, state) VALUES ({', '.join('?' * len(names))}, ?)",  # noqa: S608 - the names above
            (*(columns[name] for name in names), ItemState.DISCOVERED),
        )

    def set_batch(self, id: int, **columns: object) -> None:
        """Change columns of a batch."""
        self._set("batch", id, columns)

    def set_item(self, id: int, **columns: object) -> None:
        """Change columns of a file."""
        self._set("item", id, columns)

    def batches_at_work(self) -> list[Batch]:
        """Every batch that is not ended, the oldest first."""
        return self._batches("state != ? ORDER BY id", (BatchState.ENDED,))

    def batches_to_clear(self, before: str) -> list[Batch]:
        """Every batch that ended on a receipt before then and whose files still lie in done/."""
        which = "state = ? AND receipt IS NOT NULL AND cleared = 0 AND ended_at < ? ORDER BY id"
        return self._batches(which, (BatchState.ENDED, before))

    def batch(self, id: int) -> Batch:
        """The batch as it stands now."""
        return self._batches("id = ?", (id,))[0]

    def items(self, batch: int) -> list[Item]:
        """The files of a batch, in order."""
        return self._items("batch = ? ORDER BY seq", (batch,))

    def waiting_paths(self) -> set[Path]:
        """Files that the journal already has in hand."""
        return {one.path for one in self._items("state NOT IN ('done', 'failed')", ())}

    def counts(self) -> dict[str, int]:
        """How many files there are in each state."""
        with self._told_plainly():
            return dict(self._db.execute("SELECT state, count(*) FROM item GROUP BY state").fetchall())

    def items_since(self, opened_at: str) -> list[tuple[Batch, Item]]:
        """What was found since then, for the daily statement."""
        rows = self._batches("opened_at >= ? ORDER BY id", (opened_at,))
        return [(batch, item) for batch in rows for item in self.items(batch.id)]

    def fact(self, name: str) -> str:
        """A remembered fact; empty where there is none."""
        with self._told_plainly():
            row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def remember(self, name: str, value: str) -> None:
        """Keep a fact."""
        with self._told_plainly():
            self._db.execute(
                "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
            )

    def _batches(self, where: str, values: tuple[object, ...]) -> list[Batch]:
        with self._told_plainly():
            rows = self._db.execute(f"SELECT * FROM batch WHERE {where}", values).fetchall()  # noqa: S608 - conditions of this file
        return [Batch(**{**dict(row), "state": BatchState(row["state"])}) for row in rows]

    def _items(self, where: str, values: tuple[object, ...]) -> list[Item]:
        with self._told_plainly():
            rows = self._db.execute(f"SELECT * FROM item WHERE {where}", values).fetchall()  # noqa: S608 - conditions of this file
        return [Item(**{**dict(row), "state": ItemState(row["state"]), "path": Path(row["path"])}) for row in rows]

    def _insert(self, statement: str, values: tuple[object, ...]) -> int:
        with self._told_plainly():
            return int(self._db.execute(statement, values).lastrowid or 0)

    def _set(self, table: str, id: int, columns: dict[str, object]) -> None:
        marks = ", ".join(f"{name} = ?" for name in columns)
        with self._told_plainly():
            self._db.execute(f"UPDATE {table} SET {marks} WHERE id = ?", (*columns.values(), id))  # noqa: S608 - our own column names

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise JournalTrouble(
                f"The agent's journal cannot be written: {error}. Make room on the disk; nothing was lost."
            ) from error
