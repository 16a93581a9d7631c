"""Declarations in XML inside an office document: entities of one's own, and document types fetched from elsewhere (SEC-37).

No program that writes such documents makes any, and they are how a few bytes become gigabytes or read what they should not.
Looks at what stands before the first element of a part and no further, so that nothing is ever expanded here.
"""

import zipfile
from typing import IO, BinaryIO
from xml.parsers import expat

from docstore.reading.archives import DAMAGED, BadArchive

CHUNK = 64 * 1024
LONGEST_PROLOG = 16
# Early writers of OpenDocument name a document type here, without declarations of their own; nothing is fetched for it.
NAMED_BY_CUSTOM = "META-INF/manifest.xml"
DECLARES = "one of its parts declares a document type of its own"
NEVER_BEGINS = "one of its parts never comes to its content"


class _Begun(Exception):
    """The first element has come: there are no declarations after it."""


def check_declarations(file: BinaryIO) -> None:
    """Raise BadArchive where a part in XML declares a document type.

    What is damaged or no proper XML is left to the program that converts it, as everywhere: it repairs more.
    """
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            try:
                with archive.open(info) as part:
                    _check_part(part, custom=info.filename == NAMED_BY_CUSTOM)
            except DAMAGED as damage:
                if isinstance(damage, BadArchive):
                    raise


def _check_part(part: IO[bytes], *, custom: bool) -> None:
    piece = part.read(CHUNK)
    if not _may_be_xml(piece):
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = _begin
    parser.StartDoctypeDeclHandler = _refuse_declarations if custom else _refuse
    try:
        for _ in range(LONGEST_PROLOG):
            parser.Parse(piece, not piece)
            if not piece:
                return
            piece = part.read(CHUNK)
    except (_Begun, expat.ExpatError):
        return
    raise BadArchive(NEVER_BEGINS)


def _may_be_xml(start: bytes) -> bool:
    """Whether the first letter is an angle bracket, in any encoding that XML is written in."""
    return start[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def _begin(*_: object) -> None:
    raise _Begun


def _refuse(*_: object) -> None:
    raise BadArchive(DECLARES)


def _refuse_declarations(_name: str, _system: str | None, _public: str | None, has_declarations: int) -> None:
    if has_declarations:
        raise BadArchive(DECLARES)
