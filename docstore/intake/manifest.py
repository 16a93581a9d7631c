"""What a station says it will send, as values. Knows the published schema, not rows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docstore.core import conf
from docstore.core.errors import Conflict, FieldError
from docstore.intake.receiving import words_for
from docstore.intake.shapes import check, fault, moment_of


class DuplicateControlNumber(Conflict):
    """The control number {number} was used before{where}. Every paper has a number of its own; check the labels."""

    code = "duplicate-control-number"


@dataclass(frozen=True, slots=True)
class Declared:
    """One document that is to come."""

    seq: int
    control_number: str
    type: str
    size: int
    sha256: str
    case_reference: str = ""
    expected_pages: int | None = None
    media_type: str = ""
    colour: str = ""
    dpi: int | None = None
    name: str = ""
    suggested: str = "{}"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that cannot be scanned."""

    control_number: str
    type: str
    kept_at: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole batch as declared. `text` is its canonical JSON, kept with the batch."""

    external_id: str
    site: str
    opened_at: datetime
    scanned_at: datetime
    operator: str
    items: tuple[Declared, ...]
    non_scannable: tuple[Thing, ...]
    rescan_for: str
    case_reference: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def pointers(self) -> list[tuple[str, str]]:
        """Every control number, and where it stands."""
        items = [(one.control_number, f"/items/{at}/control_number") for at, one in enumerate(self.items)]
        things = [
            (one.control_number, f"/non_scannable/{at}/control_number") for at, one in enumerate(self.non_scannable)
        ]
        return items + things


def parse(body: Mapping[str, Any]) -> Manifest:
    """Return the manifest that `body` is; raise MetadataInvalid or DuplicateControlNumber with pointers."""
    check("batch", body)
    items = tuple(_item(raw, place) for place, raw in enumerate(body["items"]))
    things = tuple(
        Thing(raw["control_number"], raw["type"], raw.get("kept_at") or "", raw.get("notes") or "")
        for raw in body["non_scannable"]
    )
    _check_items(items)
    found = Manifest(
        external_id=body["external_id"],
        site=body["site"],
        opened_at=moment_of(body["opened_at"]),
        scanned_at=moment_of(body["scanned_at"]),
        operator=body["operator"],
        items=items,
        non_scannable=things,
        rescan_for=body.get("rescan_for") or "",
        case_reference=(body.get("case_reference") or "").strip(),
        text=json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    )
    check_numbers(found.pointers)
    return found


def amended(text: str, changes: Mapping[str, Any]) -> Manifest:
    """Return the manifest that the kept one becomes when the members in `changes` take the place of its own."""
    return parse({**json.loads(text), **changes})


def check_numbers(pointers: Iterable[tuple[str, str]]) -> None:
    """Raise DuplicateControlNumber where one number stands twice in a batch (DOM-1.4)."""
    seen: set[str] = set()
    for number, pointer in pointers:
        if number in seen:
            raise duplicate(number, where=" in this batch", pointer=pointer)
        seen.add(number)


def duplicate(number: str, *, where: str, pointer: str) -> DuplicateControlNumber:
    """The refusal of a control number, with the field at fault."""
    said = DuplicateControlNumber(number=number, where=where)
    said.errors = (FieldError(pointer, said.code, said.sentence),)
    return said


def _item(raw: Mapping[str, Any], place: int) -> Declared:
    limit = conf.get().limits.file_bytes
    if raw["bytes"] > limit:
        raise fault(f"/items/{place}/bytes", "too-large", f"One item has at most {words_for(limit)}. Split it.")
    pages = raw.get("expected_pages")
    return Declared(
        seq=int(raw["seq"]),
        control_number=raw["control_number"],
        type=raw["type"],
        size=int(raw["bytes"]),
        sha256=raw["sha256"].lower(),
        case_reference=(raw.get("case_reference") or "").strip(),
        expected_pages=int(pages) if pages is not None else None,
        media_type=raw.get("media_type") or "",
        colour=raw.get("colour") or "",
        dpi=int(raw["dpi"]) if raw.get("dpi") is not None else None,
    )


def _check_items(items: tuple[Declared, ...]) -> None:
    limit = conf.get().intake.batch_items
    if len(items) > limit:
        raise fault("/items", "too-many", f"One batch has at most {limit} items. Send the others in another batch.")
    seen: set[int] = set()
    for place, one in enumerate(items):
        if one.seq in seen:
            raise fault(f"/items/{place}/seq", "stands-twice", "Two items bear this number. Number them one by one.")
        seen.add(one.seq)
