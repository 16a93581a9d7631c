"""What the door hands over: bytes already stored, with their digest and what was found out about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from docstore.documents.kept import UNNAMED, Kept
from docstore.documents.models import Columns, Method, PageState, Stage, Word
from docstore.documents.outline_models import Heading


@dataclass(frozen=True, slots=True)
class PageText:
    """What reading found on one page. Sizes in points as displayed; `confidence` 0–100 or None.

    `own_text` is what the file itself says where OCR is used instead.
    """

    number: int
    label: str
    width: float
    height: float
    text: str = ""
    words: Sequence[Word] | Columns = ()
    method: Method = Method.NONE
    engine: str = ""
    language: str = ""
    confidence: float | None = None
    state: PageState = PageState.DONE
    reason: str = ""
    own_text: str = ""


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """A short paper whose every page brings its own text, read by the child that checked it; nothing of it is kept yet."""

    pages: tuple[PageText, ...]
    outline: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """One file, safe in the vault under `key`. `stage` is CLEAN where it was checked before filing, else RECEIVED.

    `arrived_at` is our own stamp where the bytes came before the filing; the two dates are what others say (DOM-3.9).
    """

    document_id: UUID
    version_id: UUID
    number: int
    key: str
    sha256: str
    size: int
    media_type: str
    original_name: str
    stage: Stage
    stage_reason: str = ""
    scanned_by: str = ""
    confirmed: tuple[str, ...] = ()
    kept: Kept = UNNAMED
    read: ReadAhead | None = None
    arrived_at: datetime | None = None
    received_on: date | None = None
    scanned_on: date | None = None

    @property
    def facts(self) -> dict[str, object]:
        """What the audit says of these bytes."""
        return {
            "version": self.number,
            "sha256": self.sha256,
            "bytes": self.size,
            "confirmed": list(self.confirmed),
        }


def vault_key(*, case_id: UUID, document_id: UUID, number: int, sha256: str) -> str:
    """Return the key of a version: generated ids and the digest only, nothing of a file's name (SEC-22)."""
    return f"cases/{case_id}/{document_id}/{number}-{sha256}"
