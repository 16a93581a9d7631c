"""The virus scan: a port with one real implementation (clamd) and an embedded default that says it is none.

Fails closed: whatever is not an explicit "clean" is not clean. Knows nothing of versions, stages or the vault.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol


class Outcome(StrEnum):
    """The four answers. NOT_SCANNED is the embedded default's alone and never means clean."""

    CLEAN = "clean"
    FOUND = "found"
    UNKNOWN = "unknown"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer: `detail` is the name of what was found, or why there is no answer, in words."""

    outcome: Outcome
    scanner: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the scanner may be relied on, and what an operator should do if not."""

    well: bool
    scanner: str
    detail: str


class Scanner(Protocol):
    """Tells whether bytes carry a known virus."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """Read the stream to its end and give a verdict; never raises for anything the scanner does."""
        ...

    def health(self) -> Health:
        """Try the scanner for real: version, age of signatures, the EICAR test string, the size limit."""
        ...
