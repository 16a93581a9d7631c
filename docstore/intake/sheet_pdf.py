"""Separator sheets as pages to print: the code, large enough for any scanner, and in words what it says."""

import io
from collections.abc import Sequence

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from docstore.cases.references import shown
from docstore.core import clock
from docstore.intake.sheets import Printed

QR_SIDE = 92 * mm
QUIET = 4  # modules of white around the code, as its standard asks


def render(printed: Sequence[Printed]) -> bytes:
    """Return one A4 page for each sheet."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1)
    canvas.setTitle("Separator sheets")
    canvas.setAuthor("Docstore")
    for one in printed:
        _page(canvas, one)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _page(canvas: Canvas, one: Printed) -> None:
    width, height = A4
    canvas.setFont("Helvetica-Bold", 26)
    canvas.drawCentredString(width / 2, height - 30 * mm, "Separator sheet")
    canvas.setFont("Helvetica", 13)
    canvas.drawCentredString(width / 2, height - 39 * mm, "Feed it before the first page of the paper.")
    _code(canvas, one.code, left=(width - QR_SIDE) / 2, bottom=height - 145 * mm)
    until = one.sheet.expires_at.astimezone(clock.COURT_ZONE)
    rows = (
        ("Case", _reference(one)),
        ("Kind of paper", one.section),
        ("Court", one.case.court.name),
        ("Sheet", one.sheet.serial),
        ("Good until", f"{until:%-d %B %Y}, for one paper"),
    )
    for at, (name, text) in enumerate(rows):
        line = height - (165 + 12 * at) * mm
        canvas.setFont("Helvetica", 13)
        canvas.drawString(35 * mm, line, name)
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(75 * mm, line, text[:60])


def _code(canvas: Canvas, text: str, *, left: float, bottom: float) -> None:
    """Dark squares only, drawn as shapes, so that the code is sharp at any resolution."""
    rows = [list(row) for row in segno.make(text, error="h", micro=False).matrix]
    side = QR_SIDE / (len(rows) + 2 * QUIET)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                x = left + (across + QUIET) * side
                y = bottom + QR_SIDE - (down + QUIET + 1) * side
                canvas.rect(x, y, side, side, stroke=0, fill=1)


def _reference(one: Printed) -> str:
    first = one.case.references.order_by("id").first()
    return shown(first.kind, first.value) if first else one.case.title
