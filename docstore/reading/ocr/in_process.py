"""Tesseract as a library: the models stay loaded between pages, which saves about a third of the time a page takes."""

import os
from collections.abc import Sequence
from pathlib import Path

import tesserocr
from PIL import Image

from docstore.reading.ocr import OcrWord

PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
SURE_OF_TURN = 1.0


def language_data() -> str:
    """Return the folder of language data: TESSDATA_PREFIX where it is set, else where Linux distributions put it."""
    for place in (os.environ.get("TESSDATA_PREFIX", ""), *PLACES):
        if place and (Path(place) / "eng.traineddata").exists():
            return place
    return PLACES[0]


class InProcess:
    """One library handle per set of languages, and one for orientation; all are kept."""

    name = "tesserocr"

    def __init__(self) -> None:
        self._folder = language_data()
        self._apis: dict[str, tesserocr.PyTessBaseAPI] = {}

    def read(
        self, image: Image.Image, languages: Sequence[str], *, dpi: int, single_line: bool = False
    ) -> list[OcrWord]:
        """Return the words in reading order."""
        api = self._api("+".join(languages), tesserocr.PSM.SINGLE_LINE if single_line else tesserocr.PSM.AUTO)
        api.SetImage(image)
        api.SetSourceResolution(dpi)
        try:
            if not api.Recognize():
                return []
            return _words(api)
        finally:
            api.Clear()

    def turn_needed(self, image: Image.Image, *, dpi: int) -> int | None:
        """Return by how many degrees clockwise to turn the picture upright."""
        if not (Path(self._folder) / "osd.traineddata").exists():
            return None
        api = self._api("osd", tesserocr.PSM.OSD_ONLY)
        api.SetImage(image)
        api.SetSourceResolution(dpi)
        try:
            told = api.DetectOrientationScript()
        finally:
            api.Clear()
        if not told or told["orient_conf"] < SURE_OF_TURN:
            return None
        # the library says how far the page lies turned anticlockwise from upright
        return (360 - int(told["orient_deg"])) % 360

    def _api(self, languages: str, mode: int) -> tesserocr.PyTessBaseAPI:
        api = self._apis.get(languages)
        if api is None:
            api = tesserocr.PyTessBaseAPI(path=self._folder, lang=languages, psm=mode)
            self._apis[languages] = api
        api.SetPageSegMode(mode)
        return api


def _words(api: tesserocr.PyTessBaseAPI) -> list[OcrWord]:
    found: list[OcrWord] = []
    level = tesserocr.RIL
    cursor = api.GetIterator()
    line = block = -1
    for item in tesserocr.iterate_level(cursor, level.WORD):
        block += bool(item.IsAtBeginningOf(level.BLOCK)) or block < 0
        line += bool(item.IsAtBeginningOf(level.TEXTLINE)) or line < 0
        if item.Empty(level.WORD):
            continue
        text = item.GetUTF8Text(level.WORD).strip()
        box = item.BoundingBox(level.WORD)
        if text and box:
            left, top, right, bottom = box
            found.append(OcrWord(text, left, top, right, bottom, float(item.Confidence(level.WORD)), line, block))
    return found
