"""What a file is, from its content alone, and whether that is accepted (SEC-16, DOM-1.10).

Names and declared types are never trusted, but they must agree with the content: a file that lies is refused.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """Everything that may be filed; nothing else is."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    HEIC = "image/heic"
    TEXT = "text/plain"
    CSV = "text/csv"
    RTF = "application/rtf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    ODP = "application/vnd.oasis.opendocument.presentation"
    DOC = "application/msword"
    XLS = "application/vnd.ms-excel"
    PPT = "application/vnd.ms-powerpoint"
    EML = "message/rfc822"
    MSG = "application/vnd.ms-outlook"
    WPD = "application/vnd.wordperfect"

    @property
    def media_type(self) -> str:
        """The registered media type; kept with the version and sent with its bytes."""
        return self.value

    @property
    def is_office(self) -> bool:
        """Whether it must be converted to PDF before its pages can be read."""
        return self in OFFICE


OFFICE: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Identified:
    """The kind of a file and the extension that its stored name should bear."""

    kind: Kind
    extension: str


def identify(path: Path, *, name: str, declared: str | None) -> Identified:
    """Tell the kind from the bytes; raise EmptyFile, TypeMismatch, TypeNotAccepted, PasswordProtected or ArchiveInvalid.

    `name` is the file name as sent, `declared` the media type as sent (None or application/octet-stream: not declared).
    """
    raise NotImplementedError
