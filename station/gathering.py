"""From settled files to batches in the journal: what belongs together, to which case, under which control number."""

import re
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from station import clock, notes, shelves
from station.folder import Found
from station.index_files import IndexWrong, Row, read_index
from station.journal import Journal
from station.settings import Index, Settings

TYPES = {
    ".pdf": "application/pdf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
NOT_A_SCAN = "Files of this kind are not sent; a scanner makes PDF, TIFF, JPEG or PNG. Send it another way, or name it in the settings as an index file."


@dataclass(frozen=True, slots=True)
class Taken:
    """A file about to enter a batch, and what is known of it besides its bytes."""

    found: Found
    row: Row


def gather(
    settings: Settings, journal: Journal, settled: Sequence[Found], growing: set[Path], ahead: timedelta
) -> list[str]:
    """Write new batches down; return sentences about files that wait for others."""
    known, waits = journal.waiting_paths(), []
    fresh = {one.path: one for one in settled if one.path not in known}
    for path, index in _indices(settings, fresh.values()):
        found = fresh.pop(path)
        waits += _take_index(settings, journal, found, index, fresh, ahead)
    _set_strangers_aside(settings, fresh)
    if settings.index and settings.loose_files == "wait":
        return waits + [f"{path.name} waits for its index file." for path in sorted(fresh)]
    for group in _groups(settings, fresh.values(), growing):
        _write(settings, journal, [Taken(one, _row_by_name(settings, one.path)) for one in group], ahead)
    return waits


def _indices(settings: Settings, files: Iterable[Found]) -> list[tuple[Path, Index]]:
    return [
        (one.path, index)
        for one in files
        for index in [next((each for each in settings.index if one.path.match(each.match)), None)]
        if index is not None
    ]


def _take_index(
    settings: Settings, journal: Journal, found: Found, index: Index, fresh: dict[Path, Found], ahead: timedelta
) -> list[str]:
    """Make a batch of all that an index names, once all of it is there; one index with a fault stops no other."""
    try:
        rows = read_index(found.path, index)
    except (IndexWrong, OSError) as error:
        set_aside(settings, found.path, str(error))
        return []
    if missing := [row.path.name for row in rows if row.path not in fresh]:
        for row in rows:
            fresh.pop(row.path, None)
        return [f"{found.path.name} waits for {', '.join(missing[:5])}{' and others' if len(missing) > 5 else ''}."]
    _write(settings, journal, [Taken(fresh.pop(row.path), row) for row in rows], ahead, index_file=str(found.path))
    return []


def _set_strangers_aside(settings: Settings, fresh: dict[Path, Found]) -> None:
    for path in [path for path in fresh if path.suffix.lower() not in TYPES]:
        del fresh[path]
        set_aside(settings, path, NOT_A_SCAN)


def set_aside(settings: Settings, path: Path, sentence: str) -> Path:
    """Move a file that never entered a batch to failed/, with the reason beside it."""
    target = shelves.place_for(settings.failed, path.name)
    shelves.write_whole(target.with_name(f"{target.name}.txt"), notes.not_taken(path.name, sentence))
    shelves.move(path, target, sha256="")
    return target


def _groups(settings: Settings, files: Iterable[Found], growing: set[Path]) -> list[list[Found]]:
    """A folder is a batch once all of it is there; loose files go together as they come. No batch exceeds the limit."""
    by_folder: dict[Path, list[Found]] = {}
    for one in files:
        by_folder.setdefault(one.path.parent, []).append(one)
    whole = [
        found
        for folder, found in by_folder.items()
        if folder == settings.watch or not any(path.parent == folder for path in growing)
    ]
    most = settings.most_items
    return [found[at : at + most] for found in whole for at in range(0, len(found), most)]


def _row_by_name(settings: Settings, path: Path) -> Row:
    """What the operator's pattern finds in a file's path below the watched folder."""
    matched = (
        re.match(settings.name_pattern, path.relative_to(settings.watch).as_posix()) if settings.name_pattern else None
    )
    told = {name: value for name, value in matched.groupdict().items() if value} if matched else {}
    return Row(path, told.get("case", ""), told.get("type", ""), told.get("control", ""))


def _write(
    settings: Settings, journal: Journal, taken: Sequence[Taken], ahead: timedelta, *, index_file: str = ""
) -> None:
    opened = clock.now() + ahead
    with journal.together():
        batch = journal.add_batch(
            external_id=new_external_id(opened.strftime("%Y%m%d-%H%M%S")),
            opened_at=clock.stamp(opened),
            reference=_common_reference(taken),
            request_key=str(uuid.uuid4()),
            index_file=index_file,
        )
        for seq, one in enumerate(taken, start=1):
            journal.add_item(
                batch=batch,
                seq=seq,
                path=str(one.found.path),
                size=one.found.size,
                mtime_ns=one.found.mtime_ns,
                control_number=one.row.control_number or new_control_number(),
                type=one.row.type or settings.item_type,
                reference=one.row.reference,
                media_type=TYPES.get(one.found.path.suffix.lower(), "application/octet-stream"),
                pages=one.row.pages,
            )


def _common_reference(taken: Sequence[Taken]) -> str:
    references = {one.row.reference for one in taken}
    return references.pop() if len(references) == 1 else ""


def new_external_id(stem: str) -> str:
    """A name for a batch that no other station makes up as well."""
    return f"{stem}-{secrets.token_hex(4)}"


def new_control_number() -> str:
    """Seventeen digits that no other item has: capture software that counts its own gives them in the index."""
    return f"{secrets.randbelow(10**17):017d}"
