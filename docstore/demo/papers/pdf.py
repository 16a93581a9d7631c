"""A paper typeset as a born-digital PDF.

Knows reportlab. The same paper gives the same bytes wherever the same fonts are installed: the library's invariant mode
leaves out dates and random identifiers.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, assert_never
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)
from reportlab.platypus import Table as TableFlowable

from docstore.demo.papers.blocks import Block, Letterhead, Line, Numbered, PageEnd, Paper, Signature, Style, Table

_DEBIAN = Path("/usr/share/fonts/truetype")
# Debian's fonts-liberation, installed by `make run`: metric twins of the usual office faces, with Welsh letters. The
# folder's name differs between releases.
FONTS = next((face.parent for face in sorted(_DEBIAN.glob("liberation*/LiberationSerif-Regular.ttf"))), _DEBIAN)
_FACES = (
    "LiberationSerif-Regular",
    "LiberationSerif-Bold",
    "LiberationSerif-Italic",
    "LiberationSans-Regular",
    "LiberationSans-Bold",
    "LiberationMono-Regular",
)
_WIDTH = A4[0] - 50 * mm
_Look = tuple[Any, ...]


def typeset(paper: Paper) -> bytes:
    """Return the paper as a PDF with a text layer, a page number at the foot of each page."""
    _register()
    target = BytesIO()
    template = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=25 * mm, rightMargin=25 * mm, topMargin=20 * mm, bottomMargin=22 * mm,
        title=paper.title, author="", creator="Docstore demo court", invariant=1,
    )  # fmt: skip

    def foot(canvas: Canvas, _template: SimpleDocTemplate) -> None:
        canvas.setFont("LiberationSans-Regular", 8)
        canvas.drawString(25 * mm, 12 * mm, paper.footer)
        canvas.drawRightString(A4[0] - 25 * mm, 12 * mm, str(canvas.getPageNumber()))

    flow = [piece for block in paper.blocks for piece in _flow(block, paper.typewriter)]
    template.build(flow, onFirstPage=foot, onLaterPages=foot)
    return target.getvalue()


def stamps(texts: Sequence[str]) -> bytes:
    """Return one page per text that bears nothing but that text along its top edge, to be laid over other pages."""
    _register()
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    for text in texts:
        canvas.setFont("LiberationSans-Regular", 8)
        canvas.setFillColor(colors.HexColor("#1d3f8a"))
        canvas.drawString(25 * mm, A4[1] - 10 * mm, text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@cache
def _register() -> None:
    for face in _FACES:
        pdfmetrics.registerFont(TTFont(face, str(FONTS / f"{face}.ttf")))


def _flow(block: Block, typewriter: bool) -> list[Flowable]:
    match block:
        case Line(text=text, style=style):
            return [Paragraph(escape(text), _style(Style.TYPED if typewriter and style is Style.BODY else style))]
        case Numbered(number=number, text=text):
            style = Style.TYPED if typewriter else Style.BODY
            cells = [[Paragraph(number, _style(style)), Paragraph(escape(text), _style(style))]]
            return [TableFlowable(cells, colWidths=[10 * mm, _WIDTH - 10 * mm], style=_FLUSH)]
        case Letterhead():
            return _letterhead(block)
        case Table():
            return _table(block)
        case Signature():
            return [KeepTogether(_signature(block))]
        case PageEnd():
            return [PageBreak()]
        case _:
            assert_never(block)


_FLUSH: list[_Look] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
_FLUSH += [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "TOP", "BOTTOM")]


@cache
def _style(style: Style) -> ParagraphStyle:
    plain: dict[str, Any] = {"fontName": "LiberationSerif-Regular", "fontSize": 11, "leading": 14.5, "spaceAfter": 7}
    special: dict[Style, dict[str, Any]] = {
        Style.TITLE: {"fontName": "LiberationSans-Bold", "fontSize": 15, "leading": 19, "spaceAfter": 10},
        Style.HEADING: {"fontName": "LiberationSans-Bold", "fontSize": 11, "spaceBefore": 6},
        Style.BODY: {},
        Style.SMALL: {"fontName": "LiberationSans-Regular", "fontSize": 8.5, "leading": 11, "spaceAfter": 4},
        Style.RIGHT: {"alignment": TA_RIGHT},
        Style.CENTRE: {"alignment": TA_CENTER, "fontName": "LiberationSerif-Bold"},
        Style.TYPED: {"fontName": "LiberationMono-Regular", "fontSize": 10, "leading": 14},
        Style.HAND: {
            "fontName": "LiberationSerif-Italic",
            "fontSize": 15,
            "leading": 20,
            "textColor": colors.HexColor("#2b3a7a"),
        },
    }
    return ParagraphStyle(name=style.value, **(plain | special[style]))


def _letterhead(block: Letterhead) -> list[Flowable]:
    cells = [
        [Paragraph(escape(block.name), _style(Style.TITLE)), Paragraph(escape(block.address), _style(Style.SMALL))]
    ]
    return [
        TableFlowable(cells, colWidths=[_WIDTH * 0.58, _WIDTH * 0.42], style=_FLUSH),
        HRFlowable(width="100%", thickness=1.2, color=colors.black, spaceAfter=12),
    ]


def _table(block: Table) -> list[Flowable]:
    small = _style(Style.SMALL)
    cells = [[Paragraph(escape(cell), small) for cell in row] for row in block.rows]
    look: list[_Look] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    if block.lined:
        look.append(("GRID", (0, 0), (-1, -1), 0.5, colors.grey))
    widths = [_WIDTH * share for share in block.widths]
    return [TableFlowable(cells, colWidths=widths, style=look, repeatRows=1), Spacer(0, 8)]


def _signature(block: Signature) -> list[Flowable]:
    named = [Paragraph(escape(text), _style(Style.BODY)) for text in (block.name, block.capacity) if text]
    return [_Scrawl(block.name), *named]


class _Scrawl(Flowable):
    """A line of ink shaped by the letters of a name: no two names alike, nobody's real hand."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.width, self.height = name, 50 * mm, 16 * mm

    def draw(self) -> None:
        path = self.canv.beginPath()
        path.moveTo(0, 14)
        for place, letter in enumerate(self.name[:14]):
            left, lift = place * 9.0, 4 + ord(letter) % 23
            path.curveTo(left + 3, lift + 14, left + 7, 26 - lift, left + 9, 12 + lift % 7)
        self.canv.setLineWidth(1.3)
        self.canv.drawPath(path)
