"""A paper as a Word document.

Knows python-docx. Dates inside the package are fixed, and the zip is written again without the hour of its making, so
that the same paper gives the same bytes.
"""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import assert_never

from docx import Document
from docx.document import Document as WordDocument

from docstore.demo.papers.blocks import Block, Letterhead, Line, Numbered, PageEnd, Paper, Signature, Style, Table

_MADE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_LOOK = {Style.TITLE: "Title", Style.HEADING: "Heading 2"}


def word(paper: Paper) -> bytes:
    """Return the paper as .docx."""
    document = Document()
    facts = document.core_properties
    facts.title, facts.author, facts.created, facts.modified = paper.title, "", _MADE, _MADE
    for block in paper.blocks:
        _write(document, block)
    target = BytesIO()
    document.save(target)
    return _undated(target.getvalue())


def _write(document: WordDocument, block: Block) -> None:  # noqa: C901 – one flat branch per kind of block
    match block:
        case Line(text=text, style=style):
            document.add_paragraph(text, style=_LOOK.get(style))
        case Numbered(number=number, text=text):
            document.add_paragraph(f"{number}\t{text}")
        case Letterhead(name=name, address=address):
            document.add_heading(name, level=1)
            document.add_paragraph(address)
        case Table(rows=rows):
            grid = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
            for row in rows:
                for cell, text in zip(grid.add_row().cells, row, strict=True):
                    cell.text = text
        case Signature(name=name, capacity=capacity):
            document.add_paragraph("\n".join(part for part in (name, capacity) if part))
        case PageEnd():
            document.add_paragraph().paragraph_format.page_break_before = True
        case _:
            assert_never(block)


def _undated(package: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as dated, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as undated:
        for entry in dated.infolist():
            plain = zipfile.ZipInfo(entry.filename, _ZIP_EPOCH)
            plain.compress_type = zipfile.ZIP_DEFLATED
            undated.writestr(plain, dated.read(entry))
    return target.getvalue()
