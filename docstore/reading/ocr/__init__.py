"""The OCR port: a picture of a page goes in, words with boxes and confidence come out.

Runs inside the sandbox, therefore nothing of Django or of the other rooms. An engine is chosen by name; "auto" takes
the one
that works in-process where its library can be imported, else the one that runs the tesseract program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from PIL import Image


@dataclass(frozen=True, slots=True)
class OcrWord:
    """One word as an engine saw it: pixels of the picture, confidence 0–100, and which line and block it stands in."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    line: int
    block: int


class OcrEngine(Protocol):
    """Reads words from the picture of a page."""

    name: str

    def read(
        self, image: Image.Image, languages: Sequence[str], *, dpi: int, single_line: bool = False
    ) -> list[OcrWord]:
        """Return the words in reading order. `single_line` says that the picture is a crop of one line."""
        ...

    def turn_needed(self, image: Image.Image, *, dpi: int) -> int | None:
        """Return by how many degrees clockwise (0, 90, 180, 270) to turn the picture upright.

        None where it cannot be told.
        """
        ...


ENGINES = {
    "tesserocr": ("tesserocr", "docstore.reading.ocr.in_process", "InProcess"),
    "pytesseract": ("pytesseract", "docstore.reading.ocr.by_command", "ByCommand"),
}


class NoOcrEngine(RuntimeError):
    """No OCR engine can be loaded. Install tesserocr, or pytesseract and the tesseract program."""


def choose(name: str) -> OcrEngine:
    """Make the engine of this name; "auto" for the first that can be imported."""
    for candidate in [name] if name != "auto" else list(ENGINES):
        library, module, made = ENGINES[candidate]
        if find_spec(library) is not None:
            engine: OcrEngine = getattr(import_module(module), made)()
            return engine
    raise NoOcrEngine(NoOcrEngine.__doc__)
