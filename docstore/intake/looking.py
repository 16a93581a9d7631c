"""What is inside a clean item: its kind, the words of its first pages, separators between papers, doubts about the scan.

Reads in the sandbox and puts parts into the vault; writes no rows. Called by `checking` outside any transaction.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from docstore.core import clock, conf
from docstore.core.errors import Refusal
from docstore.documents.kept import Kept
from docstore.documents.vault import in_memory, vault
from docstore.intake import sheets
from docstore.intake.custody import PDF
from docstore.intake.matching import Doubt
from docstore.intake.models import Item
from docstore.intake.quality_policy import Policy
from docstore.intake.receiving import words_for
from docstore.intake.scan_models import Part, ScannedPage, SeparatorSheet
from docstore.intake.separating import Divided, Pile, divide, reference_in
from docstore.reading import readers, shapes
from docstore.reading.faults import ReadingFault
from docstore.reading.kinds import Kind, identify
from docstore.reading.readers import Reader
from docstore.reading.refusals import ActiveContent
from docstore.reading.shapes import Finding, Method, PageSurvey, Word

PAGES_FOR_MATCHING = 3
PAGES_BY_OCR = 1
LONGEST_TEXT = 20_000
MOST_WORDS = 1_500


class PdfTooLarge(Refusal):
    """The PDF is larger than {limit}. Split it and send the parts in another batch."""

    code = "too-large"
    status = 413


@dataclass(frozen=True, slots=True)
class Seen:
    """One page: what was doubted, and its words where they were read for matching."""

    number: int
    findings: tuple[Finding, ...] = ()
    words: Sequence[Word] = ()

    def row(self, item: Item) -> ScannedPage:
        placed = [
            (one.text, *(round(edge, 4) for edge in (one.left, one.top, one.right, one.bottom)))
            for one in self.words[:MOST_WORDS]
        ]
        return ScannedPage(
            item=item,
            number=self.number,
            findings=json.dumps([(str(one.doubt), one.measured) for one in self.findings]),
            words=json.dumps(placed),
            doubtful=bool(self.findings),
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """A document inside the item, cut out and in the vault already."""

    pile: Pile
    sheet: SeparatorSheet | None
    text: str
    key: str
    sha256: str
    size: int
    media_type: str
    kept: Kept

    def row(self, item: Item, number: int) -> Part:
        return Part(
            item=item,
            number=number,
            pages=json.dumps(self.pile.pages),
            sheet=self.sheet,
            reference=self.pile.reference,
            type=self.sheet.type if self.sheet else item.type,
            text=self.text,
            key=self.key,
            storage_version=self.kept.version,
            storage_etag=self.kept.etag,
            sha256=self.sha256,
            size=self.size,
            media_type=self.media_type,
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in an item that passed. `doubt` keeps it from being filed by itself."""

    kind: Kind
    pages: int | None
    scanned_by: str
    text: str
    seen: tuple[Seen, ...] = ()
    parts: tuple[Cut, ...] = ()
    doubt: Doubt | None = None


def look_inside(item: Item, path: Path, *, scanned_by: str) -> Looked:
    """Identify and inspect a clean file, and look at its pages. Raises the refusals of reading."""
    kind = identify(path, name=item.name or item.control_number, declared=item.declared_type or None).kind
    limit = conf.get().limits.pdf_bytes
    if kind.value == PDF and item.size > limit:
        raise PdfTooLarge(limit=words_for(limit))

    def opener() -> BinaryIO:
        return cast(BinaryIO, path.open("rb"))

    with readers.of_process().borrow(key=f"item:{item.pk}", source=opener, kind=kind) as reader:
        inspection = reader.inspect()
        if inspection.active:
            raise ActiveContent(what=", ".join(str(one.value) for one in inspection.active))
        if kind.is_kept_only or not inspection.pages:
            return Looked(kind, inspection.pages, scanned_by, "")
        if kind.value == PDF or kind.is_picture:
            return _Look(item, kind, inspection.pages, scanned_by, reader).whole()
        text, _ = _first_words(reader, range(1, inspection.pages + 1))
        return Looked(kind, inspection.pages, scanned_by, text)


