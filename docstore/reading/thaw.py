"""Frames from a child made into values again.

What a child says is checked for shape here and for sense nowhere: it is text.
"""

from array import array
from typing import Any

from docstore.reading.faults import ReaderDied
from docstore.reading.shapes import (
    Active,
    Attachment,
    Doubt,
    Finding,
    Heading,
    Inspection,
    Method,
    NativePage,
    PagePicture,
    PageReading,
    PageSurvey,
    Sheet,
    Word,
    WordColumns,
)


def to_sheet(raw: list[Any]) -> Sheet:
    """A sheet."""
    number, label, width, height = raw
    return Sheet(int(number), str(label), float(width), float(height))


def to_heading(raw: list[Any]) -> Heading:
    """A heading of an outline."""
    level, title, page = raw
    return Heading(int(level), str(title), int(page))


def to_inspection(raw: dict[str, Any]) -> Inspection:
    """What filing asked about."""
    return Inspection(
        pages=None if raw["pages"] is None else int(raw["pages"]),
        active=tuple(Active(one) for one in raw["active"]),
        repaired=bool(raw["repaired"]),
        restricted=bool(raw["restricted"]),
        signed=bool(raw["signed"]),
    )


def to_native(raw: dict[str, Any], blobs: list[bytes]) -> NativePage:
    """The file's own text of a page."""
    return NativePage(
        to_sheet(raw["sheet"]),
        str(raw["text"]),
        _columns(raw["words"], blobs[0]),
        Method(raw["decision"]),
        str(raw["because"]),
    )


def to_survey(raw: dict[str, Any]) -> PageSurvey:
    """What was seen of a page."""
    return PageSurvey(
        number=int(raw["number"]),
        marks=tuple(str(one) for one in raw["marks"]),
        findings=tuple(Finding(Doubt(doubt), float(measured)) for doubt, measured in raw["findings"]),
    )


def to_page(raw: dict[str, Any], blobs: list[bytes]) -> PageReading:
    """One page, read."""
    confidence = raw["confidence"]
    return PageReading(
        sheet=to_sheet(raw["sheet"]),
        text=str(raw["text"]),
        words=_words(raw["words"]),
        method=Method(raw["method"]),
        engine=str(raw["engine"]),
        language=str(raw["language"]),
        confidence=None if confidence is None else float(confidence),
        native_text=str(raw["native_text"]),
        turned=int(raw["turned"]),
        picture=to_picture(raw, blobs) if blobs else None,
        reason=str(raw["reason"]),
        because=str(raw["because"]),
    )


def to_attachment(raw: dict[str, Any], blobs: list[bytes]) -> Attachment:
    """A file that came inside a message."""
    return Attachment(int(raw["number"]), str(raw["name"]), blobs[0] if raw["whole"] else None)


def to_picture(raw: dict[str, Any], blobs: list[bytes]) -> PagePicture:
    """The pictures of a page."""
    image, thumbnail = blobs
    return PagePicture(image, thumbnail, int(raw["width"]), int(raw["height"]))


def _columns(texts: list[Any], edges: bytes) -> WordColumns:
    try:
        return WordColumns(list(map(str, texts)), array("i", edges))
    except (ValueError, TypeError) as error:
        raise ReaderDied("it answered with nonsense") from error


def _words(raw: list[Any]) -> tuple[Word, ...]:
    return tuple(
        Word(str(text), float(left), float(top), float(right), float(bottom), None if conf is None else float(conf))
        for text, left, top, right, bottom, conf in raw
    )
