"""A typed view of settings.DOCSTORE, so that the rest of the product never touches Django settings or the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed


@dataclass(frozen=True, slots=True)
class Port:
    """Which implementation stands behind a port, and its options."""

    backend: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is accepted at most. Sizes in bytes, pixels per page picture, pages per document.

    `archive_ratio` is how many times its size an entry of an archive may unpack to; `rate_seconds` is the stretch of time
    over which requests are counted: a shorter one allows smaller bursts at the same rate.
    """

    file_bytes: int
    pdf_bytes: int
    pages: int
    pixels: int
    check_at_once_bytes: int
    archive_entries: int
    archive_bytes: int
    archive_ratio: int
    requests_per_minute: int
    rate_seconds: float


@dataclass(frozen=True, slots=True)
class Outbound:
    """Where anything may be sent: hosts by name, and private networks that are opened on purpose."""

    hosts: tuple[str, ...]
    private_networks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jobs:
    """How the queue of record behaves. Times in seconds of the real clock.

    After `attempts` faults that were told, or `deaths` of the process that worked on it, a job is parked. `leaves_out` names
    the jobs that a process without the destroyer's identity leaves to the disposal worker.
    """

    run_at_once: str
    lease_seconds: int
    heartbeat_seconds: float
    attempts: int
    deaths: int
    back_off_seconds: int
    leaves_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """What a station may send, and how long things may take there."""

    batch_items: int
    batch_hours: int
    upload_hours: int
    parallel_uploads: int
    day_bytes: int
    day_items: int
    person_day_bytes: int
    person_day_files: int
    person_parallel: int
    requests_per_minute: int
    overdue_minutes: int
    silence_minutes: int
    working_from: int
    working_until: int
    rejected_hours: int
    sheet_days: int
    envelope_keys: str


@dataclass(frozen=True, slots=True)
class Retention:
    """What an organisation chooses about how long records are kept. Days are civil days."""

    combine: str
    end_of_day: bool
    fiscal_start: int
    leap_day_later: bool
    provisional_days: int
    shortening_guard_days: int
    release_guard_days: int
    stale_years: int
    oldest_trigger_years: int


@dataclass(frozen=True, slots=True)
class Disposal:
    """How destruction is carried out. `window` is a pair of hours at the courts, or none for the whole day.

    So many records go `side_by_side` at most: claimed in one transaction, and each with one more original at a stop.
    """

    cooling_days: int
    approval_days: int
    grace_hours: int
    cap_per_day: int
    cap_per_minute: int | None
    window: tuple[int, int] | None
    side_by_side: int
    backup_days: int
    index_snapshot_days: int
    alarm_after: int
    stub_years: int | None
    ledger_seconds: int
    gather: bool
    automatic: bool


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that an operator can choose about Docstore."""

    env: str
    state: Path
    search: Port
    scanner: Port
    ocr: Port
    languages: tuple[str, ...]
    office_fonts: str
    sandbox_required: bool
    limits: Limits
    jobs: Jobs
    intake: Intake
    outbound: Outbound
    retention: Retention
    disposal: Disposal
    content_origin: str
    signing: Path
    anchor_lock_seconds: int
    vault_lock: bool
    vault_lock_days: int
    fixity_day_bytes: int
    database_role: str = ""
    time_server: str = ""
    proxies: tuple[str, ...] = ()
    failpoint: str = ""

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo court or a test: the only places where the clock moves and keys are handed out."""
        return self.env in ("demo", "test")

    @property
    def removes(self) -> bool:
        """Whether this process may take stored bytes away: it has the identity that can (RET-J6)."""
        return not self.jobs.leaves_out


@lru_cache(maxsize=1)
def get() -> Config:
    """Return the configuration; read once, again after a test overrides settings."""
    raw = settings.DOCSTORE
    return Config(
        env=raw["ENV"],
        state=Path(raw["STATE"]),
        search=_port(raw["SEARCH"]),
        scanner=_port(raw["SCANNER"]),
        ocr=Port(raw["OCR"]["ENGINE"]),
        languages=tuple(raw["OCR"]["LANGUAGES"]),
        office_fonts=raw["OFFICE"]["FONTS"],
        sandbox_required=raw["SANDBOX"]["REQUIRED"],
        limits=Limits(**{name.lower(): value for name, value in raw["LIMITS"].items()}),
        jobs=Jobs(**{name.lower(): value for name, value in raw["JOBS"].items()}),
        outbound=Outbound(tuple(raw["OUTBOUND"]["HOSTS"]), tuple(raw["OUTBOUND"]["PRIVATE_NETWORKS"])),
        intake=Intake(**{name.lower(): value for name, value in raw["INTAKE"].items()}),
        retention=Retention(**{name.lower(): value for name, value in raw["RETENTION"].items()}),
        disposal=Disposal(**{name.lower(): value for name, value in raw["DISPOSAL"].items()}),
        content_origin=raw["CONTENT_ORIGIN"],
        signing=Path(raw["SIGNING"]),
        anchor_lock_seconds=raw["ANCHOR_LOCK_SECONDS"],
        vault_lock=raw["VAULT_LOCK"],
        vault_lock_days=raw["VAULT_LOCK_DAYS"] if raw["VAULT_LOCK"] else 0,
        database_role=raw["DATABASE_ROLE"],
        time_server=raw["TIME_SERVER"],
        fixity_day_bytes=raw["FIXITY_DAY_BYTES"],
        proxies=tuple(raw.get("PROXIES", ())),
        failpoint=raw.get("FAILPOINT", ""),
    )


def _port(raw: Mapping[str, Any]) -> Port:
    return Port(raw["BACKEND"], raw.get("OPTIONS", {}))


def forget(*, setting: str, **_: object) -> None:
    """Drop the cached view when a test changes settings.DOCSTORE; Django sends this in tests only."""
    if setting == "DOCSTORE":
        get.cache_clear()


setting_changed.connect(forget)
