"""Scans for tests: pages of print, separator sheets, empty pages, as one PDF of pictures."""

import io
from collections.abc import Sequence

import pypdfium2
import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from docstore.intake.sheet_pdf import render
from docstore.intake.sheets import Printed

DPI = 150
A4 = (1240, 1754)


def printed_page(*lines: str) -> Image.Image:
    """A page with these lines and enough print below them to be an ordinary one."""
    made = Image.new("L", A4, 255)
    drawing, font = ImageDraw.Draw(made), ImageFont.load_default(30)
    words = (
        "The parties attended and the bundle was handed up to the bench. Nobody asked for time, and none was given. "
    )
    filler = [(words * 2)[at * 7 % 60 :][:62] for at in range(24)]
    for at, line in enumerate((*lines, *filler)):
        drawing.text((120, 140 + at * 48), line, fill=0, font=font)
    return made


def empty_page() -> Image.Image:
    return Image.new("L", A4, 252)


def sheet_page(printed: Printed) -> Image.Image:
    """The very page that is printed, as a scanner would take it."""
    with pypdfium2.PdfDocument(render([printed])) as book:
        return book[0].render(scale=DPI / 72).to_pil().convert("L")


def code_page(text: str, *, lines: Sequence[str] = ()) -> Image.Image:
    """A page that bears a code of somebody else's making."""
    made = printed_page(*lines)
    kept = io.BytesIO()
    segno.make(text, error="h", micro=False).save(kept, kind="png", scale=5, border=4)
    made.paste(Image.open(kept).convert("L"), (500, 1100))
    return made


def label_page(text: str, *lines: str) -> Image.Image:
    """A page with a Code 128 label on it."""
    made = printed_page(*lines)
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    bars = memoryview(zxingcpp.write_barcode_to_image(code, scale=3))
    made.paste(Image.frombytes("L", (bars.shape[1], bars.shape[0]), bars.tobytes()), (320, 1200))
    return made


def scan(*pages: Image.Image) -> bytes:
    """These pages as one PDF, as a scanner saves them."""
    kept = io.BytesIO()
    pages[0].save(kept, "PDF", save_all=True, append_images=pages[1:], resolution=DPI)
    return kept.getvalue()
