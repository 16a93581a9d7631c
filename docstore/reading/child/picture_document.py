"""A picture file as a document: one page to a frame, shown upright, on white, however its pixels are kept."""

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pillow_heif
from PIL import Image, ImageFile, ImageOps, TiffImagePlugin

from docstore.reading.child import pictures, wide_picture
from docstore.reading.child.outcomes import Failed, Refused
from docstore.reading.child.sources import MOST_PAGES, Native
from docstore.reading.quality import Decision
from docstore.reading.shapes import Inspection, Method, Sheet

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF")
A4_WIDTH = 8.27
BELIEVABLE = range(100, 2_401)
ORIENTATION = 0x0112
SIDEWAYS = frozenset({5, 6, 7, 8})
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    Image.DecompressionBombError,
)

pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
# Pixels are counted from the header below, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


class PictureDocument:
    """JPEG, PNG, TIFF, WebP or HEIC. Headers are read; a frame is decoded only when its page is asked for."""

    def __init__(self, path: Path, most_pixels: int) -> None:
        self._path = path
        self._most_pixels = most_pixels
        try:
            self._image = Image.open(path, formats=FORMATS)
            self._frames = (
                min(int(getattr(self._image, "n_frames", 1)), MOST_PAGES + 1) if self._image.format == "TIFF" else 1
            )
        except DAMAGED as error:
            raise Refused("Malformed", what="it is not a complete picture") from error

    def inspect(self) -> Inspection:
        """Count frames and pixels from the headers (SEC-19); bits cost little, so there may be more of them."""
        if self._frames > MOST_PAGES:
            raise Refused("TooManyPages", pages=f"more than {MOST_PAGES:,}", limit=f"{MOST_PAGES:,}")
        for index in range(self._frames):
            self._check_size(index)
        return Inspection(pages=self._frames)

    def sheets(self) -> Sequence[Sheet]:
        """One sheet to a frame, its size from the resolution that the file gives where that can be believed."""
        found = []
        for index in range(min(self._frames, MOST_PAGES)):
            self._check_size(index)
            width, height = self._size()
            dpi = self._dpi()
            found.append(Sheet(index + 1, str(index + 1), round(width * 72 / dpi, 2), round(height * 72 / dpi, 2)))
        return found

    def page(self, number: int) -> "PicturePage":
        """Decode one frame; a picture that is cut off is shown as far as it goes."""
        self._check_size(number - 1)
        if self._pixels() > self._most_pixels:
            return PicturePage(*self._decode_small())
        return PicturePage(self._decode(), self._dpi())

    def part(self, pages: Sequence[int], turned: Mapping[int, int]) -> tuple[bytes, str]:
        """Frames as a TIFF of its own, without loss."""
        frames = []
        for number in pages:
            self._check_size(number - 1)
            if self._pixels() > self._most_pixels:
                raise Failed("PageUnreadable", "it has too many pixels to be taken out of its file")
            frame = self._decode()
            frames.append(frame.rotate(-turned[number], expand=True) if number in turned else frame)
        kept = io.BytesIO()
        dpi = (self._dpi(), self._dpi())
        frames[0].save(kept, "TIFF", compression="tiff_adobe_deflate", save_all=True, append_images=frames[1:], dpi=dpi)
        return kept.getvalue(), "image/tiff"

    def _check_size(self, index: int) -> None:
        try:
            self._image.seek(index)
        except DAMAGED as error:
            raise Refused("Malformed", what=f"picture {index + 1} in it is damaged") from error
        times_more = wide_picture.TIMES_MORE if wide_picture.is_bits(self._image) else 1
        if self._pixels() > self._most_pixels * times_more:
            width, height = self._image.size
            raise Refused("PageTooLarge", number=index + 1, size=f"{width:,} × {height:,} pixels")

    def _pixels(self) -> int:
        return self._image.width * self._image.height

    def _size(self) -> tuple[int, int]:
        width, height = self._image.size
        return (height, width) if self._orientation() in SIDEWAYS else (width, height)

    def _orientation(self) -> int:
        """How the frame is to be turned. Asking a PNG decodes it, which a very large one must not be."""
        if self._pixels() > self._most_pixels and not isinstance(self._image, TiffImagePlugin.TiffImageFile):
            return 1
        return int(self._image.getexif().get(ORIENTATION, 1))

    def _dpi(self) -> float:
        """The resolution.

        As told where believable, else as if the picture were an A4 page; small ones as if 100 dpi.
        """
        told = self._image.info.get("dpi", (0, 0))[0]
        if isinstance(self._image, TiffImagePlugin.TiffImageFile) and not told:
            told = 0
        dpi = float(told) if told and math.isfinite(float(told)) else 0.0
        if round(dpi) in BELIEVABLE:
            return dpi
        return max(100.0, min(self._size()) / A4_WIDTH)

    def _decode_small(self) -> tuple[Image.Image, float]:
        """A frame that is too large to be decoded whole, upright, and its resolution."""
        try:
            small, dpi = wide_picture.made_small(self._image, self._path, dpi=self._dpi())
        except wide_picture.NotThisWay as how:
            raise Failed("PageUnreadable", f"it has more pixels than can be read, and is kept {how}") from how
        except DAMAGED as error:
            raise Failed("PageUnreadable", "the picture is damaged") from error
        small.getexif()[ORIENTATION] = self._orientation()
        return ImageOps.exif_transpose(small), dpi

    def _decode(self) -> Image.Image:
        try:
            return _on_white(ImageOps.exif_transpose(self._image))
        except MemoryError as error:
            raise Failed("ReaderOutOfMemory", "its pixels") from error
        except DAMAGED:
            return self._decode_what_there_is()

    def _decode_what_there_is(self) -> Image.Image:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            return _on_white(self._image)
        except DAMAGED as error:
            raise Failed("PageUnreadable", "the picture is damaged") from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


