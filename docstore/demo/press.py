"""From a paper of the case files to the file that somebody hands in: typed, scanned, stamped or photographed.

Deterministic and lazy: one file at a time, the same bytes for the same day. Must not know the database.
"""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from docstore.demo.genres import compose
from docstore.demo.papers.blocks import PageEnd, Paper, words_of
from docstore.demo.papers.pdf import stamps, typeset
from docstore.demo.papers.photographs import photograph
from docstore.demo.papers.samples import joined, overlaid
from docstore.demo.papers.scans import Ink, Scanner, scan, scan_tiff
from docstore.demo.papers.word import word
from docstore.demo.spec import DemoCase, DemoDocument, Form

ENDINGS = {Form.TIFF: "tif", Form.PHOTO: "jpg", Form.WORD: "docx", Form.TEXT: "txt"}


@dataclass(frozen=True, slots=True)
class Printed:
    """A file ready to be handed in."""

    name: str
    content: bytes


def name_of(case: DemoCase, place: int, document: DemoDocument) -> str:
    """Return the file's name, which no two papers of the demo court share: it tells what has been filed already."""
    plain = re.sub(r"[^a-z0-9]+", "-", document.title.lower().replace("'", "")).strip("-")
    return f"{case.key}-{place:02d}-{plain}.{ENDINGS.get(document.form, 'pdf')}"


def print_paper(case: DemoCase, place: int, document: DemoDocument, *, first_day: date) -> Printed:
    """Return the file of one paper of the case files."""
    seed = zlib.crc32(f"{case.key} {place}".encode()) % 100_000
    name = name_of(case, place, document)
    if document.form is Form.PHOTO:
        return Printed(name, _photograph(document, seed=seed, on=first_day - timedelta(days=document.age)))
    paper = compose(case, document, first_day=first_day, seed=seed)
    return Printed(
        name, _FORMS[document.form](paper, Scanner(seed=seed, stamp=_stamp(case, document, first_day, seed)))
    )


def _stamp(case: DemoCase, document: DemoDocument, first_day: date, seed: int) -> tuple[str, ...]:
    """Return the rubber stamp of the post room, which meets one paper in three."""
    if seed % 3:
        return ()
    on = first_day - timedelta(days=max(document.age - 2, 0))
    return ("RECEIVED", f"{on:%d %b %Y}".upper(), "NORTHGATE MC" if case.clerk == "clerk" else "EASTMERE")


def _stamped(paper: Paper, scanner: Scanner) -> bytes:
    scanned = scan(typeset(paper), scanner)
    pages = 1 + sum(isinstance(block, PageEnd) for block in paper.blocks)
    reference = paper.footer.split("   ")[0]
    texts = [f"{reference} Filed electronically. Page {number} of {pages}" for number in range(1, pages + 1)]
    return overlaid(scanned, stamps(texts))


def _mixed(paper: Paper, scanner: Scanner) -> bytes:
    """Typed up to the middle, scanned from there on: what comes when somebody adds an annex."""
    breaks = [place for place, block in enumerate(paper.blocks) if isinstance(block, PageEnd)]
    middle = breaks[len(breaks) // 2]
    front, back = replace(paper, blocks=paper.blocks[:middle]), replace(paper, blocks=paper.blocks[middle + 1 :])
    return joined(typeset(front), scan(typeset(back), scanner))


def _photograph(document: DemoDocument, *, seed: int, on: date) -> bytes:
    exhibit = document.title.split(" ")[0]
    return photograph(
        exhibit=exhibit, caption=document.told[0], scene=document.author, seed=seed, taken=f"{on:%Y:%m:%d} 08:40:00"
    )


_FORMS: dict[Form, Callable[[Paper, Scanner], bytes]] = {
    Form.TYPED: lambda paper, _: typeset(paper),
    Form.GREY: lambda paper, scanner: scan(typeset(paper), scanner),
    Form.FINE: lambda paper, scanner: scan(typeset(paper), replace(scanner, dpi=300, noise=14)),
    Form.BLACK: lambda paper, scanner: scan(typeset(paper), replace(scanner, dpi=300, ink=Ink.BLACK, noise=8)),
    Form.COLOUR: lambda paper, scanner: scan(typeset(paper), replace(scanner, ink=Ink.COLOUR)),
    Form.STAMPED: _stamped,
    Form.MIXED: _mixed,
    Form.TIFF: lambda paper, scanner: scan_tiff(typeset(paper), replace(scanner, ink=Ink.BLACK, noise=6)),
    Form.WORD: lambda paper, _: word(paper),
    Form.TEXT: lambda paper, _: words_of(paper).encode(),
}
