"""A PDF printed, carried about and scanned: pictures of pages, with all that goes wrong on the way.

Knows pixels and how scanners write them (JPEG, CCITT fax, multi-page TIFF). Must not know what the pages say.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from io import BytesIO

import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont, TiffImagePlugin

from docstore.demo.papers.dice import dice_for
from docstore.demo.papers.pdf import FONTS

POINTS_PER_INCH = 72


class Ink(StrEnum):
    """What the scanner was set to."""

    GREY = "grey"
    BLACK = "black"
    COLOUR = "colour"


@dataclass(frozen=True, slots=True)
class Scanner:
    """One pass through one scanner. The same seed gives the same dirt; `skew` is in degrees, `noise` in grey levels."""

    dpi: int = 200
    ink: Ink = Ink.GREY
    seed: int = 1
    skew: float = 0.6
    noise: int = 10
    punched: bool = True
    stamp: tuple[str, ...] = ()
    quality: int = 60


def scan(pdf: bytes, scanner: Scanner) -> bytes:
    """Return an image-only PDF of every page."""
    return bind(list(pictures(pdf, scanner)), scanner)


def scan_tiff(pdf: bytes, scanner: Scanner) -> bytes:
    """Return a multi-page TIFF: fax coded when black, LZW otherwise."""
    first, *rest = pictures(pdf, scanner)
    target = BytesIO()
    coding = "group4" if scanner.ink is Ink.BLACK else "tiff_lzw"
    first.save(target, "TIFF", save_all=True, append_images=rest, compression=coding, dpi=(scanner.dpi, scanner.dpi))
    return target.getvalue()


def pictures(pdf: bytes, scanner: Scanner) -> Iterator[Image.Image]:
    """Yield each page as the scanner saw it."""
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            colour = scanner.ink is Ink.COLOUR
            page = document[number]
            bitmap = page.render(scale=scanner.dpi / POINTS_PER_INCH, grayscale=not colour)
            clean = bitmap.to_pil().convert("RGB" if colour else "L")
            yield spoil(
                clean, replace(scanner, seed=scanner.seed * 1009 + number, stamp=() if number else scanner.stamp)
            )


def spoil(clean: Image.Image, scanner: Scanner) -> Image.Image:
    """Return the picture crooked, speckled, punched and stamped."""
    dice = dice_for(scanner.seed)
    picture = _stamped(clean, scanner, dice) if scanner.stamp else clean
    if scanner.skew:
        angle = dice.uniform(0.3, 1.0) * scanner.skew * dice.choice((-1, 1))
        white = 255 if picture.mode == "L" else (255, 255, 255)
        picture = picture.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=white)
    if scanner.noise:
        picture = ImageChops.subtract(picture, _grain(picture.size, picture.mode, scanner.noise, dice))
    _mark(picture, scanner, dice)
    return picture.point(_BLACK_OR_WHITE, mode="1") if scanner.ink is Ink.BLACK else picture


_BLACK_OR_WHITE = [255 if grey > 160 else 0 for grey in range(256)]


def bind(pages: Sequence[Image.Image], scanner: Scanner) -> bytes:
    """Return the pictures as a PDF of one picture to a page, at the size of the paper that was scanned."""
    with pikepdf.new() as book:
        for picture in pages:
            width, height = (side * POINTS_PER_INCH / scanner.dpi for side in picture.size)
            book.add_blank_page(page_size=(width, height))
            page = book.pages[-1]
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=_stream(book, picture, scanner)))
            page.Contents = book.make_stream(f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Scan Do Q".encode())
        target = BytesIO()
        book.save(target, deterministic_id=True)
    return target.getvalue()


def _stream(book: pikepdf.Pdf, picture: Image.Image, scanner: Scanner) -> pikepdf.Stream:
    facts = {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": picture.width,
        "/Height": picture.height,
    }
    if picture.mode == "1":
        parameters = pikepdf.Dictionary(K=-1, Columns=picture.width, Rows=picture.height, BlackIs1=False)
        facts |= {"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 1}
        facts |= {"/Filter": pikepdf.Name.CCITTFaxDecode, "/DecodeParms": parameters}
        return pikepdf.Stream(book, _fax(picture), facts)
    target = BytesIO()
    picture.save(target, "JPEG", quality=scanner.quality, dpi=(scanner.dpi, scanner.dpi))
    space = pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB
    facts |= {"/ColorSpace": space, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode}
    return pikepdf.Stream(book, target.getvalue(), facts)


def _fax(picture: Image.Image) -> bytes:
    """Return the group 4 code of a picture: Pillow writes it into a TIFF of one strip, we take the strip."""
    target = BytesIO()
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[TiffImagePlugin.ROWSPERSTRIP] = picture.height
    # Turned into its negative first: fax coders count ink as 1, and white must be the cheap colour.
    ImageChops.invert(picture).save(target, "TIFF", compression="group4", tiffinfo=tags)
    with Image.open(BytesIO(target.getvalue())) as written:
        tag = written.tag_v2  # type: ignore[attr-defined]
        offsets, counts = tag[TiffImagePlugin.STRIPOFFSETS], tag[TiffImagePlugin.STRIPBYTECOUNTS]
    if len(offsets) != 1:
        raise ValueError("the fax coder did not keep to one strip")
    return target.getvalue()[offsets[0] : offsets[0] + counts[0]]


@cache
def _tile(noise: int) -> Image.Image:
    """One square of dirt: mostly faint, here and there a dark speck. Made once, laid over every page."""
    side = 1024
    dice = dice_for(noise)
    levels = bytes(min(255, value * noise // 255) if value < 250 else min(255, noise * 3) for value in range(256))
    tile = Image.frombytes("L", (side, side), dice.randbytes(side * side).translate(levels))
    pen = ImageDraw.Draw(tile)
    for _ in range(3 * noise):
        left, top = dice.randrange(side), dice.randrange(side)
        pen.ellipse((left, top, left + dice.randrange(1, 3), top + dice.randrange(1, 3)), fill=dice.randrange(60, 180))
    return tile


@cache
def _sheet(size: tuple[int, int], noise: int) -> Image.Image:
    tile, sheet = _tile(noise), Image.new("L", size)
    for left in range(0, size[0], tile.width):
        for top in range(0, size[1], tile.height):
            sheet.paste(tile, (left, top))
    return sheet


def _grain(size: tuple[int, int], mode: str, noise: int, dice: random.Random) -> Image.Image:
    shifted = ImageChops.offset(_sheet(size, noise), dice.randrange(1024), dice.randrange(1024))
    return shifted if mode == "L" else Image.merge("RGB", (shifted, shifted, shifted))


def _mark(picture: Image.Image, scanner: Scanner, dice: random.Random) -> None:
    """Draw what a scanner adds at the edges: punch holes, and the shadow of a lifted lid."""
    pen = ImageDraw.Draw(picture)
    inch = scanner.dpi
    if scanner.punched:
        grey = 70 if picture.mode == "L" else (82, 80, 78)
        for centre in (picture.height / 2 - inch * 1.57, picture.height / 2 + inch * 1.57):
            left, radius = inch * (0.42 + dice.uniform(-0.04, 0.04)), inch * 0.11
            pen.ellipse((left - radius, centre - radius, left + radius, centre + radius), fill=grey)
    if dice.random() < 0.4:
        shade = 150 if picture.mode == "L" else (150, 150, 150)
        pen.rectangle((0, 0, dice.randrange(2, max(3, inch // 25)), picture.height), fill=shade)


def _stamped(picture: Image.Image, scanner: Scanner, dice: random.Random) -> Image.Image:
    """Return the picture with a rubber stamp in its upper right part, never quite straight."""
    size = max(12, scanner.dpi // 9)
    font = _stamp_font(size)
    width = int(max(font.getlength(line) for line in scanner.stamp)) + 2 * size
    height = int(len(scanner.stamp) * size * 1.35) + size
    pad = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(pad)
    pen.rectangle((2, 2, width - 3, height - 3), outline=190, width=max(2, size // 9))
    for place, line in enumerate(scanner.stamp):
        pen.text((width / 2, size * (0.55 + place * 1.35)), line, font=font, fill=190, anchor="ma")
    turned = pad.rotate(dice.uniform(3, 9), expand=True, resample=Image.Resampling.BILINEAR)
    spot = (int(picture.width * 0.9) - turned.width, int(picture.height * dice.uniform(0.16, 0.2)))
    fresh = picture.copy()
    fresh.paste((40, 40, 120) if picture.mode == "RGB" else 40, spot, mask=turned)
    return fresh


@cache
def _stamp_font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "LiberationSans-Bold.ttf"), size)