class PicturePage:
    """One frame."""

    def __init__(self, image: Image.Image, dpi: float) -> None:
        self._image = image
        self._dpi = dpi

    def native(self) -> Native:
        """A picture has no text of its own."""
        return Native("", (), Decision(Method.OCR, "a picture"))

    def grey(self, dpi: int) -> tuple[Image.Image, int]:
        """Grey, brought to the resolution asked for; never enlarged more than three times."""
        grey = self._image if self._image.mode == "L" else self._image.convert("L")
        scale = min(dpi / self._dpi, 3.0, math.sqrt(pictures.OCR_PIXELS / (grey.width * grey.height)))
        if 0.8 <= scale <= 1.05 or min(grey.size) < 90:
            return grey, round(self._dpi)
        size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
        return grey.resize(size, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC), max(
            70, round(self._dpi * scale)
        )

    def shown(self) -> Image.Image:
        """As it is, made smaller where it is larger than a page picture."""
        scale = min(1.0, pictures.shown_scale(*self._image.size))
        if scale == 1.0:
            return self._image
        size = (max(1, round(self._image.width * scale)), max(1, round(self._image.height * scale)))
        return self._image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)

    def resolution(self) -> float | None:
        """As the file says, or as if it were an A4 page."""
        return self._dpi

    def close(self) -> None:
        """Let go of the pixels."""
        self._image.close()


def _on_white(image: Image.Image) -> Image.Image:
    """Grey or colour without transparency; 16-bit grey is brought to 8."""
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    if image.mode in ("L", "1"):
        return image.convert("L")
    if "A" in image.mode or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of more than eight bits, its darkest made black and its lightest white."""
    low, high = (float(edge) if isinstance(edge, int | float) else 0.0 for edge in image.getextrema())
    return image.point(lambda level: (level - low) * (255.0 / max(high - low, 1.0))).convert("L")
