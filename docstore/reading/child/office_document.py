"""An office document before it is converted: only its packing can be checked here."""

from collections.abc import Sequence
from pathlib import Path

from docstore.reading import archives
from docstore.reading.child.outcomes import Refused
from docstore.reading.child.sources import Page
from docstore.reading.shapes import Inspection, Sheet


class OfficeDocument:
    """Has no pages of its own; its PDF has."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def inspect(self) -> Inspection:
        """Inflate and count, where it is packed (SEC-20)."""
        with self._path.open("rb") as file:
            if file.read(2) == b"PK":
                try:
                    archives.check_contents(file)
                except archives.BadArchive as error:
                    raise Refused("ArchiveInvalid", what=str(error)) from error
        return Inspection(pages=None)

    def sheets(self) -> Sequence[Sheet]:
        """None before conversion."""
        return []

    def page(self, number: int) -> Page:
        """None before conversion."""
        raise Refused("Malformed", what=f"page {number} does not exist before the document is converted")


def open_office(path: Path, most_pixels: int) -> OfficeDocument:
    """Take an office document as it came."""
    del most_pixels
    return OfficeDocument(path)
