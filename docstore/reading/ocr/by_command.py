"""Tesseract as a program, one start per page: slower, needs no compiled library."""

import os
from collections.abc import Sequence
from typing import Any

import pytesseract
from PIL import Image

from docstore.reading.ocr import OcrWord

os.environ.setdefault("OMP_THREAD_LIMIT", "1")
AUTO = 3
ONE_LINE = 7
SURE_OF_TURN = 1.0


class ByCommand:
    """Runs the tesseract program through pytesseract."""

    name = "pytesseract"

    def read(
        self, image: Image.Image, languages: Sequence[str], *, dpi: int, single_line: bool = False
    ) -> list[OcrWord]:
        """Return the words in reading order."""
        mode = ONE_LINE if single_line else AUTO
        told: dict[str, list[Any]] = pytesseract.image_to_data(
            image, lang="+".join(languages), config=f"--psm {mode} --dpi {dpi}", output_type=pytesseract.Output.DICT
        )
        return _words(told)

    def turn_needed(self, image: Image.Image, *, dpi: int) -> int | None:
        """Return by how many degrees clockwise to turn the picture upright."""
        try:
            told = pytesseract.image_to_osd(image, config=f"--dpi {dpi}", output_type=pytesseract.Output.DICT)
        except pytesseract.TesseractError:
            # said for a page with too few letters to tell
            return None
        return int(told["rotate"]) if told["orientation_conf"] >= SURE_OF_TURN else None


def _words(told: dict[str, list[Any]]) -> list[OcrWord]:
    found: list[OcrWord] = []
    lines: dict[tuple[int, int, int], int] = {}
    for at, raw in enumerate(told["text"]):
        text = str(raw).strip()
        if not text or float(told["conf"][at]) < 0:
            continue
        place = (told["block_num"][at], told["par_num"][at], told["line_num"][at])
        left, top = int(told["left"][at]), int(told["top"][at])
        found.append(
            OcrWord(
                text,
                left,
                top,
                left + int(told["width"][at]),
                top + int(told["height"][at]),
                confidence=float(told["conf"][at]),
                line=lines.setdefault(place, len(lines)),
                block=int(told["block_num"][at]),
            )
        )
    return found
