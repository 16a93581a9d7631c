"""Whether name, declared type and content of a file agree on a kind that is accepted (SEC-16, DOM-1.10).

The content alone decides; the name and the declared type may only agree. A file that lies is refused.
Knows nothing of what happens to a file afterwards.
"""

from dataclasses import dataclass
from pathlib import Path, PurePath

from docstore.core import conf
from docstore.reading import archives
from docstore.reading.formats import Kind
from docstore.reading.refusals import ArchiveInvalid, EmptyFile, PasswordProtected, TypeMismatch, TypeNotAccepted
from docstore.reading.sniffing import Sniffed, sniff

__all__ = ["Identified", "Kind", "identify"]

EXTENSIONS: dict[str, frozenset[Kind]] = {
    "jpeg": frozenset({Kind.JPEG}),
    "jpe": frozenset({Kind.JPEG}),
    "tiff": frozenset({Kind.TIFF}),
    "heif": frozenset({Kind.HEIC}),
    "text": frozenset({Kind.TEXT}),
    "log": frozenset({Kind.TEXT}),
    "md": frozenset({Kind.TEXT}),
    "wp": frozenset({Kind.WPD}),
    "wp5": frozenset({Kind.WPD}),
    "htm": frozenset({Kind.HTML}),
    "m4v": frozenset({Kind.MP4}),
    "oga": frozenset({Kind.OGG}),
    "webm": frozenset({Kind.MKV}),
    **{kind.extension: frozenset({kind}) for kind in Kind},
}
# A name that claims one of these lies whenever the content is something that is accepted.
FOREIGN_EXTENSIONS = frozenset(
    [
        "exe",
        "dll",
        "com",
        "bat",
        "cmd",
        "ps1",
        "vbs",
        "js",
        "jar",
        "sh",
        "py",
        "xhtml",
        "mht",
        "mhtml",
        "svg",
        "xml",
        "zip",
        "rar",
        "7z",
        "gz",
        "tgz",
        "tar",
        "iso",
        "docm",
        "xlsm",
        "pptm",
        "dotm",
        "gif",
        "bmp",
        "avif",
        "jp2",
        "ps",
        "eps",
        "lnk",
        "url",
    ]
)
UNDECLARED = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
ALIASES: dict[str, Kind] = {
    "image/jpg": Kind.JPEG,
    "image/pjpeg": Kind.JPEG,
    "image/x-png": Kind.PNG,
    "image/tif": Kind.TIFF,
    "image/heif": Kind.HEIC,
    "application/x-pdf": Kind.PDF,
    "text/rtf": Kind.RTF,
    "text/comma-separated-values": Kind.CSV,
    "application/vnd.wordperfect5.1": Kind.WPD,
    "application/wordperfect": Kind.WPD,
    "application/x-wordperfect": Kind.WPD,
}
ZIPPED = frozenset({Kind.DOCX, Kind.XLSX, Kind.PPTX, Kind.ODT, Kind.ODS, Kind.ODP})
# Plain text is all of these at once: only its name says which.
TEXTUAL = frozenset({Kind.TEXT, Kind.CSV})


@dataclass(frozen=True, slots=True)
class Identified:
    """The kind of a file and the extension that its stored name should bear."""

    kind: Kind
    extension: str


def identify(path: Path, *, name: str, declared: str | None) -> Identified:
    """Tell the kind from the bytes; raise EmptyFile, TypeMismatch, TypeNotAccepted, PasswordProtected or
    ArchiveInvalid.

    `name` is the file name as sent, `declared` the media type as sent (None or application/octet-stream: not declared).
    """
    if path.stat().st_size == 0:
        raise EmptyFile
    with path.open("rb") as file:
        try:
            found = sniff(file, bounds())
        except archives.BadArchive as error:
            raise ArchiveInvalid(what=str(error)) from error
    return _agree(found, name=name, declared=declared)


def bounds() -> archives.Bounds:
    """What an archive may hold, as settings say."""
    limits = conf.get().limits
    return archives.Bounds(limits.archive_entries, limits.archive_bytes, limits.archive_ratio)


def _agree(found: Sniffed, *, name: str, declared: str | None) -> Identified:
    extension = PurePath(name.replace("\\", "/")).suffix.lower().removeprefix(".")
    claimed = EXTENSIONS.get(extension)
    kind = found.kind
    if kind is Kind.TEXT and claimed == frozenset({Kind.CSV}):
        kind = Kind.CSV
    if kind is Kind.EML and claimed and claimed <= TEXTUAL:
        # a letter in plain text may begin as a message does; its name settles it
        kind = next(iter(claimed))
    if found.locked and (kind is None or not claimed or kind in claimed):
        raise PasswordProtected
    if claimed and kind not in claimed:
        raise TypeMismatch(name=_shown(name), found=found.words)
    if kind is None or (kind is Kind.HTML and claimed is None):
        # a web page is taken as text where it says that it is one, and never where it might be something else
        raise TypeNotAccepted(found=found.words)
    if extension in FOREIGN_EXTENSIONS:
        raise TypeMismatch(name=_shown(name), found=found.words)
    if not _declared_fits(kind, declared):
        raise TypeMismatch(name=f"{_shown(name)} and was sent as {_shown(declared or '')}", found=found.words)
    return Identified(kind, kind.extension)


def _declared_fits(kind: Kind, declared: str | None) -> bool:
    """Browsers send what the sender's machine thinks.

    Text for anything textual, zip for what is zipped, Excel for CSV.
    """
    sent = (declared or "").split(";")[0].strip().lower()
    if sent in UNDECLARED or sent == kind.value or ALIASES.get(sent) is kind:
        return True
    if kind in ZIPPED and sent in ("application/zip", "application/x-zip-compressed"):
        return True
    if kind in TEXTUAL:
        return sent in ("text/plain", "text/csv", "text/markdown", "text/x-log") or (
            kind is Kind.CSV and sent == Kind.XLS.value
        )
    if kind.is_kept_only:
        # one container, many names: audio/x-wav, audio/mp3, video/webm, application/ogg …
        return sent.startswith(("audio/", "video/", "application/ogg"))
    return kind in (Kind.EML, Kind.RTF) and sent == "text/plain"


def _shown(text: str) -> str:
    """A sender's text as it may stand in a sentence: no control or direction characters, not too long."""
    return "".join(letter for letter in text if letter.isprintable())[:80]
