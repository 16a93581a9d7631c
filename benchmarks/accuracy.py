"""Promise: what Docstore reads from scans is at least as right as what bare Tesseract reads from them.

Held over the sample scans that come with a reference text, where they lie beside the checkout. Accuracy is the share of the
reference's words that were read, counted as often as they occur; bare Tesseract gets the page as pdfium renders it at 300
dpi, or the picture as it is.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
import tesserocr
from PIL import Image

from benchmarks.table import Row
from docstore.reading.kinds import identify
from docstore.reading.ocr.in_process import language_data
from docstore.reading.readers import Readers
from docstore.reading.sandbox import Limits

SCANS = Path(__file__).resolve().parents[2] / "shared" / "samples" / "scans"
DPI = 300
GOLD: dict[str, tuple[str, ...]] = {
    "phototest.gold.txt": (
        "phototest.tif",
        "phototest_2.tif",
        "phototestrot.tif",
        "phototest-rotated-180.png",
        "phototest-rotated-L.png",
        "phototest-rotated-R.png",
    ),
    "eurotext.txt": ("eurotext.tif",),
    "linn.txt": (
        "linn.png",
        "linn.pdf",
        "ccitt.pdf",
        "jbig2.pdf",
        "skew.pdf",
        "rotated_skew.pdf",
        "cardinal.pdf",
        "poster.pdf",
    ),
}
CROPS = ("12", "136", "256", "324", "410", "432", "433", "540", "692", "779", "793", "808", "815")


@dataclass(frozen=True, slots=True)
class Sample:
    """One scan, every page of which should say `gold`."""

    name: str
    gold: str

    @property
    def path(self) -> Path:
        return SCANS / self.name


def measure() -> list[Row]:
    """Return one row per sample and one for the mean; none where the samples are not there."""
    if not SCANS.is_dir():
        return []
    samples = list(_samples())
    with TemporaryDirectory(prefix="docstore-bench-") as folder:
        readers = Readers(folder=Path(folder), limits=Limits())
        try:
            ours = [_accuracy(sample.gold, _ours(readers, sample.path)) for sample in samples]
        finally:
            readers.close()
    engine = tesserocr.PyTessBaseAPI(path=language_data(), lang="eng")
    bare = [_accuracy(sample.gold, _bare(engine, sample.path)) for sample in samples]
    rows = [_row(one.name, our, their) for one, our, their in zip(samples, ours, bare, strict=True)]
    mean = _row(f"mean of {len(samples)} scans", sum(ours) / len(ours), sum(bare) / len(bare))
    return [mean, *(row for row in rows if not row.promise.startswith(CROPS) or not row.kept)]


def _samples() -> Iterator[Sample]:
    for gold, names in GOLD.items():
        text = (SCANS / gold).read_text(encoding="utf-8", errors="replace")
        yield from (Sample(name, text) for name in names)
    yield from (Sample(f"{crop}.tif", crop) for crop in CROPS)


def _ours(readers: Readers, path: Path) -> list[str]:
    kind = identify(path, name=path.name, declared=None).kind
    with readers.borrow(key=path.name, source=lambda: path.open("rb"), kind=kind) as reader:
        return [reader.page(sheet.number).text for sheet in reader.open()]


def _bare(engine: tesserocr.PyTessBaseAPI, path: Path) -> list[str]:
    read = []
    for picture in _pictures(path):
        engine.SetImage(picture)
        engine.SetSourceResolution(DPI)
        read.append(engine.GetUTF8Text())
    return read


def _pictures(path: Path) -> Iterator[Image.Image]:
    if path.suffix != ".pdf":
        yield Image.open(path).convert("L")
        return
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            scale = min(DPI / 72, 6_000 / max(page.get_size()))
            yield page.render(scale=scale, grayscale=True).to_pil()


def _accuracy(gold: str, pages: list[str]) -> float:
    """The share of the reference's words that the worst page has, in percent."""
    wanted = Counter(_words(gold))
    return min(100 * (wanted & Counter(_words(page))).total() / wanted.total() for page in pages)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower())


def _row(name: str, ours: float, bare: float) -> Row:
    return Row(
        promise=f"words read right: {name}",
        limit=f"bare Tesseract: {bare:.1f} %",
        measured=f"{ours:.1f} %",
        target="not below it",
        kept=round(ours, 1) >= round(bare, 1),
    )
