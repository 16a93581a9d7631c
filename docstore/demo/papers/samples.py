"""Small papers for tests and measurements: give the sentences, get the file.

Each takes the sentences that must be found in it. `spread` says which page each stands on; the rest of every page is
filled with harmless wording, so that a page looks like a page.
"""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import pikepdf

from docstore.demo.papers.blocks import Block, Line, PageEnd, Paper, Signature, Style, lines
from docstore.demo.papers.dice import dice_for
from docstore.demo.papers.pdf import stamps, typeset
from docstore.demo.papers.photographs import photograph
from docstore.demo.papers.scans import Ink, Scanner, scan, scan_tiff
from docstore.demo.papers.word import word
from docstore.demo.papers.wording import filler

STAMP = ("RECEIVED", "16 NOV 2026", "NORTHGATE MC")


def spread(sentences: Sequence[str], pages: int) -> tuple[tuple[str, ...], ...]:
    """Return, page by page, the sentences that stand on it: in order and as evenly as they go."""
    count = len(sentences)
    return tuple(tuple(sentences[count * page // pages : count * (page + 1) // pages]) for page in range(pages))


def paper(sentences: Sequence[str], *, pages: int = 1, seed: int = 1, title: str = "Letter to the court") -> Paper:
    """Return a letter of exactly `pages` pages with the sentences spread over them."""
    dice = dice_for(seed)
    blocks: list[Block] = []
    for number, told in enumerate(spread(sentences, pages), 1):
        blocks.append(Line(title if number == 1 else f"{title}, continued", Style.HEADING))
        around = [filler(dice) for _ in range(max(2, 11 - len(told)))]
        half = len(around) // 2
        blocks += lines(*around[:half], *told, *around[half:])
        blocks.append(PageEnd() if number < pages else Signature("Perpetua Lindqvist-Moss", "Office manager"))
    return Paper(title=title, blocks=tuple(blocks), footer="Demo court paper")


def letter_pdf(sentences: Sequence[str], *, pages: int = 1, seed: int = 1) -> bytes:
    """Return a born-digital PDF with a good text layer."""
    return typeset(paper(sentences, pages=pages, seed=seed))


def scan_pdf(sentences: Sequence[str], *, pages: int = 1, dpi: int = 300, ink: Ink = Ink.GREY, seed: int = 1) -> bytes:
    """Return an image-only PDF: nothing can be found in it before it has been read."""
    return scan(letter_pdf(sentences, pages=pages, seed=seed), Scanner(dpi=dpi, ink=ink, seed=seed))


def stamped_scan_pdf(sentences: Sequence[str], *, pages: int = 1, dpi: int = 200, seed: int = 1) -> bytes:
    """Return a scan whose text layer holds a filing stamp and nothing else, as court filing systems make them.

    A reader that believes any text layer would call these pages read and never look at the pictures.
    """
    texts = [
        f"Case 45MC1234542 Document 17 Filed 12/11/2026 Page {number} of {pages}" for number in range(1, pages + 1)
    ]
    return overlaid(scan_pdf(sentences, pages=pages, dpi=dpi, seed=seed), stamps(texts))


def mixed_pdf(typed: Sequence[str], scanned: Sequence[str], *, dpi: int = 200, seed: int = 1) -> bytes:
    """Return one typed page for each of `typed`, then one scanned page for each of `scanned`."""
    front = letter_pdf(typed, pages=len(typed), seed=seed)
    return joined(front, scan_pdf(scanned, pages=len(scanned), dpi=dpi, seed=seed + 1))


def tiff(sentences: Sequence[str], *, pages: int = 2, dpi: int = 200, ink: Ink = Ink.BLACK, seed: int = 1) -> bytes:
    """Return a multi-page TIFF as a fax server or an old scanner makes it."""
    return scan_tiff(letter_pdf(sentences, pages=pages, seed=seed), Scanner(dpi=dpi, ink=ink, seed=seed, noise=6))


def docx(sentences: Sequence[str], *, pages: int = 1, seed: int = 1) -> bytes:
    """Return a Word document."""
    return word(replace(paper(sentences, pages=pages, seed=seed), footer=""))


def plain_text(sentences: Sequence[str], *, seed: int = 1) -> bytes:
    """Return UTF-8 text with one paragraph per sentence."""
    dice = dice_for(seed)
    return "\n\n".join(part for told in sentences for part in (told, filler(dice))).encode()


def photo_jpeg(exhibit: str = "AF/1", caption: str = "Front door, seen from outside", *, seed: int = 1) -> bytes:
    """Return an exhibit photograph with its label in the picture."""
    return photograph(exhibit=exhibit, caption=caption, scene="door", seed=seed, taken="2026:09:04 08:40:00")


def overlaid(pages: bytes, over: bytes) -> bytes:
    """Return `pages` with each page of `over` laid on the page of the same number."""
    target = BytesIO()
    with pikepdf.open(BytesIO(pages)) as book, pikepdf.open(BytesIO(over)) as marks:
        for page, stamp in zip(book.pages, marks.pages, strict=True):
            form = book.copy_foreign(stamp.as_form_xobject())
            page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Stamp)
            page.contents_add(b"q /Stamp Do Q")
        book.save(target, deterministic_id=True)
    return target.getvalue()


def joined(*parts: bytes) -> bytes:
    """Return one PDF with the pages of all parts in order."""
    target = BytesIO()
    with pikepdf.new() as book:
        for part in parts:
            with pikepdf.open(BytesIO(part)) as source:
                book.pages.extend(source.pages)
        book.save(target, deterministic_id=True)
    return target.getvalue()
