"""What a worker does for a transfer: make the package and put it into the vault, or take it out again when it has served.

Every file is read from the vault and held against the digest with which it was filed, before it goes into the bag and
once more by the bag itself (RET-H2, M3).
"""

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor, system
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.errors import Conflict
from docstore.core.hashing import CHUNK_BYTES
from docstore.documents.erasure import StorageRefuses, eraser
from docstore.documents.models import Document, Version
from docstore.documents.vault import ContentDamaged, fetch, vault
from docstore.retention import bags, transfers
from docstore.retention.bags import Closure, Consignment, Member
from docstore.retention.certificate_content import SOFTWARE
from docstore.retention.trail import tell_all
from docstore.retention.transfer_models import Transfer, TransferFile, TransferItem, TransferStatus


class NotPackaged(Conflict):
    """There is no package: it is still being made, or the transfer is over and the package was removed."""

    code = "not-packaged"


DONE_WITH = (TransferStatus.CONFIRMED, TransferStatus.CANCELLED)
MEDIA_TYPE = "application/zip"
SUFFIX = 8


def tend(transfer_id: UUID) -> None:
    """Bring the package of a transfer to where the transfer stands. Safe to repeat."""
    made, by = Transfer.objects.get(pk=transfer_id), system("transfers")
    if made.status == TransferStatus.PREPARING:
        _pack(made, by=by)
    elif made.status in DONE_WITH and made.key and made.dropped_at is None:
        _drop(made, by=by)


@transaction.atomic
def hand_out(*, by: Actor, transfer_id: UUID) -> Transfer:
    """Return a transfer whose package is there, and write down who took it out; raise NotPackaged."""
    by.require(Permission.CONFIRM_TRANSFERS)
    made = transfers.transfer_seen(by, transfer_id)
    if made.status not in (TransferStatus.PACKAGED, TransferStatus.SENT):
        raise NotPackaged
    tell_all(Event.TRANSFER_PACKAGE_TAKEN, by, {"transfer": made.number, "sha256": made.sha256})
    return made


def copy_package(made: Transfer) -> Iterator[bytes]:
    """Yield the package as it lies in the vault."""
    return vault().read(made.key)


def save_package(number: str, folder: Path) -> tuple[Path, str]:
    """Write a package into a folder, checked while it is written; return where, and its digest. For the command line."""
    made = Transfer.objects.filter(number=number, status__in=[TransferStatus.PACKAGED, TransferStatus.SENT]).first()
    if made is None:
        raise NotPackaged
    if not folder.is_dir():
        raise NotADirectoryError(f"There is no folder {folder}.")
    at = folder / f"{made.number}.zip"
    digest = hashlib.sha256()
    with at.open("xb") as file:
        for piece in copy_package(made):
            digest.update(piece)
            file.write(piece)
    if digest.hexdigest() != made.sha256:
        at.unlink()
        raise ContentDamaged
    with transaction.atomic():
        facts = {"transfer": made.number, "sha256": made.sha256}
        tell_all(Event.TRANSFER_PACKAGE_TAKEN, system("command line"), facts)
    return at, made.sha256


def _pack(made: Transfer, *, by: Actor) -> None:
    with tempfile.TemporaryDirectory(prefix="docstore-transfer-") as at:
        folder = Path(at)
        try:
            members = list(_members(made, folder))
            packed = bags.write(folder / made.number, _consignment(made), [one for _, one in members])
        except (bags.BagNotWhole, ContentDamaged) as problem:
            _note_problem(made, str(problem), by=by)
            raise
        digest = _digest(packed)
        key = f"transfers/{made.pk}/{made.number}-{digest[:SUFFIX]}.zip"
        with packed.open("rb") as file:
            vault().put(key, file, sha256=digest, size=packed.stat().st_size, media_type=MEDIA_TYPE)
        _keep(made, key, digest, packed.stat().st_size, members, by=by)


def _members(made: Transfer, folder: Path) -> Iterator[tuple[TransferItem, Member]]:
    for item in made.items.all():
        case = transfers.home_case(item.record)
        for paper in transfers.papers_in(item.record).order_by("pk"):
            for version in Version.objects.filter(document=paper).order_by("number"):
                yield item, _member(item, case, paper, version, folder)


def _member(item: TransferItem, case: Case | None, paper: Document, version: Version, folder: Path) -> Member:
    """One version, fetched and checked. Its place in the bag is made of ids alone."""
    ending = Path(version.shown_name).suffix.lower()[:SUFFIX]
    place = f"{item.record_id}/{paper.pk}/{version.number}{ending if ending.isascii() else ''}"
    source = folder / str(version.pk)
    with fetch(version.key, sha256=version.sha256) as content, source.open("wb") as file:
        while piece := content.read(CHUNK_BYTES):
            file.write(piece)
    return Member(
        place=place,
        source=source,
        sha256=version.sha256,
        size=version.bytes,
        media_type=version.media_type,
        name=version.shown_name,
        title=paper.title,
        language=paper.language or "English",
        identifier=str(version.pk),
        parent=item.reference,
        former_reference=item.reference,
        dated_on=paper.dated_on,
        filed_at=version.filed_at,
        closure_from=_closure_start(case, paper),
    )


def _closure_start(case: Case | None, paper: Document) -> date:
    """Closure counts from the end of the case, else from the paper's own date."""
    return (case.closed_on if case else None) or paper.dated_on or paper.filed_at.astimezone(clock.COURT_ZONE).date()


def _consignment(made: Transfer) -> Consignment:
    closure = Closure(
        made.closed_years, made.exemption, clock.today() if made.closed_years else None, made.title_closed,
        made.title_alternate,
    )  # fmt: skip
    source = made.court.name if made.court else "Courts"
    return Consignment(made.number, source, made.archive, made.series, clock.now(), SOFTWARE, closure)


@transaction.atomic
def _keep(
    made: Transfer, key: str, digest: str, size: int, members: list[tuple[TransferItem, Member]], *, by: Actor
) -> None:
    row = Transfer.objects.select_for_update().get(pk=made.pk)
    if row.status != TransferStatus.PREPARING:  # taken back meanwhile: the package is taken out again
        Transfer.objects.filter(pk=row.pk).update(key=key)
        transfers.announce(row)
        return
    TransferFile.objects.bulk_create(
        [
            TransferFile(
                item=item, path=one.place, sha256=one.sha256, size=one.size, paper=UUID(one.place.split("/")[1])
            )
            for item, one in members
        ]
    )
    row.status, row.packaged_at, row.problem = TransferStatus.PACKAGED, clock.now(), ""
    row.key, row.sha256, row.bytes, row.files = key, digest, size, len(members)
    row.save()
    tell_all(Event.TRANSFER_PACKAGED, by, {"transfer": row.number, "sha256": digest, "files": len(members)})


def _drop(made: Transfer, *, by: Actor) -> None:
    """The package holds the records once more; it goes when nobody needs it."""
    copies = eraser().survey(made.key)
    if refused := eraser().remove(copies):
        raise StorageRefuses(why=refused[0].why)
    if eraser().remaining(made.key):
        raise StorageRefuses(why="a listing still shows the package")
    with transaction.atomic():
        Transfer.objects.filter(pk=made.pk).update(dropped_at=clock.now())
        tell_all(Event.TRANSFER_PACKAGE_DROPPED, by, {"transfer": made.number})


@transaction.atomic
def _note_problem(made: Transfer, why: str, *, by: Actor) -> None:
    if Transfer.objects.filter(pk=made.pk).exclude(problem=why).update(problem=why):
        tell_all(Event.TRANSFER_FAILED, by, {"transfer": made.number, "why": why})


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
