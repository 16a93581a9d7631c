"""Moving versions along: check, open, read pages, make pictures. The only part of the room that knows rows.

Each function that a job calls is idempotent: it looks at where the version stands and does what is still to be done.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import record_alone
from docstore.audit.events import Event
from docstore.core import conf
from docstore.core.errors import Refusal
from docstore.core.jobs import Job, JobName, Lane, enqueue, enqueue_pages, retry
from docstore.documents import progress
from docstore.documents.models import Filing, PageState, Stage, Version
from docstore.documents.received import PageText
from docstore.reading import readers, scanner
from docstore.reading.convert import ConverterMissing, converter
from docstore.reading.drawing import put_away, try_to_draw
from docstore.reading.faults import ReadingFault
from docstore.reading.kinds import Kind, identify
from docstore.reading.readers import Reader
from docstore.reading.refusals import ActiveContent, ActiveContentToConfirm, EmptyFile
from docstore.reading.scanner import Outcome, Verdict
from docstore.reading.sessions import fetched, reader_of
from docstore.reading.shapes import Active, Inspection, Method, PageReading
from docstore.reading.texts import outline_of, text_of, text_of_native
from docstore.reading.tongues import ENGLISH, WELSH

log = logging.getLogger(__name__)

UNTYPED = "application/octet-stream"
WAITING = "Waiting for the virus check: {why}."
VIRUS = "Stopped by the virus check: {name}. Nobody can open it. Ask the sender for a clean copy."
CONVERTER = "converter"
LIGHT_DPI = 150
NATIVE_BATCH = 25
# A document with more pages than this to read waits for its turn apart from the short ones of its case.
LONG = 8


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found out about a file before it is filed."""

    media_type: str
    stage: str
    reason: str
    scanner: str
    doubts: tuple[str, ...] = ()


def examine(path: Path, *, name: str, declared: str | None, size: int, may_confirm: bool, confirmed: bool) -> Examined:
    """Check a file before it is kept: virus first, then type, then what is inside. Raises the refusals of `refusals`.

    Very large files are only typed here; a worker does the rest. Where the scanner gives no verdict the file waits.
    """
    if size == 0:
        raise EmptyFile
    if size > conf.get().limits.check_at_once_bytes:
        kind = identify(path, name=name, declared=declared).kind
        return Examined(kind.value, Stage.RECEIVED, "Waiting for the virus check.", "")
    with path.open("rb") as stream:
        verdict = scanner.configured().scan(stream)
    if (held := _held_back(verdict)) is not None:
        return held
    kind = identify(path, name=name, declared=declared).kind
    inspection = _inspect(path, kind)
    _ask_about_active(inspection, may_confirm=may_confirm, confirmed=confirmed)
    if (held := _held_back(_scan_inside(path, kind, inspection))) is not None:
        return held
    doubts = (ActiveContent.code,) if inspection.active else ()
    return Examined(kind.value, Stage.CLEAN, "", verdict.scanner, doubts)


def _held_back(verdict: Verdict | None) -> Examined | None:
    """What becomes of a file with this verdict; nothing where it may go on."""
    if verdict is not None and verdict.outcome is Outcome.FOUND:
        return Examined(UNTYPED, Stage.QUARANTINED, VIRUS.format(name=verdict.detail), verdict.scanner)
    if verdict is not None and verdict.outcome is Outcome.UNKNOWN:
        return Examined(UNTYPED, Stage.RECEIVED, WAITING.format(why=verdict.detail), "")
    return None


def pages_of(
    source: Callable[[], BinaryIO],
    *,
    key: str,
    media_type: str,
    parts: Sequence[Sequence[int]],
    turned: Mapping[int, int],
) -> list[tuple[bytes, str]] | None:
    """Return each list of pages of a file as a file of its own with its type, some of them turned clockwise.

    None where the kind cannot be divided.
    """
    kind = Kind(media_type)
    if kind is not Kind.PDF and not kind.is_picture:
        return None
    with readers.of_process().borrow(key=key, source=source, kind=kind) as reader:
        return [reader.part(pages, turned=turned) for pages in parts]


def check(version_id: UUID, *, lane: Lane = Lane.FIRST) -> None:
    """Give a received version its verdict, and open it if that is clean; one whose verdict is there is opened.

    Raises ReadingFault where there is none yet.
    """
    version = Version.objects.get(pk=version_id)
    if version.stage == Stage.CLEAN:
        # whoever gave the verdict died before the version was opened
        open_version(version_id, lane=lane)
    if version.stage != Stage.RECEIVED:
        return
    with fetched(version) as path:
        with path.open("rb") as stream:
            verdict = scanner.configured().scan(stream)
        if not _settle_verdict(version, verdict):
            return
        _check_inside(version, path, lane)


