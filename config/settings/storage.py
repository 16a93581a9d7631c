"""Where bytes are kept: the vault, the identity that may remove from it, and the locked storage for evidence."""

import os
from pathlib import Path
from typing import Any

from botocore.config import Config

SERVER = os.environ.get("S3_ENDPOINT_URL", "")
# Newer botocore adds checksums of its own that several servers refuse; the vault sends and checks its own.
CLIENT_CONFIG = Config(
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    retries={"max_attempts": 4, "mode": "standard"},
    connect_timeout=5,
    read_timeout=60,
    # Every put bears a SHA-256 in a signed header, which the server checks: hashing the body once more to sign it is waste.
    s3={"addressing_style": "path", "payload_signing_enabled": False},
)


def storages(state: Path) -> dict[str, Any]:
    """Return Django's STORAGES: on the S3 server that the environment names, or in folders under `state`."""
    vault = _vault_on_server() if SERVER else _folder(state / "vault", file_permissions_mode=0o400)
    return {
        "default": _folder(state / "files"),
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        "vault": vault,
        # The identity that alone may remove stored versions (ops/policies). Only the disposal worker is given it.
        "destroyer": _as_another(vault, "S3_DESTROYER") if SERVER else vault,
        **_replica(vault, state),
        # Evidence lies apart from papers; a real court gives it a bucket and credentials of its own.
        "anchor": _as_another(vault, "S3_ANCHOR", location="anchor") if SERVER else _folder(state / "anchor"),
    }


def _replica(vault: dict[str, Any], state: Path) -> dict[str, Any]:
    """A second copy of the vault that the operator keeps, under the same names; read to check it and to repair from it."""
    if SERVER and os.environ.get("S3_REPLICA_BUCKET"):
        return {
            "replica": _as_another(vault, "S3_REPLICA", endpoint_url=os.environ.get("S3_REPLICA_ENDPOINT_URL", SERVER))
        }
    folder = "" if SERVER else os.environ.get("DOCSTORE_REPLICA", "")
    return {"replica": _folder(Path(folder))} if folder else {}


def _folder(where: Path, **options: Any) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(where), **options},
    }


def _vault_on_server() -> dict[str, Any]:
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": SERVER,
            "access_key": os.environ.get("S3_ACCESS_KEY", ""),
            "secret_key": os.environ.get("S3_SECRET_KEY", ""),
            "bucket_name": os.environ.get("S3_BUCKET", "docstore"),
            "region_name": os.environ.get("S3_REGION", "us-east-1"),
            "client_config": CLIENT_CONFIG,
            "file_overwrite": False,
            "querystring_auth": False,
        },
    }


def _as_another(vault: dict[str, Any], who: str, **more: Any) -> dict[str, Any]:
    """The same server under the credentials, and in the bucket, that the environment names for `who`, if it does."""
    named = {
        "access_key": os.environ.get(f"{who}_ACCESS_KEY"),
        "secret_key": os.environ.get(f"{who}_SECRET_KEY"),
        "bucket_name": os.environ.get(f"{who}_BUCKET"),
    }
    chosen = {option: value for option, value in named.items() if value}
    return {"BACKEND": vault["BACKEND"], "OPTIONS": vault["OPTIONS"] | chosen | more}
