"""Exhibit photographs: invented places, drawn and blurred until they pass for a picture taken in bad light.

Knows shapes and light. No real place, person or thing is shown.
"""

import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from docstore.demo.papers.dice import dice_for
from docstore.demo.papers.pdf import FONTS

_TAG_DATE_TIME, _TAG_MAKER = 306, 271


def photograph(*, exhibit: str, caption: str, scene: str, seed: int, taken: str, width: int = 1600) -> bytes:
    """Return a JPEG of a scene ('door', 'street', 'room', 'object') with the exhibit's label laid in the corner."""
    dice = dice_for(seed)
    size = (width, width * 3 // 4)
    picture = _backdrop(size, dice)
    _SCENES[scene](ImageDraw.Draw(picture), size, dice)
    picture = picture.filter(ImageFilter.GaussianBlur(width / 900))
    grain = Image.frombytes("L", (256, 256), dice.randbytes(65536).translate(bytes(value // 9 for value in range(256))))
    grain = grain.resize(size, Image.Resampling.BILINEAR)
    picture = ImageChops.subtract(picture, Image.merge("RGB", (grain, grain, grain)))
    _label(picture, exhibit, caption)
    facts = Image.Exif()
    facts[_TAG_MAKER], facts[_TAG_DATE_TIME] = "Docstore demo court", taken
    target = BytesIO()
    picture.save(target, "JPEG", quality=82, exif=facts, dpi=(150, 150))
    return target.getvalue()


def _backdrop(size: tuple[int, int], dice: random.Random) -> Image.Image:
    light = Image.linear_gradient("L").resize(size)
    dark = tuple(dice.randrange(20, 70) for _ in range(3))
    pale = tuple(dice.randrange(130, 200) for _ in range(3))
    return Image.composite(Image.new("RGB", size, dark), Image.new("RGB", size, pale), light)


def _box(
    size: tuple[int, int], left: float, top: float, right: float, bottom: float
) -> tuple[float, float, float, float]:
    return (size[0] * left, size[1] * top, size[0] * right, size[1] * bottom)


def _door(pen: ImageDraw.ImageDraw, size: tuple[int, int], dice: random.Random) -> None:
    for row in range(24):
        for brick in range(-1, 14):
            left, top = brick / 13 + (row % 2) / 26, row / 24
            shade = dice.randrange(90, 130)
            pen.rectangle(
                _box(size, left, top, left + 0.073, top + 0.038), fill=(shade + 30, shade // 2 + 20, shade // 2)
            )
    pen.rectangle(_box(size, 0.34, 0.08, 0.68, 1), fill=(225, 222, 210))
    pen.rectangle(_box(size, 0.37, 0.11, 0.65, 1), fill=(32, 62 + dice.randrange(40), 58))
    for top in (0.16, 0.52):
        for left in (0.40, 0.53):
            pen.rectangle(_box(size, left, top, left + 0.09, top + 0.28), outline=(20, 40, 40), width=6)
    crack = [(size[0] * (0.64 + dice.uniform(-0.02, 0.02)), size[1] * place / 10) for place in range(1, 10)]
    pen.line(crack, fill=(240, 225, 190), width=7)
    pen.ellipse(_box(size, 0.62, 0.50, 0.64, 0.53), fill=(200, 170, 60))


def _street(pen: ImageDraw.ImageDraw, size: tuple[int, int], dice: random.Random) -> None:
    left = 0.0
    while left < 1:
        width, top = dice.uniform(0.12, 0.22), dice.uniform(0.18, 0.38)
        shade = dice.randrange(60, 120)
        pen.rectangle(_box(size, left, top, left + width, 0.68), fill=(shade, shade - 10, shade - 20))
        for window in range(3):
            at = left + width * (0.15 + window * 0.28)
            pen.rectangle(
                _box(size, at, top + 0.06, at + width * 0.17, top + 0.16), fill=(230, 210, dice.randrange(60, 160))
            )
        left += width
    pen.rectangle(_box(size, 0, 0.68, 1, 1), fill=(52, 52, 56))
    for dash in range(6):
        pen.rectangle(_box(size, dash / 6, 0.83, dash / 6 + 0.08, 0.845), fill=(220, 220, 210))


def _room(pen: ImageDraw.ImageDraw, size: tuple[int, int], dice: random.Random) -> None:
    pen.polygon(
        [(0, size[1]), (size[0] * 0.2, size[1] * 0.66), (size[0] * 0.8, size[1] * 0.66), size], fill=(120, 92, 66)
    )
    pen.rectangle(_box(size, 0.55, 0.14, 0.76, 0.44), fill=(190, 205, 215), outline=(240, 240, 235), width=14)
    pen.rectangle(_box(size, 0.12, 0.46, 0.48, 0.72), fill=(92, 50 + dice.randrange(30), 48))
    for _ in range(26):
        left, top = dice.uniform(0.2, 0.9), dice.uniform(0.72, 0.95)
        shard = [(size[0] * (left + dice.uniform(0, 0.04)), size[1] * (top + dice.uniform(0, 0.04))) for _ in range(3)]
        pen.polygon(shard, fill=(215, 222, 226))


def _object(pen: ImageDraw.ImageDraw, size: tuple[int, int], dice: random.Random) -> None:
    pen.rectangle(_box(size, 0.08, 0.12, 0.92, 0.9), fill=(214, 208, 196))
    colour = (dice.randrange(30, 120), dice.randrange(30, 120), dice.randrange(30, 120))
    pen.rounded_rectangle(_box(size, 0.3, 0.3, 0.62, 0.7), radius=40, fill=colour, outline=(20, 20, 20), width=8)
    pen.rectangle(_box(size, 0.35, 0.36, 0.57, 0.56), fill=(24, 28, 34))
    for mark in range(21):
        height = 0.86 if mark % 5 else 0.83
        pen.line(_box(size, 0.15 + mark * 0.035, height, 0.15 + mark * 0.035, 0.89), fill=(10, 10, 10), width=3)


_SCENES: dict[str, Callable[[ImageDraw.ImageDraw, tuple[int, int], random.Random], None]] = {
    "door": _door,
    "street": _street,
    "room": _room,
    "object": _object,
}


def _label(picture: Image.Image, exhibit: str, caption: str) -> None:
    large = ImageFont.truetype(str(FONTS / "LiberationSans-Bold.ttf"), picture.width // 30)
    small = ImageFont.truetype(str(FONTS / "LiberationSans-Regular.ttf"), picture.width // 46)
    wide = int(max(large.getlength(exhibit), small.getlength(caption))) + 60
    pad = Image.new("RGB", (wide, picture.width // 12), (250, 250, 246))
    pen = ImageDraw.Draw(pad)
    pen.text((30, 8), exhibit, font=large, fill=(0, 0, 0))
    pen.text((30, 14 + picture.width // 30), caption, font=small, fill=(0, 0, 0))
    picture.paste(pad, (picture.width // 30, picture.height - pad.height - picture.width // 30))
