"""The demo court's papers, as files: typed, scanned, stamped, mixed, photographed.

Pure functions from words to bytes, the same bytes every time. Knows nothing of cases, people or the database; tests and
measurements import these as freely as the demo court does.
"""

from docstore.demo.papers.samples import (
    docx,
    joined,
    letter_pdf,
    mixed_pdf,
    overlaid,
    photo_jpeg,
    plain_text,
    scan_pdf,
    spread,
    stamped_scan_pdf,
    tiff,
)
from docstore.demo.papers.scans import Ink, Scanner

__all__ = [
    "Ink",
    "Scanner",
    "docx",
    "joined",
    "letter_pdf",
    "mixed_pdf",
    "overlaid",
    "photo_jpeg",
    "plain_text",
    "scan_pdf",
    "spread",
    "stamped_scan_pdf",
    "tiff",
]
