"""Opening a supplier's envelope: an outer zip with the inner one and its signature, an inner zip with one JSON and PDFs.

Strict where others are lenient: exactly the entries that belong there, no name twice, no name with a path. The signature
is checked before anything of the inner zip is looked at (DOM-1.14); limits hold while inflating (DOM-1.20). Knows zips
and keys, not rows.
"""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from docstore.core import conf
from docstore.core.errors import Refusal, TooLarge
from docstore.core.hashing import CHUNK_BYTES
from docstore.intake.receiving import words_for
from docstore.reading.archives import DAMAGED, BadArchive, LockedArchive, check_directory
from docstore.reading.kinds import bounds

INNER, SIGNATURE = "envelope.zip", "signature"
LONGEST_SIGNATURE = 4096
LONGEST_METADATA = 16 * 1024 * 1024


class ArchiveInvalid(Refusal):
    """The envelope cannot be opened: {what}. Nothing of it was kept; make it anew and send it under a new name."""

    code = "archive-invalid"
    status = 422


class SignatureInvalid(Refusal):
    """The signature does not fit the envelope, so it was not opened. Nothing of it was kept; send it again as it was made."""

    code = "signature-invalid"
    status = 422


@dataclass(frozen=True, slots=True)
class Entry:
    """One PDF of an envelope, inflated to disk."""

    name: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified envelope: the bytes of its metadata and its PDFs, which are gone after the block."""

    sha256: str
    metadata: bytes
    entries: tuple[Entry, ...]


@contextmanager
def opened(outer: Path) -> Iterator[Opened]:
    """Verify and open an envelope. Raises ArchiveInvalid, SignatureInvalid and TooLarge."""
    with tempfile.TemporaryDirectory(prefix="docstore-envelope-") as folder:
        inner = Path(folder) / "inner"
        signature = _take_apart(outer, inner)
        digest = _digest(inner)
        _verify(digest, signature)
        yield _open_inner(inner, Path(folder), digest)


def trusted_keys() -> list[RSAPublicKey]:
    """Return the public keys of suppliers; none where the folder is missing, and then nothing verifies."""
    folder = Path(conf.get().intake.envelope_keys)
    found = [serialization.load_pem_public_key(one.read_bytes()) for one in sorted(folder.glob("*.pem"))]
    return [one for one in found if isinstance(one, RSAPublicKey)]


def _take_apart(outer: Path, inner: Path) -> bytes:
    """Inflate the inner zip to disk; return the signature."""
    with outer.open("rb") as file:
        names = _checked(file)
        if sorted(names) != [INNER, SIGNATURE]:
            raise ArchiveInvalid(what=f"it must hold exactly {INNER} and {SIGNATURE}")
        try:
            with zipfile.ZipFile(file) as archive:
                with archive.open(SIGNATURE) as entry:
                    signature = entry.read(LONGEST_SIGNATURE + 1)
                _inflate(archive, INNER, inner, conf.get().limits.file_bytes)
        except DAMAGED as error:
            raise ArchiveInvalid(what="it is damaged") from error
    if len(signature) > LONGEST_SIGNATURE:
        raise SignatureInvalid
    return signature


def _verify(digest: "hashlib._Hash", signature: bytes) -> None:
    for key in trusted_keys():
        try:
            key.verify(signature, digest.digest(), padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        except InvalidSignature:
            continue
        return
    raise SignatureInvalid


def _open_inner(inner: Path, folder: Path, digest: "hashlib._Hash") -> Opened:
    with inner.open("rb") as file:
        names = _checked(file)
        metadata = [name for name in names if name.lower().endswith(".json")]
        papers = [name for name in names if name.lower().endswith(".pdf")]
        if len(metadata) != 1 or len(metadata) + len(papers) != len(names):
            raise ArchiveInvalid(what="its inner zip must hold one JSON and PDFs, and nothing else")
        try:
            with zipfile.ZipFile(file) as archive:
                with archive.open(metadata[0]) as entry:
                    raw = entry.read(LONGEST_METADATA + 1)
                entries = tuple(_paper(archive, name, folder / str(at)) for at, name in enumerate(papers))
        except DAMAGED as error:
            raise ArchiveInvalid(what="its inner zip is damaged") from error
    if len(raw) > LONGEST_METADATA:
        raise TooLarge(limit=words_for(LONGEST_METADATA))
    return Opened(digest.hexdigest(), raw, entries)


def _paper(archive: zipfile.ZipFile, name: str, path: Path) -> Entry:
    size, sha256 = _inflate(archive, name, path, conf.get().limits.pdf_bytes)
    return Entry(name, path, size, sha256)


def _inflate(archive: zipfile.ZipFile, name: str, path: Path, limit: int) -> tuple[int, str]:
    """Write one entry to disk, counting: a directory may lie about sizes."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as entry, path.open("wb") as file:
        while piece := entry.read(CHUNK_BYTES):
            size += len(piece)
            if size > limit:
                raise TooLarge(limit=words_for(limit))
            digest.update(piece)
            file.write(piece)
    return size, digest.hexdigest()


def _checked(file: IO[bytes]) -> list[str]:
    """The names in a zip whose directory holds nothing that does not belong in one."""
    try:
        names = check_directory(cast(BinaryIO, file), bounds()).names
    except LockedArchive as error:
        raise ArchiveInvalid(what="it needs a password") from error
    except BadArchive as error:
        raise ArchiveInvalid(what=str(error)) from error
    if any("/" in name or "\\" in name for name in names):
        raise ArchiveInvalid(what="one of its names has a path")
    return sorted(names)


def _digest(path: Path) -> "hashlib._Hash":
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")
