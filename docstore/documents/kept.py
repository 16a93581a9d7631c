"""What a storage answers when bytes are put: how it names them itself (RET-J2)."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Kept:
    """The version's id and the ETag; empty where the storage has none."""

    version: str = ""
    etag: str = ""


UNNAMED = Kept()


class LockDrift(StrEnum):
    """How a stored version's lock differed from what the database has of it, when it was last looked at (RET-J8)."""

    ABSENT = "absent"
    SHORTER = "shorter"
    LONGER = "longer"
    UNKNOWN = "unknown"
    REFUSED = "refused"
