"""What must hold before anything starts. In production each of these is an error, and Django refuses to begin."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from docstore.core import conf
from docstore.core.signing import CURRENT

EXAMPLES = ("changeme", "example", "secret", "demo-court", "tests-only", "django-insecure")
SHORTEST_SECRET = 50
OPEN_TO_OTHERS = 0o077
DEFAULT_PASSWORDS = ("", "postgres", "password", "docstore", "minioadmin", "admin")


@register(Tags.security)
def fit_for_its_place(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Hold the configuration against where it runs."""
    return list(_production()) if conf.get().env == "production" else list(_elsewhere())


def _elsewhere() -> Iterator[CheckMessage]:
    if conf.get().env == "demo" and not settings.DEBUG and "127.0.0.1" not in settings.ALLOWED_HOSTS:
        yield Error("The demo court has known passwords and must not be reachable by others.", id="docstore.E001")


def _production() -> Iterator[CheckMessage]:
    config = conf.get()
    if settings.DEBUG:
        yield Error("DEBUG is on.", hint="Use config.settings.production.", id="docstore.E002")
    if len(settings.SECRET_KEY) < SHORTEST_SECRET or any(one in settings.SECRET_KEY.lower() for one in EXAMPLES):
        yield Error(
            "The secret key is missing, short or an example.", hint="Set DOCSTORE_SECRET_KEY.", id="docstore.E003"
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Error("No host is named, or every host is.", hint="Set DOCSTORE_HOSTS.", id="docstore.E004")
    if config.scanner.backend.endswith("NoScanner"):
        yield Error("There is no virus scanner.", hint="Set CLAMD_ADDRESS.", id="docstore.E005")
    if not config.sandbox_required:
        yield Error("Files would be read outside the sandbox.", id="docstore.E006")
    yield from _passwords()
    yield from _signing_key()
    yield from _evidence()
    yield from _destroyer()


def _passwords() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        yield Error("SQLite is for trying out.", hint="Set DATABASE_URL to a PostgreSQL server.", id="docstore.E007")
    elif str(database.get("PASSWORD") or "") in DEFAULT_PASSWORDS:
        yield Error("The database password is empty or a default.", id="docstore.E008")
    options: dict[str, Any] = dict(settings.STORAGES)["vault"].get("OPTIONS", {})
    if "secret_key" in options and options["secret_key"] in DEFAULT_PASSWORDS:
        yield Error("The vault's secret key is empty or a default.", id="docstore.E009")


def _signing_key() -> Iterator[CheckMessage]:
    path = conf.get().signing / CURRENT
    if not path.is_file():
        yield Error(
            "There is no key to sign receipts and certificates.", hint="Set DOCSTORE_SIGNING.", id="docstore.E010"
        )
    elif path.stat().st_mode & OPEN_TO_OTHERS:
        yield Error("Others may read the signing key.", hint=f"chmod 0400 {path.name}", id="docstore.E011")


def _evidence() -> Iterator[CheckMessage]:
    storages: dict[str, Any] = dict(settings.STORAGES)
    if storages["anchor"]["OPTIONS"].get("bucket_name") == storages["vault"]["OPTIONS"].get("bucket_name"):
        yield Error("Evidence would lie where papers lie.", hint="Set S3_ANCHOR_BUCKET.", id="docstore.E012")


def _destroyer() -> Iterator[CheckMessage]:
    """Where bytes can be removed, it is by an identity that can do nothing else (RET-J6)."""
    storages: dict[str, Any] = dict(settings.STORAGES)
    ours, theirs = (storages[one]["OPTIONS"].get("access_key") for one in ("vault", "destroyer"))
    if conf.get().removes and ours is not None and ours == theirs:
        yield Error(
            "The identity that files papers would destroy them, too.",
            hint="Set S3_DESTROYER_ACCESS_KEY for the disposal worker, and DOCSTORE_DESTROYER=elsewhere for all others.",
            id="docstore.E013",
        )
