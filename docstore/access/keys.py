"""The form of a service key: `ds_<env>_<key id>_<secret>`. Only a digest of the secret is ever stored."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

ID_BYTES = 6
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the one moment when its secret is known."""

    key_id: str
    digest: str
    text: str


def make(*, env: str) -> NewKey:
    """Return a fresh key with a 256-bit secret."""
    key_id = secrets.token_hex(ID_BYTES)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return NewKey(key_id, digest_of(secret), f"ds_{env}_{key_id}_{secret}")


def split(text: str) -> tuple[str, str] | None:
    """Return (key id, secret), or None where `text` is no key. The secret may itself hold underscores."""
    parts = text.split("_", 3)
    if len(parts) != 4 or parts[0] != "ds" or not parts[2] or not parts[3]:
        return None
    return parts[2], parts[3]


def digest_of(secret: str) -> str:
    """SHA-256 is enough here: the secret has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, digest: str) -> bool:
    """Compare in constant time (SEC-68)."""
    return hmac.compare_digest(digest_of(secret), digest)
