"""Looking at every part an installation stands on. Each look is a real use, not a ping."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from celery import current_app
from django.core.checks import ERROR, run_checks
from django.db import connection

from docstore.audit import grants, sealing, timekeeping
from docstore.audit.anchor import anchor
from docstore.core import clock, conf
from docstore.core.jobs import Job
from docstore.documents import fixity
from docstore.documents.conformance import try_storage
from docstore.documents.upkeep import is_ready
from docstore.reading import readers, scanner
from docstore.retention import readiness, storage_locks
from docstore.search.engine import configured
from docstore.search.queries import index_health

SMALLEST_FREE = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: whether it is well, its state in words, and what to do."""

    part: str
    well: bool
    state: str
    advice: str = ""


def examine_all() -> Iterator[Finding]:
    """Yield a finding for every part; a look that itself fails is a finding too."""
    for part, look in LOOKS.items():
        try:
            yield from look(part)
        except Exception as error:  # noqa: BLE001 - the doctor must finish the round whatever one part does
            yield Finding(part, False, f"cannot be looked at ({type(error).__name__}: {error})", "See the log.")


def _configuration(part: str) -> Iterator[Finding]:
    wrong = [one for one in run_checks() if one.level >= ERROR]
    for one in wrong:
        yield Finding(part, False, one.msg, one.hint or "")
    if not wrong:
        yield Finding(part, True, f"fit for {conf.get().env}")


def _database(part: str) -> Iterator[Finding]:
    told = is_ready()
    yield Finding(
        part, told["database"], connection.vendor, "" if told["database"] else "Start it, or correct DATABASE_URL."
    )
    yield Finding(
        "migrations", told["migrations"], "up to date" if told["migrations"] else "behind",
        "" if told["migrations"] else "Run manage.py migrate.",
    )  # fmt: skip


def _vault(part: str) -> Iterator[Finding]:
    for trial in try_storage():
        yield Finding(part, trial.holds, trial.name, trial.advice)


def _fixity(part: str) -> Iterator[Finding]:
    """Whether stored bytes are still those that were filed."""
    told, days = fixity.coverage(), fixity.WITHIN.days
    copies = fixity.copy_faults().count()
    state = f"{told.checked} of {told.versions} versions hashed again in {days} days, {told.faults} missing or changed"
    state += f", {copies} further copies" if copies else ""
    well = not told.faults and not copies
    yield Finding(part, well, state, "" if well else "See Records, Stored bytes.")


def _locks(part: str) -> Iterator[Finding]:
    """Whether the storage keeps papers as long as the database says."""
    behind, astray = storage_locks.lag(), storage_locks.drifted().count()
    if not conf.get().vault_lock_days:
        yield Finding(part, True, "none are set here")
        return
    ends = f", the first ends {behind.soonest.isoformat()}" if behind.soonest else ""
    late = behind.soonest is not None and behind.soonest < clock.now() - clock.ahead()
    state = f"{behind.waiting} wait to be looked at{ends}; {astray} not as they should be"
    yield Finding(part, not (astray or late), state, "See Records, Stored bytes." if astray or late else "")


def _search(part: str) -> Iterator[Finding]:
    told = configured().state()
    yield Finding(
        part, told.well, f"{told.detail}, {told.pages} pages", "" if told.well else "Browsing works meanwhile."
    )
    follows = index_health()
    yield Finding(
        "index",
        not follows.drifted,
        f"{follows.waiting} documents wait for it, {follows.drifted} were astray and are being repaired",
        "If they stay astray, run `make reindex`." if follows.drifted else "",
    )


def _scanner(part: str) -> Iterator[Finding]:
    told = scanner.configured().health()
    demo = conf.get().is_demo and conf.get().scanner.backend.endswith("NoScanner")
    yield Finding(
        part, told.well or demo, told.detail or told.scanner, "" if told.well else "Set CLAMD_ADDRESS to a clamd."
    )


def _sandbox(part: str) -> Iterator[Finding]:
    there = readers.of_process().sandboxed
    well = there or not conf.get().sandbox_required
    yield Finding(part, well, "bubblewrap" if there else "limits only", "" if there else "Install bubblewrap.")


def _queue(part: str) -> Iterator[Finding]:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    waiting, parked = Job.objects.waiting().count(), Job.objects.parked().count()
    yield Finding(
        part,
        not parked,
        f"{waiting} waiting, {parked} parked",
        "Retry parked work on the intake page." if parked else "",
    )


def _evidence(part: str) -> Iterator[Finding]:
    """Whether the log of all events is sealed in time, and where the seals lie."""
    behind, leap = sealing.lag(), sealing.unaccepted_leap()
    late = behind > sealing.LONGEST_LAG
    where = "locked storage" if anchor().is_locked else "storage without a lock of its own"
    state = f"anchored in {where}, {int(behind.total_seconds() // 60)} minutes behind"
    yield Finding(part, not late, state, "See that a worker and the scheduler run." if late else "")
    if leap is not None:
        yield Finding(
            "clock", False, f"leapt by {leap.leap_seconds} seconds", "A records manager must confirm the time first."
        )
    off, state = timekeeping.off_by(), timekeeping.why_not_trusted()
    if off is not None and not state:
        state = f"off by {off.total_seconds():.1f} seconds"
    if state:
        yield Finding("clock", False, state, "See that the machine keeps time, and that DOCSTORE_TIME_SERVER answers.")


def _audit_rights(part: str) -> Iterator[Finding]:
    """Whether the database would let this very process change what was written, were its triggers gone (RET-L4)."""
    if connection.vendor != "postgresql":
        yield Finding(part, True, "refused by triggers alone: an embedded database has no roles")
        return
    excess = grants.excess()
    state = f"the database's role has more rights than to add: {', '.join(excess)}" if excess else "add and read only"
    well = not excess or conf.get().is_demo
    yield Finding(part, well, state, "" if well else "Give the product a role of its own: docs/how-to/operate.md.")


def _ledger(part: str) -> Iterator[Finding]:
    """Whether what was destroyed is still destroyed, as far as locked storage knows."""
    why = readiness.why_not_ready()
    yield Finding(
        part, not why, why or "nothing destroyed has come back", "Run manage.py restore_check." if why else ""
    )


def _disk(part: str) -> Iterator[Finding]:
    free = shutil.disk_usage(conf.get().state).free
    yield Finding(
        part, free > SMALLEST_FREE, f"{free // 1024**3} GB free", "" if free > SMALLEST_FREE else "Make room."
    )


LOOKS: dict[str, Callable[[str], Iterator[Finding]]] = {
    "configuration": _configuration,
    "database": _database,
    "vault": _vault,
    "fixity": _fixity,
    "locks": _locks,
    "search": _search,
    "virus scanner": _scanner,
    "sandbox": _sandbox,
    "queue": _queue,
    "evidence": _evidence,
    "audit rights": _audit_rights,
    "destruction": _ledger,
    "disk": _disk,
}
