"""What the door hands over: bytes already stored, with their digest and what was found out about them."""

from dataclasses import dataclass
from uuid import UUID

from docstore.documents.models import Stage


@dataclass(frozen=True, slots=True)
class Received:
    """One file, safe in the vault under `key`. `stage` is CLEAN where it was checked before filing, else RECEIVED."""

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
