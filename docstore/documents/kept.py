"""What a storage answers when bytes are put: how it names them itself (RET-J2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """The version's id and the ETag; empty where the storage has none."""

    version: str = ""
    etag: str = ""


UNNAMED = Kept()
