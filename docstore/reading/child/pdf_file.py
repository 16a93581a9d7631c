"""Opening a PDF whatever its state: as it is, without its owner's restrictions, or repaired into a working copy.

The file itself is never changed. pdfium shows pages, pikepdf repairs: where one refuses, the other is asked.
"""

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from docstore.reading.child.outcomes import Refused

WORK = "work.pdf"
NOT_A_PDF = re.compile(rb"%PDF-\d")


def open_for_pages(path: Path) -> tuple[pypdfium2.PdfDocument, bool]:
    """Return the document for reading pages, and whether it had to be repaired; raises Refused."""
    try:
        document = pypdfium2.PdfDocument(path)
        if len(document) and _has_a_page(document):
            return document, False
        reason = "it has no pages"
    except pypdfium2.PdfiumError as error:
        reason = _reason(error)
    return _open_copy(path, reason), True


def open_for_checks(path: Path, document: pypdfium2.PdfDocument) -> pikepdf.Pdf | None:
    """Return the structure of the document for inspection.

    What pdfium made of it where pikepdf refuses the original.
    """
    try:
        return pikepdf.open(path)
    except pikepdf.PasswordError as error:
        # the pages open, yet something inside does not: a part of the file is locked
        raise Refused("PasswordProtected") from error
    except (pikepdf.PdfError, ValueError, RuntimeError):
        kept = io.BytesIO()
    try:
        document.save(kept)
        kept.seek(0)
        return pikepdf.open(kept)
    except (pypdfium2.PdfiumError, pikepdf.PdfError, ValueError, RuntimeError):
        return None


def _open_copy(path: Path, reason: str) -> pypdfium2.PdfDocument:
    work = path.with_name(WORK)
    try:
        with pikepdf.open(path) as repaired:
            repaired.save(work, encryption=False, fix_metadata_version=False)
        document = pypdfium2.PdfDocument(work)
    except pikepdf.PasswordError as error:
        raise Refused("PasswordProtected") from error
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, RuntimeError, OSError) as error:
        raise Refused("Malformed", what=reason) from error
    if not len(document) or not _has_a_page(document):
        raise Refused("Malformed", what="it has no pages")
    return document


def _has_a_page(document: pypdfium2.PdfDocument) -> bool:
    """Some page among the first can be loaded: a page tree may promise pages that are not there."""
    return any(pdfium.FPDF_LoadPage(document.raw, index) for index in range(min(len(document), 20)))


def _reason(error: Any) -> str:
    code = getattr(error, "err_code", None)
    if code == pdfium.FPDF_ERR_PASSWORD:
        return "it is locked and its key is damaged"
    if code == pdfium.FPDF_ERR_SECURITY:
        return "it is locked in a way that no reader knows"
    return "its structure cannot be read"
