"""What the vault says when its storage cannot be reached. Apart from the vault, so that all its parts may say it."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from docstore.core.errors import Unavailable

# What servers call that something is not there, that they would not say or do it, and that it bears no lock.
MISSING = ("NoSuchKey", "NoSuchVersion", "NoSuchUpload", "404")
WITHHELD = ("AccessDenied", "ObjectLocked", "403")
NO_LOCK = ("NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest")


class VaultIsDown(Unavailable):
    """The document vault cannot be reached. What you sent was not taken; nothing else was lost. Try again in a minute."""

    code = "vault-unavailable"
    is_outage = True


@contextmanager
def told_as_outage() -> Iterator[None]:
    """Raise VaultIsDown for whatever the S3 server or the way to it says."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise VaultIsDown from error


def code_of(error: ClientError) -> str:
    """Return what the server calls the error."""
    return str(error.response.get("Error", {}).get("Code", ""))
