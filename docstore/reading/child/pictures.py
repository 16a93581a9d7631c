"""Page pictures: the one people see, its thumbnail, the one OCR reads. WebP without any metadata (SEC-39)."""

import io
import math

from PIL import Image

SHOWN_SHORT_SIDE = 1240
SHOWN_LONGEST = 3600
SHOWN_PIXELS = 5_000_000
THUMBNAIL_WIDTH = 180
THUMBNAIL_HEIGHT = 360
SHOWN_QUALITY = 72
THUMBNAIL_QUALITY = 60
OCR_PIXELS = 36_000_000
OCR_LONGEST = 12_000


def shown_scale(width: float, height: float) -> float:
    """Return by what to multiply a page's size so that its short side is about 1,240 pixels, within bounds."""
    scale = SHOWN_SHORT_SIDE / max(min(width, height), 1e-6)
    return min(scale, SHOWN_LONGEST / max(width, height), math.sqrt(SHOWN_PIXELS / (width * height)))


def ocr_scale(width: float, height: float, dpi: int) -> float:
    """Return pixels to a point for OCR at this resolution, less where the page would be too many pixels."""
    return min(dpi / 72, OCR_LONGEST / max(width, height), math.sqrt(OCR_PIXELS / (width * height)))


def encode(image: Image.Image) -> tuple[bytes, bytes]:
    """Return the picture and its thumbnail as WebP."""
    plain = image if image.mode in ("RGB", "L") else image.convert("RGB")
    scale = min(THUMBNAIL_WIDTH / plain.width, THUMBNAIL_HEIGHT / plain.height, 1.0)
    small = plain.resize(
        (max(1, round(plain.width * scale)), max(1, round(plain.height * scale))),
        Image.Resampling.BOX,
        reducing_gap=2.0,
    )
    return _webp(plain, SHOWN_QUALITY), _webp(small, THUMBNAIL_QUALITY)


def _webp(image: Image.Image, quality: int) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "WEBP", quality=quality, method=1)
    return kept.getvalue()