def _settle_verdict(version: Version, verdict: Verdict) -> bool:
    """Whether reading may go on."""
    match verdict.outcome:
        case Outcome.FOUND:
            progress.mark_quarantined(version.pk, reason=VIRUS.format(name=verdict.detail))
            return False
        case Outcome.UNKNOWN:
            progress.mark_waiting(version.pk, reason=WAITING.format(why=verdict.detail))
            raise NoVerdict(verdict.detail)
        case Outcome.CLEAN | Outcome.NOT_SCANNED:
            return True


class NoVerdict(ReadingFault):
    """The virus scanner gave no verdict ({reason}). The file waits and will be checked again."""


def _check_inside(version: Version, path: Path, lane: Lane) -> None:
    try:
        kind = identify(path, name=version.original_name, declared=None).kind
        inspection = _inspect(path, kind)
        _ask_about_active(inspection, may_confirm=False, confirmed="active-content" in version.confirmed.split())
        inside = _scan_inside(path, kind, inspection)
    except Refusal as refusal:
        progress.mark_quarantined(version.pk, reason=str(refusal))
        return
    if inside is not None and not _settle_verdict(version, inside):
        return
    progress.mark_clean(version.pk, scanner=conf.get().scanner.backend.rpartition(".")[2], media_type=kind.value)
    open_version(version.pk, lane=lane)


def open_version(version_id: UUID, *, lane: Lane = Lane.FIRST) -> None:
    """Lay out the pages of a clean version: count, sizes, text layers; then hand out one job per page.

    The first page of a long paper is drawn before anything is read, so that people can begin to look; the text of a short one
    is stored first, for that takes less time, and another worker brings it into the index meanwhile.
    """
    version = Version.objects.get(pk=version_id)
    if version.stage != Stage.CLEAN:
        return
    try:
        with reader_of(version) as reader:
            sheets = reader.open()
            pages = [PageText(s.number, s.label, s.width, s.height, state=PageState.PENDING) for s in sheets]
            progress.begin_pages(version_id, pages, outline=outline_of(reader))
            _hand_out_inside(version, lane)
            is_long = len(sheets) > LONG
            if is_long:
                try_to_draw(version, reader, 1)
            to_read, pictures_only = _store_natives(version, reader)
            if not is_long:
                try_to_draw(version, reader, 1)
    except (Refusal, ReadingFault) as problem:
        _give_up_or_again(version, problem)
        return
    _hand_out(version, to_read, pictures_only, lane)


def _give_up_or_again(version: Version, problem: Refusal | ReadingFault) -> None:
    """Let a passing fault be tried again by the queue; anything else ends the version with its sentence."""
    if isinstance(problem, ReadingFault) and problem.transient:
        raise problem
    lacks = CONVERTER if isinstance(problem, ConverterMissing) else ""
    progress.mark_unreadable(version.pk, reason=str(problem), lacks=lacks)


def open_what_waited() -> int:
    """Open office documents that were filed while there was no converter, now that there is one; return how many."""
    if converter() is None:
        return 0
    waiting = Version.objects.filter(stage=Stage.UNREADABLE, lacks=CONVERTER).values_list("pk", flat=True)
    return sum(_reopen(version_id) for version_id in waiting)


@transaction.atomic
def _reopen(version_id: UUID) -> bool:
    """One of them; whether it still waited. Stage and job together, so that none is left without the other."""
    if not progress.reopen(version_id):
        return False
    subject, name = f"version:{version_id}", JobName.READING_OPEN
    enqueue(name, subject=subject, lane=Lane.BULK, dedupe=f"{name} {version_id}")
    return True


def _store_natives(version: Version, reader: Reader) -> tuple[list[int], list[int]]:
    """Store every text layer worth keeping; return the pages that need OCR, and those that need only a picture."""
    to_read: list[int] = []
    pictures_only: list[int] = []
    batch: list[PageText] = []
    for page in reader.natives():
        if page.decision is Method.NATIVE:
            batch.append(text_of_native(page))
            pictures_only.append(page.sheet.number)
        else:
            to_read.append(page.sheet.number)
        if len(batch) >= NATIVE_BATCH:
            progress.store_texts(version.pk, batch)
            batch = []
    if batch:
        progress.store_texts(version.pk, batch)
    return to_read, pictures_only


def _hand_out_inside(version: Version, lane: Lane) -> None:
    """One job for what a message carries, before its text is stored: with that the version is read, and not opened again."""
    if Kind(version.media_type).is_message:
        enqueue(JobName.READING_UNPACK, subject=f"version:{version.pk}", lane=lane, dedupe=f"unpack {version.pk}")


