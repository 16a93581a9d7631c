"""Index files of capture software: which scans belong together, to which case, and what they are.

Delimited text with or without headings, and XML; which column means what is the operator's setting, so that no maker needs
a parser of its own. An index comes from the same folder as the scans, and is read as text from a stranger all the same.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from xml.parsers import expat

from station.settings import Index

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000
COLUMNS = ("file", "reference", "type", "control_number", "pages")


class IndexWrong(Exception):
    """This index file cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One scan that an index names."""

    path: Path
    reference: str = ""
    type: str = ""
    control_number: str = ""
    pages: int | None = None


def read_index(path: Path, index: Index) -> list[Row]:
    """Return the rows of an index file; raise IndexWrong with the line that is at fault."""
    if path.stat().st_size > MOST_BYTES:
        raise IndexWrong("The index file is larger than 10 MB; it cannot be an index of scans.")
    raw = path.read_bytes()
    try:
        found = _from_xml(raw, index) if index.layout == "xml" else _from_lines(raw.decode(index.encoding), index)
        rows = [_row(path.parent, number, told) for number, told in enumerate(found, start=1)]
    except UnicodeDecodeError as error:
        raise IndexWrong(f"The index file is not written in {index.encoding}.") from error
    except (csv.Error, LookupError) as error:
        raise IndexWrong(f"The index file cannot be read: {error}.") from error
    if not rows:
        raise IndexWrong("The index file names no scan.")
    _check_no_file_twice(rows)
    return rows


def _from_lines(text: str, index: Index) -> Iterator[Mapping[str, str]]:
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=index.delimiter, strict=True))
    headings = [one.strip() for one in lines.pop(0)] if index.header and lines else []
    places = {name: _place(column, headings) for name, column in index.columns.items() if name in COLUMNS}
    for number, line in enumerate(lines[: MOST_ROWS + 1], start=2 if index.header else 1):
        if not any(cell.strip() for cell in line):
            continue
        if number > MOST_ROWS:
            raise IndexWrong(f"The index file has more than {MOST_ROWS} lines.")
        if max(places.values()) >= len(line):
            raise IndexWrong(f"Line {number} of the index file has {len(line)} columns; that is too few.")
        yield {name: line[place].strip() for name, place in places.items()}


def _place(column: str | int, headings: Sequence[str]) -> int:
    """A column is named by its heading or counted from 1."""
    if isinstance(column, int):
        return column - 1
    if column not in headings:
        raise IndexWrong(f"The index file has no column {column}; it has {', '.join(headings) or 'no headings'}.")
    return headings.index(column)


class _Documents:
    """Gathers the elements that stand for documents: their attributes, the fields in them, and their direct text."""

    def __init__(self, index: Index) -> None:
        self.found: list[dict[str, str]] = []
        self._index = index
        self._open: dict[str, str] | None = None
        self._field = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._index.document:
            self._open = dict(attributes)
        elif self._open is not None:
            self._field = attributes.get("name", name) if name == self._index.field else name
            self._open[self._field] = attributes.get("value", "")

    def text(self, text: str) -> None:
        if self._open is not None and self._field:
            self._open[self._field] += text

    def end(self, name: str) -> None:
        self._field = ""
        if name == self._index.document and self._open is not None:
            self.found.append(self._open)
            self._open = None


def _from_xml(raw: bytes, index: Index) -> Iterator[Mapping[str, str]]:
    documents, parser = _Documents(index), expat.ParserCreate()
    parser.StartElementHandler = documents.start
    parser.EndElementHandler = documents.end
    parser.CharacterDataHandler = documents.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise IndexWrong(f"The index file is not proper XML: {error}.") from error
    for told in documents.found[:MOST_ROWS]:
        yield {name: told.get(str(column), "").strip() for name, column in index.columns.items() if name in COLUMNS}


def _refuse_doctype(*_: object) -> None:
    raise IndexWrong(
        "The index file declares a document type. Index files with declarations of their own are not read."
    )


def _row(folder: Path, number: int, told: Mapping[str, str]) -> Row:
    pages = told.get("pages", "")
    if pages and not (pages.isascii() and pages.isdigit()):
        raise IndexWrong(f"Entry {number} of the index file has “{pages}” for its number of pages.")
    return Row(
        path=_beside(folder, number, told["file"]),
        reference=told.get("reference", ""),
        type=told.get("type", ""),
        control_number=told.get("control_number", ""),
        pages=int(pages) if pages else None,
    )


def _beside(folder: Path, number: int, name: str) -> Path:
    """An index may name files beside or below it, with either kind of slash, and nothing else."""
    plain = PureWindowsPath(name)
    if not name or plain.drive or plain.root or ".." in plain.parts or "\x00" in name:
        raise IndexWrong(f"Entry {number} of the index file names “{name}”, which is not a file beside it.")
    return folder.joinpath(*plain.parts)


def _check_no_file_twice(rows: Sequence[Row]) -> None:
    seen: set[Path] = set()
    for row in rows:
        if row.path in seen:
            raise IndexWrong(f"The index file names {row.path.name} twice.")
        seen.add(row.path)
