"""A black-and-white picture of very many pixels, made small while it is decoded: 1,200 and 2,400 dpi are bits on paper, and
only a library that makes a byte of each bit finds them large.

A picture that is kept as one piece is put before pdfium as it is, which reads it line by line; one that is kept in strips is
decoded strip by strip. Memory depends on the width alone.
"""

import io
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageFile, PngImagePlugin, TiffImagePlugin

from docstore.reading.child import pictures

DPI = 300
# A4 at 2,400 dpi has 557 million; a page of more is no page.
TIMES_MORE = 6
BAND_PIXELS = 16_000_000
WIDTH, LENGTH, COMPRESSION, PHOTOMETRIC, FILL_ORDER = 256, 257, 259, 262, 266
OFFSETS, ROWS, COUNTS, T4_OPTIONS, PREDICTOR = 273, 278, 279, 292, 317
KEPT_TAGS = (258, COMPRESSION, PHOTOMETRIC, FILL_ORDER, 277, 284, T4_OPTIONS, 293, PREDICTOR)
PLAIN, HUFFMAN, FAX3, FAX4, LZW, DEFLATE, OLD_DEFLATE, PACKED = 1, 2, 3, 4, 5, 8, 32946, 32773
FILTERS = {LZW: "/LZWDecode", DEFLATE: "/FlateDecode", OLD_DEFLATE: "/FlateDecode", PACKED: "/RunLengthDecode"}
FAX = (HUFFMAN, FAX3, FAX4)
MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
PNG_HEAD, PNG_CHUNK = 8, struct.Struct(">I4s")
TIFF_HEAD, TIFF_ENTRY, LONG = struct.Struct("<2sHI"), struct.Struct("<HHII"), 4


class NotThisWay(Exception):
    """The picture is kept in a way that cannot be made small while it is decoded; its words say which."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole picture as a file keeps it, and how to read it in the terms of PDF."""

    data: bytes
    told: dict[str, Any]


def is_bits(image: Image.Image) -> bool:
    """Whether a picture is of one bit to a pixel. Asks the header alone."""
    return image.mode == "1" and isinstance(image, TiffImagePlugin.TiffImageFile | PngImagePlugin.PngImageFile)


def made_small(image: ImageFile.ImageFile, path: Path, *, dpi: float) -> tuple[Image.Image, float]:
    """Return the current frame in grey at about 300 dpi, or less where that is still too large, and its resolution.

    Raises NotThisWay, and what damaged files raise.
    """
    smaller = max(1.0, dpi / DPI, math.sqrt(image.width * image.height / pictures.OCR_PIXELS))
    raw = path.read_bytes()
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return _drawn(image.size, _png_piece(raw, image.size), smaller), dpi / smaller
    if len(image.tag_v2.get(OFFSETS, ())) == 1:
        return _drawn(image.size, _tiff_piece(image, raw), smaller), dpi / smaller
    factor = max(round(dpi / DPI), math.ceil(math.sqrt(image.width * image.height / pictures.OCR_PIXELS)))
    return _from_strips(image, raw, factor), dpi / factor