def _hand_out(version: Version, to_read: list[int], pictures_only: list[int], lane: Lane) -> None:
    """One job per page: the first page before all others, the rest of a long document behind short ones of its case."""
    home = Filing.objects.filter(document=version.document_id, is_home=True, ended_at__isnull=True).first()
    share = str(home.case_id) if home else ""
    subject = f"version:{version.pk}"
    first, rest = [page for page in to_read if page == 1], [page for page in to_read if page > 1]
    enqueue_pages(JobName.READING_PAGE, subject=subject, pages=first, lane=lane, share=share)
    own = f"{share}:long" if len(rest) > LONG else share
    after = Lane.NORMAL if lane is Lane.FIRST else lane
    enqueue_pages(JobName.READING_PAGE, subject=subject, pages=rest, lane=after, share=own)
    undrawn = [page for page in pictures_only if page > 1]
    enqueue_pages(JobName.READING_PICTURE, subject=subject, pages=undrawn, lane=Lane.BULK, share=share)


def read_page(version_id: UUID, number: int) -> None:
    """Read one page to its end, at a lower resolution if the first try is too much. A page failure stays a page's."""
    version = Version.objects.filter(pk=version_id).first()
    if version is None or version.stage not in (Stage.CLEAN, Stage.READABLE, Stage.SEARCHABLE):
        return
    with reader_of(version) as reader:
        _read_page(version, reader, number)


def _read_page(version: Version, reader: Reader, number: int) -> None:
    try:
        reading = _try_page(version, reader, number)
    except (Refusal, ReadingFault) as problem:
        if isinstance(problem, ReadingFault) and problem.transient and not problem.lighter:
            raise
        log.warning("Page %s of version %s was set aside: %s", number, version.pk, type(problem).__name__)
        progress.fail_page(version.pk, number, reason=str(problem))
        return
    pictures = put_away(version, number, reading.picture) if reading.picture else []
    progress.store_page(version.pk, text_of(reading), pictures)


def _try_page(version: Version, reader: Reader, number: int) -> PageReading:
    known, undrawn = conf.get().languages, not progress.has_picture(version.pk, number)
    languages = _languages(version)
    try:
        return reader.page(number, languages=languages, known=known, picture=undrawn)
    except ReadingFault as fault:
        if not fault.lighter:
            raise
        return reader.page(number, languages=languages, known=known, picture=undrawn, dpi=LIGHT_DPI)


def _languages(version: Version) -> tuple[str, ...]:
    """English first; Welsh before it where the document was filed as Welsh or has been found to be. The page decides."""
    known = conf.get().languages
    is_welsh = version.document.language in ("cy", "cym") or progress.has_page_in(version.pk, WELSH)
    return tuple(one for one in ((WELSH, ENGLISH) if is_welsh else (ENGLISH,)) if one in known)


def retry_parked(*, by: Actor, job_id: int) -> Job:
    """Let parked work be tried again, by somebody who may."""
    by.require(Permission.MANAGE_JOBS)
    job = retry(job_id)
    facts = {"job": job.pk, "name": job.name}
    record_alone(Event.JOB_RETRIED, stamp=by.stamp, stream="security", refs={}, facts=facts)
    return job


def _inspect(path: Path, kind: Kind) -> Inspection:
    def opener() -> BinaryIO:
        return path.open("rb")

    with readers.of_process().borrow(key=f"inspect:{path}", source=opener, kind=kind) as reader:
        return reader.inspect()


def _scan_inside(path: Path, kind: Kind, inspection: Inspection) -> Verdict | None:
    """Scan each file inside a PDF by itself; return the first verdict that holds it back (SEC-27).

    A scanner unpacks a PDF by dictionaries of its own, and loses its way in some that every reader understands.
    """
    if kind is not Kind.PDF or Active.ATTACHMENT not in inspection.active:
        return None

    def opener() -> BinaryIO:
        return path.open("rb")

    with readers.of_process().borrow(key=f"inspect:{path}", source=opener, kind=kind) as reader:
        for one in reader.attachments():
            if one.content is None:
                return Verdict(Outcome.UNKNOWN, "", "a file inside it is too large to be checked")
            verdict = scanner.configured().scan(BytesIO(one.content))
            if verdict.outcome in (Outcome.FOUND, Outcome.UNKNOWN):
                return verdict
    return None


def _ask_about_active(inspection: Inspection, *, may_confirm: bool, confirmed: bool) -> None:
    if not inspection.active or confirmed:
        return
    what = ", ".join(str(one.value) for one in inspection.active)
    raise ActiveContentToConfirm(what=what) if may_confirm else ActiveContent(what=what)
