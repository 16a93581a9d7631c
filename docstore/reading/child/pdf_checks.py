"""What a PDF carries besides pages: scripts, actions, attached files, media, XFA (DOM-1.11, SEC-31).

Only what can be reached from the catalogue counts. A quick look at the rewritten bytes comes first: most files carry
nothing.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import pikepdf

from docstore.reading.child.sources import Carried
from docstore.reading.shapes import Active

TOKENS = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|EF|FileAttachment|RichMedia\w*|Movie|Sound|Screen|3D|Rendition|GoToE|XFA|AA|OpenAction)(?![A-Za-z0-9])"
)
RAW_TOKENS: tuple[tuple[re.Pattern[bytes], Active], ...] = (
    (re.compile(rb"/(?:JavaScript|JS)(?![A-Za-z0-9])"), Active.SCRIPT),
    (re.compile(rb"/Launch(?![A-Za-z0-9])"), Active.LAUNCH),
    (re.compile(rb"/(?:EmbeddedFiles?|EF|FileAttachment|GoToE)(?![A-Za-z0-9])"), Active.ATTACHMENT),
    (re.compile(rb"/(?:RichMedia|Movie|Rendition)(?![A-Za-z0-9])"), Active.MEDIA),
    (re.compile(rb"/XFA(?![A-Za-z0-9])"), Active.XFA),
)
ACTIONS = {
    "/JavaScript": Active.SCRIPT,
    "/Launch": Active.LAUNCH,
    "/GoToE": Active.ATTACHMENT,
    "/Rendition": Active.MEDIA,
    "/Movie": Active.MEDIA,
    "/Sound": Active.MEDIA,
    "/RichMediaExecute": Active.MEDIA,
}
ANNOTATIONS = {
    "/FileAttachment": Active.ATTACHMENT,
    "/RichMedia": Active.MEDIA,
    "/Screen": Active.MEDIA,
    "/Movie": Active.MEDIA,
    "/Sound": Active.MEDIA,
    "/3D": Active.MEDIA,
}
REACHING_OUT = frozenset({"/URI", "/SubmitForm", "/ImportData", "/GoToR"})
OVERLAP = 32


class _Sieve(io.RawIOBase):
    """Takes what is written, keeps nothing, remembers whether a token went by."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False
        self._place = 0
        self._tail = b""

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def write(self, raw: Any) -> int:
        chunk = bytes(raw)
        self._place += len(chunk)
        if not self.found:
            self.found = TOKENS.search(self._tail + chunk) is not None
            self._tail = (self._tail + chunk)[-OVERLAP:]
        return len(chunk)


def find_active(pdf: pikepdf.Pdf) -> tuple[Active, ...]:
    """Return what of this is inside, in the order of the enumeration."""
    sieve = _Sieve()
    try:
        pdf.save(
            cast(BinaryIO, sieve),
            encryption=False,
            fix_metadata_version=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    except (pikepdf.PdfError, RuntimeError, ValueError):
        sieve.found = True
    if not sieve.found:
        return ()
    return _in_order({active for thing in _walk(pdf.Root) for active in _judge(thing)} | _on_opening(pdf.Root))


def find_active_in_bytes(raw: bytes) -> tuple[Active, ...]:
    """The same for a file whose structure cannot be had: by the words alone, erring towards yes."""
    return _in_order({active for pattern, active in RAW_TOKENS if pattern.search(raw)})


def carried(pdf: pikepdf.Pdf) -> Iterator[Carried]:
    """Yield every file inside once, unpacked where that can be done, without a name."""
    seen: set[tuple[int, int]] = set()
    for thing in _walk(pdf.Root):
        for stream in _files_of(thing):
            if stream.objgen not in seen:
                seen.add(stream.objgen)
                yield Carried("", _content(stream))


def _files_of(thing: Any) -> Iterator[Any]:
    if isinstance(thing, pikepdf.Stream) and _name(thing, "/Type") == "/EmbeddedFile":
        yield thing
    elif isinstance(files := thing.get("/EF"), pikepdf.Dictionary):
        yield from (one for one in _members(files) if isinstance(one, pikepdf.Stream))


def _content(stream: Any) -> bytes:
    try:
        return bytes(stream.read_bytes())
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return bytes(stream.read_raw_bytes())


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether the form says that it bears signatures."""
    form = pdf.Root.get("/AcroForm")
    flags = form.get("/SigFlags", 0) if isinstance(form, pikepdf.Dictionary) else 0
    return bool(int(flags) & 1) if isinstance(flags, int) else False


def _in_order(found: set[Active]) -> tuple[Active, ...]:
    return tuple(active for active in Active if active in found)


def _walk(root: Any) -> Iterator[Any]:
    """Yield every dictionary that can be reached, each indirect one once."""
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
            continue
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        if isinstance(thing, pikepdf.Array):
            waiting.extend(_members(thing))
            continue
        yield thing
        waiting.extend(_members(thing))


def _members(thing: Any) -> list[Any]:
    try:
        return list(thing) if isinstance(thing, pikepdf.Array) else [value for _, value in thing.items()]
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return []


def _judge(thing: Any) -> Iterator[Active]:
    if (action := ACTIONS.get(_name(thing, "/S"))) is not None:
        yield action
    if (annotation := ANNOTATIONS.get(_name(thing, "/Subtype"))) is not None:
        yield annotation
    if "/JS" in thing:
        yield Active.SCRIPT
    if "/EF" in thing or _name(thing, "/Type") == "/EmbeddedFile":
        yield Active.ATTACHMENT
    if "/XFA" in thing:
        yield Active.XFA
    more = thing.get("/AA")
    if isinstance(more, pikepdf.Dictionary) and any(_name(value, "/S") in REACHING_OUT for value in _members(more)):
        yield Active.OPENS_LINK


def _on_opening(root: Any) -> set[Active]:
    opening = root.get("/OpenAction")
    return (
        {Active.OPENS_LINK}
        if isinstance(opening, pikepdf.Dictionary) and _name(opening, "/S") in REACHING_OUT
        else set()
    )


def _name(thing: Any, key: str) -> str:
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return ""
    value = thing.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
