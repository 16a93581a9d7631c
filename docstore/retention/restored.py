"""After a restore: the ledger in locked storage is held against the database, and what was destroyed is shut away again.

Whether a restore has happened is not asked of anybody. Locked storage knows of entries, or of a log, that the database
does not: that is the sign (RET-G17, RET-S9, design T15). Until it is dealt with nothing is destroyed, and nothing is
served by a process that has noticed.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import F

from docstore.access.actor import Actor, system
from docstore.audit import sealing
from docstore.audit.events import Event
from docstore.cases.lifecycle import GONE, Lifecycle
from docstore.cases.models import Case
from docstore.core import clock, conf
from docstore.core.errors import Unavailable
from docstore.documents import fixity
from docstore.documents.change import follow_in_index
from docstore.documents.models import Document
from docstore.retention import ledger
from docstore.retention.batches import in_batches
from docstore.retention.ledger import Entry, Unreadable
from docstore.retention.ledger_models import LedgerEntry
from docstore.retention.numbers import not_below
from docstore.retention.trail import tell_all

log = logging.getLogger(__name__)
_seen: dict[str, tuple[float, int]] = {}


class LedgerAhead(Unavailable):
    """This database was restored from a backup: the ledger of destruction in locked storage has {count} entries that it does not know. Nothing is read or destroyed until an administrator has run manage.py restore_check."""

    code = "ledger-ahead"
    retryable = False


class LedgerUnreadable(Unavailable):
    """{count} entries of the ledger of destruction in locked storage cannot be relied on, so records that were destroyed may be back. Nothing is read or destroyed until they can. {which}"""

    code = "ledger-unreadable"
    retryable = False


class LedgerKeyLost(Unavailable):
    """{count} entries of the ledger of destruction were written with a key that this database does not have: the backup is older than the key. Nothing is read or destroyed. Restore a newer backup, let it run once so that it signs these entries, or ask those who look after this product: docs/how-to/restore.md."""

    code = "ledger-key-lost"
    retryable = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay has done: entries gone through, and the records that had come back."""

    entries: int
    came_back: tuple[UUID, ...]
    lost: int = 0
    still_held: str = ""


def ahead() -> set[str]:
    """Return the entries in locked storage that this database does not know."""
    return (ledger.names() | ledger.strays()) - set(LedgerEntry.objects.values_list("name", flat=True))


def lost() -> set[str]:
    """Return the entries that were seen in locked storage once and are not listed there any more."""
    kept = LedgerEntry.objects.filter(name__startswith=ledger.folder(), kept_at__isnull=False)
    return set(kept.values_list("name", flat=True)) - ledger.names()


def why_not_now() -> str:
    """Return why nothing may be destroyed because of what locked storage says; empty where nothing stands in the way."""
    if unknown := ahead_of_us():
        return LedgerAhead(count=unknown).sentence
    if missing := lost():
        return f"Entries of the ledger of destruction are missing from locked storage, where they had been put: {len(missing)}."
    try:
        sealing.refuse_older_database()
    except sealing.OlderThanAnchor as older:
        return older.sentence
    return ""


def ahead_of_us() -> int:
    """Return how many entries of our own folder this database does not know: cheap enough to ask often."""
    return len(ledger.names() - set(LedgerEntry.objects.values_list("name", flat=True)))


def check_may_serve() -> None:
    """Raise LedgerAhead where a replay is due; looked up every so many seconds in each process.

    Where locked storage does not answer the last answer stands: papers are not withheld because evidence is out of reach.
    """
    every = conf.get().disposal.ledger_seconds
    if not every:
        return
    at, count = _seen.get("ledger", (0.0, -1))
    if count < 0 or clock.monotonic() - at > every:
        try:
            count = ahead_of_us()
        except (Unavailable, OSError, DatabaseError) as error:
            log.warning("The ledger of destruction cannot be looked at: %s", error)
            count = max(count, 0)
        _seen["ledger"] = (clock.monotonic(), count)
    if count:
        raise LedgerAhead(count=count)


def may_serve() -> bool:
    """Whether the last look found nothing that has to be replayed."""
    try:
        check_may_serve()
    except LedgerAhead:
        return False
    return True


def forget_what_was_seen() -> None:
    """Look anew at the next question."""
    _seen.clear()


