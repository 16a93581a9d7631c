"""What the bytes of a file say it is: our own table of signatures, nothing guessed from a name.

`Sniffed.kind` is None for what is known but not accepted, and for what is not known at all; `words` names it for
people.
"""

import re
from dataclasses import dataclass
from typing import BinaryIO

from docstore.reading import archives, ole
from docstore.reading.archives import USUAL, Bounds
from docstore.reading.declarations import check_declarations
from docstore.reading.formats import Kind
from docstore.reading.text_bytes import decode

HEAD = 64 * 1024
PDF_WITHIN = 1024

PICTURES: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"II+\0", Kind.TIFF),
    (b"MM\0+", Kind.TIFF),
)
RECORDINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"ID3", Kind.MP3),
    (b"\xff\xfb", Kind.MP3),
    (b"\xff\xf3", Kind.MP3),
    (b"\xff\xf2", Kind.MP3),
    (b"OggS", Kind.OGG),
    (b"fLaC", Kind.FLAC),
    (b"\x1aE\xdf\xa3", Kind.MKV),
)
RIFF: dict[bytes, Kind] = {b"WEBP": Kind.WEBP, b"WAVE": Kind.WAV, b"AVI ": Kind.AVI}
SOUND_BRANDS = frozenset({b"M4A ", b"M4B "})
FILM_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5"}
)
NOT_ACCEPTED: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"#!", "a program script"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ", "an archive"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a bitmap picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"%!PS", "a PostScript program"),
)
DRAWING = re.compile(r"<svg[\s>]", re.IGNORECASE)
XML = re.compile(r"^\s*<(\?xml|!doctype)\s", re.IGNORECASE)
WEB_PAGE = re.compile(r"<(!doctype\s+html|html|head|body|script|iframe|title)[\s>]", re.IGNORECASE)
HEADER_LINE = re.compile(
    r"(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|delivered-to|reply-to|sender):\s",
    re.IGNORECASE,
)
SAVED_PAGE = re.compile(r"^from:\s*<saved by|^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
OOXML: tuple[tuple[str, Kind], ...] = (
    ("word/document.xml", Kind.DOCX),
    ("xl/workbook.xml", Kind.XLSX),
    ("ppt/presentation.xml", Kind.PPTX),
)
ODF: dict[bytes, Kind] = {kind.value.encode(): kind for kind in (Kind.ODT, Kind.ODS, Kind.ODP)}
ENCRYPTED_BIT = 0x0100


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What was found; `locked` where it needs a password to open."""

    kind: Kind | None
    words: str
    locked: bool = False


def sniff(file: BinaryIO, bounds: Bounds = USUAL) -> Sniffed:
    """Tell what the bytes are. Raises archives.BadArchive for a zip that breaks the limits."""
    file.seek(0)
    head = file.read(HEAD)
    return _signature(head) or _container(file, head, bounds) or _text(head)


def _known(kind: Kind) -> Sniffed:
    return Sniffed(kind, kind.words)


def _signature(head: bytes) -> Sniffed | None:
    for magic, kind in (*PICTURES, *RECORDINGS):
        if head.startswith(magic):
            return _known(kind)
    if head.startswith(b"RIFF"):
        return _known(RIFF[head[8:12]]) if head[8:12] in RIFF else Sniffed(None, "a recording of an unknown kind")
    if head.startswith(b"{\\rtf"):
        return _known(Kind.RTF)
    if head.startswith(b"\xffWPC"):
        return _known(Kind.WPD)
    return _media_box(head) or _pdf(head) or _refused(head)


def _media_box(head: bytes) -> Sniffed | None:
    if head[4:8] != b"ftyp":
        return None
    length = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(length, 256), 4))}
    if b"avif" in brands:
        return Sniffed(None, "an AVIF picture")
    if brands & HEIC_BRANDS:
        return _known(Kind.HEIC)
    if head[8:12] in SOUND_BRANDS:
        return _known(Kind.M4A)
    if head[8:12] == b"qt  ":
        return _known(Kind.MOV)
    return (
        _known(Kind.MP4) if brands & FILM_BRANDS else Sniffed(None, "a film, a sound or a picture of an unknown kind")
    )


def _pdf(head: bytes) -> Sniffed | None:
    """A PDF may begin with a little junk (readers allow 1,024 bytes), but not with another kind of file."""
    at = head.find(b"%PDF-", 0, PDF_WITHIN + 5)
    if at < 0:
        return None
    before = head[:at]
    if _refused(before) or b"<" in before or before.startswith((b"PK", ole.MAGIC)):
        return Sniffed(None, "two kinds of file in one")
    return _known(Kind.PDF)


def _refused(head: bytes) -> Sniffed | None:
    for magic, words in NOT_ACCEPTED:
        # two letters may begin any text; a real one goes on in bytes that no text has
        if head.startswith(magic) and (
            len(magic) > 2 or magic == b"#!" or b"\0" in head[:64] or magic[0] > 0x7F or magic[0] < 0x20
        ):
            return Sniffed(None, words)
    return None


def _container(file: BinaryIO, head: bytes, bounds: Bounds) -> Sniffed | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(file, head, bounds)
    if head.startswith(ole.MAGIC):
        return _ole(file)
    return None


def _zip(file: BinaryIO, head: bytes, bounds: Bounds) -> Sniffed:
    try:
        directory = archives.check_directory(file, bounds)
    except archives.LockedArchive:
        return Sniffed(None, "an archive with a password", locked=True)
    names = directory.names
    if "mimetype" in names:
        # kept first and unpacked, so that it can be read even where the directory is a byte out
        said = archives.read_entry(file, "mimetype", 128).strip() or _first_entry(head)
        kind = ODF.get(said)
        locked = b"encryption-data" in archives.read_entry(file, "META-INF/manifest.xml", 1024 * 1024)
        if kind and not locked:
            check_declarations(file)
        return Sniffed(kind, kind.words, locked) if kind else Sniffed(None, "an archive")
    if "[Content_Types].xml" in names:
        if any(name.casefold().endswith("vbaproject.bin") for name in names):
            return Sniffed(None, "an office document with macros")
        for part, kind in OOXML:
            if part in names:
                check_declarations(file)
                return _known(kind)
    return Sniffed(None, "an archive")


def _first_entry(head: bytes) -> bytes:
    """Return what an unpacked first entry named "mimetype" says."""
    size = int.from_bytes(head[18:22], "little")
    return head[38 : 38 + min(size, 128)] if head[30:38] == b"mimetype" else b""


def _ole(file: BinaryIO) -> Sniffed:
    try:
        contents = ole.read_contents(file)
    except ole.NotReadable as error:
        raise archives.BadArchive(str(error)) from error
    names = contents.names
    if "EncryptedPackage" in names:
        return Sniffed(None, "an office document with a password", locked=True)
    if "__properties_version1.0" in names:
        return _known(Kind.MSG)
    if "WordDocument" in names:
        start = ole.read_start(file, contents, "WordDocument", 12)
        return Sniffed(Kind.DOC, Kind.DOC.words, bool(int.from_bytes(start[10:12], "little") & ENCRYPTED_BIT))
    if "PowerPoint Document" in names:
        return _known(Kind.PPT)
    if names & {"Workbook", "Book"}:
        return _known(Kind.XLS)
    return Sniffed(None, "an OLE file of an unknown kind")


def _text(head: bytes) -> Sniffed:
    text = decode(head)
    if text is None:
        return Sniffed(None, "a kind of file that is not known here")
    start = text.lstrip("\ufeff \t\r\n")[:4096]
    if _is_mail(start):
        return (
            Sniffed(None, "a saved web page")
            if SAVED_PAGE.search(start) and "multipart/related" in start and ".mht" in start.lower()
            else _known(Kind.EML)
        )
    if DRAWING.search(start):
        return Sniffed(None, "an SVG drawing")
    if WEB_PAGE.search(start):
        return _known(Kind.HTML)
    if XML.search(start):
        return Sniffed(None, "an XML file")
    return _known(Kind.TEXT)


def _is_mail(start: str) -> bool:
    """A message begins with header lines, two of them of the well-known ones, before its first empty line."""
    block = re.split(r"\r?\n\r?\n", start, maxsplit=1)[0]
    lines = block.splitlines()
    first = lines[0] if lines else ""
    if not re.match(r"(?:[A-Za-z][A-Za-z0-9-]*:\s|From \S+)", first):
        return False
    return sum(1 for line in lines if HEADER_LINE.match(line)) >= 2
