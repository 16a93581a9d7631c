"""Taking a supplier's envelope: verified, opened, validated in the suppliers' order, and turned into a batch (api.md §9).

The virus scanner sees the whole zip before anything opens it; each paper is checked again like any other item. An
envelope that was taken half-way when the power went is taken to its end when it is sent again.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.key_scopes import KeyScope
from docstore.access.queries import actor_for, person
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import Conflict, FieldError, Refusal, Unavailable
from docstore.intake import envelope_rules, envelope_zip
from docstore.intake.accounts import EnvelopeRefusal
from docstore.intake.batches import DuplicateBatch, close_batch, open_batch
from docstore.intake.custody import Spooled, keep
from docstore.intake.envelope_zip import Entry
from docstore.intake.feed import locked
from docstore.intake.models import Batch, Station
from docstore.intake.shapes import fault
from docstore.intake.stamps import is_envelope_name
from docstore.intake.stations import own_station
from docstore.reading import scanner
from docstore.reading.scanner import Outcome

# What suppliers' software expects to be told; "" where their list has nothing for it.
SUPPLIER_CODES: Mapping[str, str] = {
    "too-large": "ERR_FILE_LIMIT_EXCEEDED",
    "metadata-invalid": "ERR_METAFILE_INVALID",
    "duplicate-control-number": "ERR_METAFILE_INVALID",
    "payments-disabled": "ERR_PAYMENTS_DISABLED",
    "service-disabled": "ERR_SERVICE_DISABLED",
    "virus-found": "ERR_AV_FAILED",
    "signature-invalid": "ERR_SIG_VERIFY_FAILED",
    "rescan-required": "ERR_RESCAN_REQUIRED",
    "archive-invalid": "ERR_ZIP_PROCESSING_FAILED",
    "batch-stale": "ERR_STALE_ENVELOPE",
}


class VirusFound(Refusal):
    """The virus check found {name} in the envelope. Nothing of it was kept; look for clean originals."""

    code = "virus-found"
    status = 422


class NoVerdictYet(Unavailable):
    """The virus scanner gives no verdict just now, so nothing was taken. Send the envelope again in a minute."""

    code = "scanner-unavailable"
    retry_after: ClassVar[int] = 60


class FailedBefore(Conflict):
    """An envelope of this name was refused before. Send the papers again under a new name."""

    code = "duplicate-batch"


class RefusedAgain(Refusal):
    """This envelope was refused before, and it has not changed: {detail}"""

    code = "refused-before"


def take_envelope(*, by: Actor, name: str, arrived: Spooled) -> Batch:
    """Take an envelope; return its batch, closed. The same one again gives the first result, refusals included."""
    station = own_station(by, KeyScope.INTAKE_WRITE)
    if not is_envelope_name(name):
        raise told(fault("/zip_file_name", "invalid", "Call it <digits>_<dd-MM-yyyy-HH-mm-ss>.zip, with a real date."))
    known = _known(station, name, arrived.sha256)
    if known is not None and not known.is_open:
        return known
    try:
        return _take(by, station, name, arrived)
    except Refusal as refusal:
        if refusal.status < 500:
            _remember(by, station, name, arrived.sha256, refusal)
        raise told(refusal) from refusal


def take_envelope_file(*, username: str, path: Path) -> Batch:
    """Take an envelope that lies in a file, as the station of this account."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    by = actor_for(person(username), method="command:take_envelope")
    return take_envelope(by=by, name=path.name, arrived=Spooled(path, path.stat().st_size, digest))


def told(refusal: Refusal) -> Refusal:
    """Add what a supplier's software looks for to a refusal."""
    code = SUPPLIER_CODES.get(refusal.code)
    if code:
        refusal.members.setdefault("supplier_code", code)
    return refusal


def _take(by: Actor, station: Station, name: str, arrived: Spooled) -> Batch:
    _scan(arrived.path)
    with envelope_zip.opened(arrived.path) as opened:
        body = envelope_rules.read_metadata(opened.metadata)
        found = envelope_rules.validate(body, name=name, entries=opened.entries, station=station)
        batch = _opened_before(station, name) or open_batch(
            by=by,
            manifest=found.manifest,
            envelope=found.classification,
            payments=found.payments,
            content_sha256=arrived.sha256,
        )
        papers = {one.name: one for one in opened.entries}
        for item in batch.items.select_related("batch__station"):
            keep(by=by, item=item, arrived=_spooled(papers[item.name]))
    return close_batch(by=by, batch_id=batch.pk)


def _spooled(entry: Entry) -> Spooled:
    return Spooled(entry.path, entry.size, entry.sha256)


def _scan(path: Path) -> None:
    with path.open("rb") as stream:
        verdict = scanner.configured().scan(stream)
    if verdict.outcome is Outcome.FOUND:
        raise VirusFound(name=verdict.detail)
    if verdict.outcome is Outcome.UNKNOWN:
        raise NoVerdictYet


def _known(station: Station, name: str, sha256: str) -> Batch | None:
    """The batch that this envelope became; raise what was said of it where it was refused, or of another of its name."""
    batch = _opened_before(station, name)
    if batch is not None:
        if batch.content_sha256 != sha256:
            raise told(DuplicateBatch(members={"batch": str(batch.pk), "state": batch.state}))
        return batch
    refused = EnvelopeRefusal.objects.filter(station=station, name=name).first()
    if refused is None:
        return None
    if refused.sha256 != sha256:
        raise told(FailedBefore())
    again = RefusedAgain(detail=refused.detail, errors=(FieldError("/", refused.code, refused.detail),))
    again.members = {"supplier_code": SUPPLIER_CODES.get(refused.code, ""), "refused_as": refused.code}
    raise again


def _opened_before(station: Station, name: str) -> Batch | None:
    return Batch.objects.filter(station=station, external_id=name).first()


@transaction.atomic
def _remember(by: Actor, station: Station, name: str, sha256: str, refusal: Refusal) -> None:
    """Keep why an envelope was refused: the supplier reads it later, and the same one is not worked through again."""
    locked(station.pk)
    EnvelopeRefusal.objects.get_or_create(
        station=station,
        name=name,
        defaults={"sha256": sha256, "code": refusal.code, "detail": refusal.sentence, "refused_at": clock.now()},
    )
    facts = {"sha256": sha256, "code": refusal.code}
    refs = {"station": str(station.pk)}
    record(Event.ENVELOPE_REFUSED, stamp=by.stamp, stream=f"intake:{station.pk}", refs=refs, facts=facts)