def replay(*, by: Actor | None = None) -> Replayed:
    """Shut away every record that the ledger says is destroyed and that a restored database has brought back.

    Nobody can read it from that commit on. Safe to repeat. Raises LedgerUnreadable or LedgerKeyLost, having shut away what
    the other entries name, where an entry cannot be relied on: silence would let a destroyed record be read.
    """
    actor = by or system("restore")
    entries, bad = _read(ahead())
    usable, keyless = _usable(entries)
    named = {key: one.certificate for one in usable for key in one.records}
    back = list(_shut_away(named, by=actor)) if named else []
    with transaction.atomic():
        for one in usable:
            not_below(one.certificate)
            not_below(one.list)
        _know(one.name for one in usable)
    forget_what_was_seen()
    if bad:
        which = "; ".join(f"{one.name}: {one.why}" for one in bad[:5])
        raise LedgerUnreadable(count=len(bad), which=which)
    if keyless:
        raise LedgerKeyLost(count=len(keyless))
    return Replayed(len(usable), tuple(back))


def check(*, confirmed: bool = False, by: Actor | None = None) -> Replayed:
    """Replay, and where a person has confirmed that a backup was restored let the log of all events go on."""
    actor = by or system("restore")
    done = replay(by=actor)
    lost_events = sealing.go_on_apart(stamp=actor.stamp) if confirmed else 0
    if confirmed or done.entries:
        fixity.begin_again()
    return replace(done, lost=lost_events, still_held=why_not_now())


def _read(wanted: set[str]) -> tuple[list[Entry], list[Unreadable]]:
    """Read entries. What lies in another database's folder and is not signed by us is another court's."""
    entries, bad, ours = [], [], ledger.folder()
    for one in ledger.read_all(wanted):
        if isinstance(one, Entry):
            if one.name.startswith(ours) or not one.is_keyed:
                entries.append(one)
        elif one.name.startswith(ours):
            bad.append(one)
    return entries, bad


def _usable(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Part the entries into those that can be held against this database and those that need a key that it does not have.

    A case or paper leaves its empty row behind, so the right key finds a row for some entry; then it is right for all.
    """
    renewed = {one.replaces for one in entries if one.replaces} | _renewed_before(entries)
    keyed = [one for one in entries if one.is_keyed and one.name not in renewed]
    settled = [one for one in entries if not one.is_keyed or one.name in renewed]
    if not keyed:
        return settled, []
    known = _rows_named_by({key for one in keyed for key in one.records})
    if not known:
        return settled, keyed
    for one in keyed:
        if found := [known[key] for key in one.records if key in known]:
            ledger.renew(one, found)
    return entries, []


def _renewed_before(entries: list[Entry]) -> set[str]:
    """Names of old entries whose signed successor this database knows already."""
    if not any(one.is_keyed for one in entries):
        return set()
    known = set(LedgerEntry.objects.values_list("name", flat=True)) & ledger.names()
    return {one.replaces for one in ledger.read_all(known) if isinstance(one, Entry) and one.replaces}


def _rows_named_by(keyed: set[str]) -> dict[str, UUID]:
    secret = ledger.secret_if_any()
    if secret is None:
        return {}
    found: dict[str, UUID] = {}
    for model in (Document, Case):
        for batch in in_batches(model.objects.only("pk")):
            named = ledger.fingerprints_of([one.pk for one in batch], secret)
            found |= {key: pk for key, pk in named.items() if key in keyed}
    return found


def _shut_away(named: dict[str, str], *, by: Actor) -> Iterator[UUID]:
    secret = ledger.secret_if_any()
    for model in (Document, Case):
        for batch in in_batches(model.objects.exclude(lifecycle__in=GONE)):
            keys = ledger.fingerprints_of([one.pk for one in batch], secret)
            for key, record in keys.items():
                if key in named:
                    _shut(model, record, named[key], by=by)
                    yield record


@transaction.atomic
def _shut(model: type[Case] | type[Document], record: UUID, certificate: str, *, by: Actor) -> None:
    told = {"lifecycle": Lifecycle.DESTROYING, "certificate": certificate}
    if model is Document:
        model.objects.filter(pk=record).update(index_seq=F("index_seq") + 1, change=F("change") + 1, **told)
        follow_in_index(record, restricts=True)
    else:
        model.objects.filter(pk=record).update(**told)
    kind = "case" if model is Case else "document"
    tell_all(Event.DESTROYED_CAME_BACK, by, {"kind": kind, "record": str(record), "certificate": certificate})


def _know(found: Iterable[str]) -> None:
    now = clock.now()
    rows = [LedgerEntry(name=one, known_at=now, kept_at=now) for one in found]
    LedgerEntry.objects.bulk_create(rows, ignore_conflicts=True)
