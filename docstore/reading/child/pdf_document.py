"""PDF as a document."""

import ctypes
import io
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

import pikepdf
import pypdfium2.raw as pdfium

from docstore.reading.child import pdf_checks, pdf_file, pdf_page
from docstore.reading.child.outcomes import Failed, Refused
from docstore.reading.child.sources import LONGEST_SIDE, MOST_PAGES, Carried, Native
from docstore.reading.shapes import Heading, Inspection, Sheet

LONGEST_LABEL = 40
# What a person can make use of beside a page; a file that brings more was not made for people.
DEEPEST_HEADING = 4
LONGEST_HEADING = 160
MOST_HEADINGS = 500
MOST_BOOKMARKS = 5000


class PdfDocument:
    """A PDF, repaired where it had to be."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document, self._repaired = pdf_file.open_for_pages(path)

    def inspect(self) -> Inspection:
        """Check pages and sizes first, then what else is inside."""
        count = len(self._document)
        if count > MOST_PAGES:
            raise Refused("TooManyPages", pages=f"{count:,}", limit=f"{MOST_PAGES:,}")
        for number, (width, height) in enumerate(pdf_page.sizes(self._document), start=1):
            if max(width, height) > LONGEST_SIDE:
                raise Refused("PageTooLarge", number=number, size=f"{width / 72:,.0f} × {height / 72:,.0f} inches")
        structure = pdf_file.open_for_checks(self._path, self._document)
        if structure is None:
            return Inspection(count, pdf_checks.find_active_in_bytes(self._path.read_bytes()), repaired=True)
        with structure:
            return Inspection(
                pages=count,
                active=pdf_checks.find_active(structure),
                repaired=self._repaired or bool(structure.get_warnings()),
                restricted=structure.is_encrypted,
                signed=pdf_checks.is_signed(structure),
            )

    def sheets(self) -> Sequence[Sheet]:
        """Sizes and labels; a file that opens now was inspected before, so its pages are not too many."""
        sizes = pdf_page.sizes(self._document)[:MOST_PAGES]
        return [
            Sheet(number, self._label(number), round(w, 2), round(h, 2)) for number, (w, h) in enumerate(sizes, start=1)
        ]

    def page(self, number: int) -> "PdfDocumentPage":
        """Load one page."""
        return PdfDocumentPage(pdf_page.PdfPage(self._document, number - 1))

    def part(self, pages: Sequence[int], turned: Mapping[int, int]) -> tuple[bytes, str]:
        """Pages as a PDF of its own; their content is not touched."""
        structure = pdf_file.open_for_checks(self._path, self._document)
        if structure is None:
            raise Failed("PageUnreadable", "it is too damaged to be split")
        with structure, pikepdf.Pdf.new() as made:
            for number in pages:
                made.pages.append(structure.pages[number - 1])
                if number in turned:
                    made.pages[-1].rotate(turned[number], relative=True)
            kept = io.BytesIO()
            made.save(kept, deterministic_id=True)
        return kept.getvalue(), "application/pdf"

    def attachments(self) -> Sequence[Carried]:
        """The files inside, wherever they hang; they are taken out to be looked at for viruses."""
        structure = pdf_file.open_for_checks(self._path, self._document)
        if structure is None:
            raise Refused("Malformed", what="the files inside cannot be taken out to be checked")
        with structure:
            return list(pdf_checks.carried(structure))

    def outline(self) -> Sequence[Heading]:
        """The bookmarks that lead to a page of this file; those that lead elsewhere or nowhere are left out."""
        found: list[Heading] = []
        for one in islice(self._document.get_toc(max_depth=DEEPEST_HEADING), MOST_BOOKMARKS):
            leads_to = one.get_dest()
            index = leads_to.get_index() if leads_to is not None else None
            title = _printable(one.get_title(), LONGEST_HEADING)
            if title and index is not None and index < min(len(self._document), MOST_PAGES):
                found.append(Heading(one.level, title, index + 1))
            if len(found) == MOST_HEADINGS:
                break
        return found

    def _label(self, number: int) -> str:
        kept = ctypes.create_string_buffer(256)
        length = pdfium.FPDF_GetPageLabel(self._document.raw, number - 1, kept, 256)
        label = kept.raw[: max(0, min(length, 256) - 2)].decode("utf-16-le", errors="ignore")
        return _printable(label, LONGEST_LABEL) or str(number)


def _printable(text: str, longest: int) -> str:
    """What of a file's own words can be shown on one line."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:longest]


class PdfDocumentPage:
    """A page of a PDF in the shape that reading asks for."""

    def __init__(self, page: pdf_page.PdfPage) -> None:
        self._page = page
        self.grey = page.grey
        self.shown = page.shown
        self.resolution = page.resolution
        self.close = page.close

    def native(self) -> Native:
        """Its own words and the decision."""
        layer = self._page.layer
        return Native(layer.text, tuple(layer.words), self._page.decide())