def _drawn(size: tuple[int, int], piece: Piece, smaller: float) -> Image.Image:
    """Have pdfium draw it over black, a point to a pixel of what is wanted."""
    wide, high = (edge / smaller for edge in size)
    kept = io.BytesIO()
    with pikepdf.new() as made:
        told: dict[str, Any] = {
            "Type": pikepdf.Name.XObject,
            "Subtype": pikepdf.Name.Image,
            "Width": size[0],
            "Height": size[1],
        }
        picture = pikepdf.Stream(made, piece.data, pikepdf.Dictionary(**told, BitsPerComponent=1, **piece.told))
        page = made.add_blank_page(page_size=(wide, high))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
        black = f"0 g 0 0 {wide:.4f} {high:.4f} re f"
        page.Contents = made.make_stream(f"{black} {wide:.4f} 0 0 {high:.4f} 0 0 cm /P Do".encode())
        made.save(kept, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    with pypdfium2.PdfDocument(kept.getvalue()) as document:
        drawn: Image.Image = document[0].render(scale=1, grayscale=True).to_pil().copy()
    if drawn.getextrema() == (0, 0):
        # pdfium leaves out in silence what it cannot decode, and nothing is not an empty page
        raise NotThisWay("in a damaged way")
    return drawn


def _tiff_piece(image: TiffImagePlugin.TiffImageFile, raw: bytes) -> Piece:
    tags = image.tag_v2
    how, first, count = tags.get(COMPRESSION, PLAIN), tags[OFFSETS][0], tags[COUNTS][0]
    data, mirrored = raw[first : first + count], tags.get(FILL_ORDER, 1) == 2
    black_is_zero = tags.get(PHOTOMETRIC, 0) == 1
    if mirrored and how in (*FAX, PLAIN):
        data = data.translate(MIRRORED)
    if how in FAX:
        return Piece(data, _fax(how, tags.get(T4_OPTIONS, 0), image.size, black_is_zero=black_is_zero))
    if (how not in FILTERS and how != PLAIN) or tags.get(PREDICTOR, 1) != 1 or (mirrored and how != PLAIN):
        raise NotThisWay(f"in compression {how}")
    told: dict[str, Any] = {"ColorSpace": pikepdf.Name.DeviceGray}
    if not black_is_zero:
        told["Decode"] = pikepdf.Array([1, 0])
    return Piece(data, told | ({"Filter": pikepdf.Name(FILTERS[how])} if how in FILTERS else {}))


def _fax(how: int, options: int, size: tuple[int, int], *, black_is_zero: bool) -> dict[str, Any]:
    """How fax lines are coded: group 4, group 3 in one or two dimensions, or lines that begin with a byte."""
    way = {FAX4: -1, FAX3: 1 if options & 1 else 0, HUFFMAN: 0}[how]
    parms: dict[str, Any] = {
        "K": way,
        "Columns": size[0],
        "Rows": size[1],
        "BlackIs1": black_is_zero,
        "EncodedByteAlign": how == HUFFMAN or bool(options & 4),
    }
    return {
        "ColorSpace": pikepdf.Name.DeviceGray,
        "Filter": pikepdf.Name.CCITTFaxDecode,
        "DecodeParms": pikepdf.Dictionary(**parms),
    }


def _png_piece(raw: bytes, size: tuple[int, int]) -> Piece:
    """The lines of a PNG are those that PDF knows; interlaced ones are not."""
    data = bytearray()
    for kind, begin, end in _chunks(raw):
        if kind == b"IHDR" and raw[end - 1] != 0:
            raise NotThisWay("interlaced")
        if kind == b"IDAT":
            data += raw[begin:end]
    parms = pikepdf.Dictionary(Predictor=15, Colors=1, BitsPerComponent=1, Columns=size[0])
    told = {"ColorSpace": pikepdf.Name.DeviceGray, "Filter": pikepdf.Name.FlateDecode, "DecodeParms": parms}
    return Piece(bytes(data), told)


def _chunks(raw: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = PNG_HEAD
    while at + PNG_CHUNK.size <= len(raw):
        length, kind = PNG_CHUNK.unpack_from(raw, at)
        yield kind, at + PNG_CHUNK.size, at + PNG_CHUNK.size + length
        at += PNG_CHUNK.size + length + 4


def _from_strips(image: TiffImagePlugin.TiffImageFile, raw: bytes, factor: int) -> Image.Image:
    """Decode some strips at a time, each group as a picture of its own, and make it small before the next."""
    width, height = image.size
    rows = int(image.tag_v2.get(ROWS, height))
    if OFFSETS not in image.tag_v2 or rows * width > BAND_PIXELS:
        raise NotThisWay("in tiles or long strips")
    small = Image.new("L", (-(-width // factor), -(-height // factor)), 255)
    at_once = max(1, BAND_PIXELS // (width * rows))
    left_over: Image.Image | None = None
    top = done = 0
    while top * rows < height:
        band = _band(image, raw, top, at_once)
        whole = _below(left_over, band)
        ready = whole.height // factor * factor if (top + at_once) * rows < height else whole.height
        if ready:
            small.paste(whole.crop((0, 0, width, ready)).reduce(factor), (0, done))
        left_over, done, top = whole.crop((0, ready, width, whole.height)), done + ready // factor, top + at_once
    return small


def _below(above: Image.Image | None, band: Image.Image) -> Image.Image:
    """Put rows that were left over above the next ones."""
    if above is None or not above.height:
        return band
    joined = Image.new("L", (band.width, above.height + band.height))
    joined.paste(above, (0, 0))
    joined.paste(band, (0, above.height))
    return joined


def _band(image: TiffImagePlugin.TiffImageFile, raw: bytes, first: int, count: int) -> Image.Image:
    """Some strips as a TIFF of their own, decoded."""
    tags = image.tag_v2
    offsets, counts = tags[OFFSETS][first : first + count], tags[COUNTS][first : first + count]
    rows = int(tags[ROWS])
    height = min(len(offsets) * rows, image.height - first * rows)
    parts = [raw[at : at + size] for at, size in zip(offsets, counts, strict=True)]
    told = {tag: [int(one) for one in _listed(tags[tag])] for tag in KEPT_TAGS if tag in tags}
    told |= {WIDTH: [image.width], LENGTH: [height], ROWS: [rows]}
    return Image.open(io.BytesIO(_as_tiff(told, parts)), formats=("TIFF",)).convert("L")


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)


def _as_tiff(tags: dict[int, list[int]], parts: list[bytes]) -> bytes:
    """A file with these strips behind its header, then its tags, then what is too long to stand among them."""
    offsets = [TIFF_HEAD.size + at for at in accumulate((len(part) for part in parts), initial=0)]
    entries = sorted({**tags, OFFSETS: offsets[:-1], COUNTS: [len(part) for part in parts]}.items())
    directory = offsets[-1]
    behind = directory + 2 + len(entries) * TIFF_ENTRY.size + 4
    rows, longer = [], b""
    for tag, values in entries:
        packed = struct.pack(f"<{len(values)}I", *values)
        place = values[0] if len(values) == 1 else behind + len(longer)
        longer += packed if len(values) > 1 else b""
        rows.append(TIFF_ENTRY.pack(tag, LONG, len(values), place))
    head = TIFF_HEAD.pack(b"II", 42, directory)
    return b"".join([head, *parts, struct.pack("<H", len(entries)), *rows, bytes(4), longer])
