"""The ledger of destroyed things: signed entries in locked storage, so that destroyed stays destroyed after a restore (G17).

An entry is read with nothing but the court's published keys. It names a record by a plain digest of its id: that is 122
random bits, which nobody guesses, so no key is needed that a backup might lack. Entries of the first format were keyed
with a row of the database; `renew` writes signed ones beside them.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from docstore.audit import chain, sealing
from docstore.audit.anchor import anchor
from docstore.core import clock, signing
from docstore.retention.disposal_models import (
    DestructionSwitch,
    DestructionTarget,
    DisposalList,
    ItemState,
    ListItem,
    TargetKind,
    TargetStatus,
)
from docstore.retention.fingerprints import fingerprint
from docstore.retention.ledger_models import LedgerEntry

PER_ENTRY = 500
FORMAT = 2
PAYLOAD_TYPE = "application/vnd.docstore.ledger+json"
DOMAIN = b"docstore-ledger-v2:"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was read. `records` are digests; an entry of the first format gives them keyed."""

    name: str
    certificate: str
    list: str
    records: tuple[str, ...]
    replaces: str = ""
    is_keyed: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry that says nothing for certain, and why not."""

    name: str
    why: str


def digest(text: str) -> str:
    """How the ledger names a record or a place of storage."""
    return hashlib.sha256(DOMAIN + text.encode()).hexdigest()


def write(made: DisposalList) -> int:
    """Put what was destroyed since the last time into the ledger; return how many records. Safe to repeat after a crash."""
    written = 0
    while batch := list(_waiting(made)[:PER_ENTRY]):
        _put(_told(made, batch))
        ListItem.objects.filter(pk__in=[one.pk for one in batch]).update(ledgered_at=clock.now())
        written += len(batch)
    return written


def is_whole(made: DisposalList) -> bool:
    return not _waiting(made).exists()


def names() -> set[str]:
    """Return the names of all entries that locked storage lists."""
    return set(anchor().keys(folder()))


def folder() -> str:
    """Where the entries lie. It stays the same when the log goes on under another name after a restore."""
    return f"{sealing.home()}/ledger/"


def strays() -> set[str]:
    """Return the entries in folders of other databases, for one that was never sealed and so has no folder of its own yet.

    Those that this court's keys have signed are its own: it was restored from a backup older than its first seal.
    """
    if sealing.sealed_size():
        return set()
    return {one for one in anchor().keys("") if "/ledger/" in one and not one.startswith(folder())}


def read_all(wanted: Iterable[str]) -> Iterator[Entry | Unreadable]:
    """Read entries, each checked against the published keys."""
    keys = signing.public_keys()
    yield from (_read(name, keys) for name in sorted(wanted))


def secret_if_any() -> bytes | None:
    """The key of the first format's entries. Never made here: a new one would read nothing, and say so to nobody."""
    row = DestructionSwitch.objects.filter(pk=1).values_list("secret", flat=True).first()
    return bytes(row) if row is not None else None


def renew(old: Entry, records: Iterable[UUID]) -> str:
    """Write beside an entry of the first format one that says the same and needs no key; return its name."""
    rows = [{"records": sorted(digest(str(one)) for one in records)}]
    return _put(_head(old.certificate, old.list, rows) | {"replaces": old.name})


def fingerprints_of(ids: Iterable[UUID], secret: bytes | None) -> dict[str, UUID]:
    """Return under which digests the ledger may name these records, keyed ones only where there is a key."""
    found = {}
    for one in ids:
        found[digest(str(one))] = one
        if secret is not None:
            found[fingerprint(secret, str(one))] = one
    return found


def _waiting(made: DisposalList):  # type: ignore[no-untyped-def] # a queryset of items
    return made.items.filter(state=ItemState.DESTROYED, ledgered_at=None).order_by("place")


def _told(made: DisposalList, items: list[ListItem]) -> dict[str, Any]:
    papers: dict[UUID, set[str]] = defaultdict(set)
    stored: dict[UUID, list[DestructionTarget]] = defaultdict(list)
    settled = DestructionTarget.objects.filter(
        item__in=[one.pk for one in items],
        status=TargetStatus.VERIFIED,
        kind__in=[TargetKind.DATABASE_TEXT, TargetKind.OBJECT_VERSION],
    )
    for target in settled.order_by("item", "order"):
        if target.kind == TargetKind.OBJECT_VERSION:
            stored[target.item_id].append(target)
        elif target.paper:
            papers[target.item_id].add(target.paper)
    secret = secret_if_any()
    rows = []
    for item in items:
        records = papers[item.pk] | ({str(item.record)} if item.action != "strip" else set())
        rows.append(
            {
                "records": sorted(digest(one) for one in records),
                "keys": sorted({digest(one.locator) for one in stored[item.pk]}),
                "content": _content((one.sha256 for one in stored[item.pk] if one.sha256), secret),
                "destroyed_at": item.finished_at.isoformat() if item.finished_at else "",
            }
        )
    return _head(made.certificate.number, made.number, rows)


def _head(certificate: str, number: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"format": FORMAT, "certificate": certificate, "list": number, "entries": rows}


def _content(digests: Iterable[str], secret: bytes | None) -> list[str]:
    """Content can be guessed, so it stays keyed; replay does not look at it: other papers may lawfully hold the same bytes."""
    return sorted({fingerprint(secret, one) for one in digests}) if secret is not None else []


def _put(told: Mapping[str, Any]) -> str:
    """Row, then object, then the row marked: an object without a row always means that the database was put back."""
    payload = chain.canonical(told)
    name = f"{folder()}{told['list']}-{hashlib.sha256(payload).hexdigest()[:16]}.json"
    LedgerEntry.objects.get_or_create(name=name, defaults={"known_at": clock.now()})
    for key in signing.public_keys()["keys"]:
        at = f"{sealing.home()}/ledger-keys/{key['kid']}.json"
        if anchor().read(at) is None:
            anchor().put(at, json.dumps(key, sort_keys=True).encode())
    anchor().put(name, json.dumps(signing.sign(payload, payload_type=PAYLOAD_TYPE), sort_keys=True).encode())
    LedgerEntry.objects.filter(name=name).update(kept_at=clock.now())
    return name


def _read(name: str, keys: signing.JwkSet) -> Entry | Unreadable:
    content = anchor().read(name)
    if content is None:
        return Unreadable(name, "it is listed and cannot be read")
    try:
        told = json.loads(content)
        is_keyed = told.get("format") == 1
        if not is_keyed:
            told = json.loads(signing.verify(told, keys=keys))
        return _entry(name, told, is_keyed=is_keyed)
    except signing.SignatureDoesNotHold:
        return Unreadable(name, "no key of this court has signed it; see that past keys lie in the signing folder")
    except (ValueError, KeyError, TypeError, AttributeError):
        return Unreadable(name, "it is no entry of a ledger")


def _entry(name: str, told: Mapping[str, Any], *, is_keyed: bool) -> Entry:
    records = tuple(str(one) for row in told["entries"] for one in row["records"])
    return Entry(
        name, str(told["certificate"]), str(told["list"]), records, str(told.get("replaces", "")), is_keyed=is_keyed
    )
