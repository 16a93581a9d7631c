"""Which parser opens which shape of file. A parser is loaded when its first file comes, for starting a child must cost little.

The one for PDF is loaded at once: most papers are PDF.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from docstore.reading.child.pdf_document import PdfDocument
from docstore.reading.child.sources import Document

Opener = Callable[[Path, int], Document]
PACKAGE = "docstore.reading.child"
OPENERS: dict[str, tuple[str, str]] = {
    "picture": ("picture_document", "PictureDocument"),
    "mail": ("message_document", "open_mail"),
    "outlook": ("message_document", "open_outlook"),
    "page": ("text_document", "open_page"),
    "text": ("text_document", "open_text"),
    "office": ("office_document", "open_office"),
}


def opener_of(shape: str) -> Opener:
    """Return what opens a file of this shape, given its path and the most pixels that a picture may have."""
    if shape == "pdf":
        return _open_pdf
    module, name = OPENERS[shape]
    opener: Opener = getattr(import_module(f"{PACKAGE}.{module}"), name)
    return opener


def _open_pdf(path: Path, most_pixels: int) -> Document:
    del most_pixels  # a page is drawn at the size that we choose
    return PdfDocument(path)