class _Look:
    """One look at a scan."""

    def __init__(self, item: Item, kind: Kind, pages: int, scanned_by: str, reader: Reader) -> None:
        self._item, self._kind, self._pages = item, kind, pages
        self._scanned_by, self._reader = scanned_by, reader
        self._policy = Policy.of(item.batch.station)
        self._labels: dict[int, str] = {}

    def whole(self) -> Looked:
        surveyed = tuple(self._survey())
        divided = divide(surveyed, at_blanks=self._item.batch.station.splits_at_blanks)
        self._labels = {page.number: reference_in(page.marks) for page in surveyed}
        parts, doubt = self._parts(divided)
        text, read = self._words(_first(divided, self._pages))
        seen = tuple(self._seen(surveyed, read, left_out=_left_out(divided, self._pages)))
        return Looked(
            self._kind, self._pages, self._scanned_by, text, seen, parts, doubt or self._held_by_quality(seen)
        )

    def _words(self, pages: Sequence[int]) -> "tuple[str, list[_Read]]":
        """The words of the first pages; a case number in a barcode on the very first counts as if it stood there."""
        text, read = _first_words(self._reader, pages)
        label = self._labels.get(pages[0], "") if pages else ""
        return (f"{label}\n{text}"[:LONGEST_TEXT] if label else text), read

    def _survey(self) -> Iterator[PageSurvey]:
        """A page that cannot be looked at is an ordinary page: reading it says what is wrong with it."""
        try:
            yield from self._reader.survey()
        except ReadingFault:
            return

    def _parts(self, divided: Divided) -> tuple[tuple[Cut, ...], Doubt | None]:
        if divided.is_whole:
            return (), None
        if divided.odd:
            said = f"On page {divided.odd[0]} stand the codes of several separator sheets, so it is not clear which counts."
            return (), Doubt("sheet-unclear", said)
        if not divided.piles:
            return (), Doubt("only-sheets", "There are separator sheets in it and no papers.")
        at = self._item.received_at or clock.now()
        judged = [sheets.judge(pile.code, self._item, at=at) if pile.code else None for pile in divided.piles]
        doubt = next((one for one in judged if isinstance(one, Doubt)), None)
        if doubt is not None:
            return (), doubt
        opened = [one for one in judged if isinstance(one, SeparatorSheet)]
        if len({one.pk for one in opened}) < len(opened):
            return (), Doubt("sheet-used", "One separator sheet comes twice in it. A sheet is good once.")
        found = zip(divided.piles, judged, strict=True)
        return tuple(self._cut(pile, one if isinstance(one, SeparatorSheet) else None) for pile, one in found), None

    def _cut(self, pile: Pile, sheet: SeparatorSheet | None) -> Cut:
        """Cut the pages out and keep them. A crash after this leaves an object that nobody refers to."""
        text, _ = self._words(pile.pages)
        content, media_type = self._reader.part(pile.pages, turned={})
        digest = hashlib.sha256(content).hexdigest()
        key = f"batches/{self._item.batch_id}/{self._item.pk}/parts/{pile.pages[0]}-{digest}"
        kept = vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type=media_type)
        return Cut(pile, sheet, text, key, digest, len(content), media_type, kept)

    def _seen(self, surveyed: Sequence[PageSurvey], read: "Sequence[_Read]", *, left_out: set[int]) -> Iterator[Seen]:
        by_number = {one.number: one for one in read}
        for page in surveyed:
            words = by_number.get(page.number)
            found = [one for one in page.findings if self._policy.counts(one)] if page.number not in left_out else []
            if words is not None and words.confidence is not None:
                unclear = Finding(shapes.Doubt.UNCLEAR, round(words.confidence, 1))
                found += [unclear] if self._policy.counts(unclear) else []
            if found or words:
                yield Seen(page.number, tuple(found), words.words if words else ())

    def _held_by_quality(self, seen: Sequence[Seen]) -> Doubt | None:
        for page in seen:
            for one in page.findings:
                if one.doubt in self._policy.holds:
                    said = f"Page {page.number} is in doubt ({one.doubt}), and this station’s court wants to see such pages first."
                    return Doubt("poor-scan", said)
        return None


@dataclass(frozen=True, slots=True)
class _Read:
    number: int
    words: Sequence[Word]
    confidence: float | None


def _first_words(reader: Reader, pages: Sequence[int]) -> tuple[str, list[_Read]]:
    """The text of the first pages. A page that cannot be read has none; reading it again is not this room's business."""
    texts: list[str] = []
    found: list[_Read] = []
    by_ocr = 0
    try:
        for number in pages[:PAGES_FOR_MATCHING]:
            for page in list(reader.natives(first=number, last=number)):  # one question at a time
                if page.decision is not Method.OCR:
                    texts.append(page.text)
                    found.append(_Read(number, page.words, None))
                elif by_ocr < PAGES_BY_OCR:
                    by_ocr += 1
                    read = reader.page(number, picture=False)
                    texts.append(read.text)
                    found.append(_Read(number, read.words, read.confidence))
    except (Refusal, ReadingFault) as problem:
        texts.append(f"[{type(problem).__name__}]")
    return "\n".join(texts).replace("\x00", "")[:LONGEST_TEXT], found


def _first(divided: Divided, pages: int) -> Sequence[int]:
    return range(1, pages + 1) if divided.is_whole or not divided.piles else divided.piles[0].pages


def _left_out(divided: Divided, pages: int) -> set[int]:
    """Sheets and the blanks beside them: no scan is poor because of them."""
    if divided.is_whole:
        return set()
    return set(range(1, pages + 1)) - {number for pile in divided.piles for number in pile.pages}
