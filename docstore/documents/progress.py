"""How reading moves a version along: the service's own acts on stages, pages and renditions. Called by `reading` and
`search`; each is one short transaction and safe to repeat."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from docstore.access.actor import system
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.actions import case_stream
from docstore.core import clock
from docstore.core.errors import Conflict
from docstore.core.jobs import JobName, Lane, enqueue
from docstore.documents.change import follow_in_index
from docstore.documents.layers import (
    fields_of,
    live_corrections,
    put_under_correction,
    set_aside_native,
    set_aside_readings,
)
from docstore.documents.models import (
    MAY_FOLLOW,
    Document,
    Filing,
    Page,
    PageState,
    Rendition,
    RenditionKind,
    Stage,
    Version,
    pack_words,
)
from docstore.documents.outline_models import Heading, Outline
from docstore.documents.received import PageText, ReadAhead

INDEX_EVERY_PAGES = 32
TELLING_PAGES = 2
READER = system("reading")


class StageCannotFollow(Conflict):
    """A version that is {now} cannot become {then}."""

    code = "stage-cannot-follow"


@dataclass(frozen=True, slots=True)
class Picture:
    """A derived object that is in the vault already."""

    kind: RenditionKind
    page: int
    key: str
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    tool: str


@transaction.atomic
def mark_clean(version_id: UUID, *, scanner: str, media_type: str) -> Version:
    """The checks have passed (or no virus scanner is configured, in the demo court), and the type is known."""
    version = _locked(version_id)
    _advance(version, Stage.CLEAN, "")
    version.scanned_by, version.media_type = scanner, media_type
    version.save(update_fields=["stage", "stage_reason", "scanned_by", "media_type"])
    _record(Event.VERSION_CLEARED, version, {"version": version.number, "scanner": scanner})
    return version


@transaction.atomic
def mark_waiting(version_id: UUID, *, reason: str) -> None:
    """Say why a version still waits, without moving it."""
    Version.objects.filter(pk=version_id).update(stage_reason=reason)


@transaction.atomic
def mark_quarantined(version_id: UUID, *, reason: str) -> Version:
    """Nobody may open these bytes."""
    version = _locked(version_id)
    _advance(version, Stage.QUARANTINED, reason)
    version.save(update_fields=["stage", "stage_reason"])
    _record(Event.VERSION_QUARANTINED, version, {"version": version.number, "why": reason})
    return version


@transaction.atomic
def mark_unreadable(version_id: UUID, *, reason: str, lacks: str = "") -> Version:
    """No page of it can be shown; the original bytes are kept and can be downloaded by those who may.

    `lacks` names what is missing on this server rather than in the file: once it is there, the version is opened again.
    """
    version = _locked(version_id)
    _advance(version, Stage.UNREADABLE, reason)
    version.pages_total, version.lacks = version.pages_total or None, lacks
    version.save(update_fields=["stage", "stage_reason", "pages_total", "lacks"])
    _touch(version)
    if version.unguarded and not lacks:  # nothing in it can be looked at: it is shared as it was filed
        _have_guarded(version)
    _record(Event.VERSION_UNREADABLE, version, {"version": version.number, "why": reason})
    return version


@transaction.atomic
def reopen(version_id: UUID) -> bool:
    """What was missing for this version is there now; whether it still waited for it."""
    version = _locked(version_id)
    if version.stage != Stage.UNREADABLE or not version.lacks:
        return False
    _advance(version, Stage.CLEAN, "")
    lacked, version.lacks = version.lacks, ""
    version.save(update_fields=["stage", "stage_reason", "lacks"])
    _record(Event.VERSION_REOPENED, version, {"version": version.number, "lacked": lacked})
    return True


@transaction.atomic
def begin_pages(version_id: UUID, pages: Sequence[PageText], *, outline: Sequence[Heading] = ()) -> Version:
    """Lay out the pages of a version and the outline that it brings, replacing what an earlier reading left."""
    version = _locked(version_id)
    earlier = Page.objects.filter(version=version)
    set_aside_readings(version, earlier)
    earlier.delete()
    Rendition.objects.filter(version=version).delete()
    Page.objects.bulk_create((_row(version, one) for one in pages), batch_size=200)
    for number, correction in live_corrections(version_id).items():
        Page.objects.filter(version=version, number=number).update(**fields_of(correction))
    version.pages_total, version.pages_searchable = len(pages), 0
    _keep_outline(version, outline)
    _recount(version)
    return version


def _keep_outline(version: Version, outline: Sequence[Heading]) -> None:
    Outline.objects.filter(version=version).delete()
    if outline:
        Outline.objects.create(version=version, lines=[(one.level, one.title, one.page) for one in outline])


@transaction.atomic
def lay_down(version_id: UUID, read: ReadAhead) -> Version:
    """Store all pages of a new version at once, as they were read before it was filed."""
    version = _locked(version_id)
    Page.objects.bulk_create((_row(version, one) for one in read.pages), batch_size=200)
    version.pages_total, version.pages_searchable = len(read.pages), 0
    _keep_outline(version, read.outline)
    _recount(version)
    _maybe_index(version)
    return version


@transaction.atomic
def store_texts(version_id: UUID, pages: Iterable[PageText]) -> Version:
    """Store the text layers of several pages at once."""
    version = _locked(version_id)
    _write_pages(version, pages)
    _recount(version)
    _maybe_index(version)
    return version


@transaction.atomic
def store_page(version_id: UUID, page: PageText, pictures: Sequence[Picture]) -> Version:
    """Store one page that was read, with its pictures."""
    version = _locked(version_id)
    _write_pages(version, [page])
    _store_pictures(version, pictures)
    _recount(version)
    _maybe_index(version)
    return version


@transaction.atomic
def store_pictures(version_id: UUID, pictures: Sequence[Picture]) -> None:
    """Store pictures of pages whose text is known already."""
    _store_pictures(Version.objects.get(pk=version_id), pictures)


@transaction.atomic
def note_version(version_id: UUID, *, note: str) -> None:
    """Say something about a version that people should know though nothing went wrong with it."""
    Version.objects.filter(pk=version_id).update(note=note)


@transaction.atomic
def note_page(version_id: UUID, number: int, *, reason: str) -> None:
    """Say something about a page that has been read, for those who look at it."""
    Page.objects.filter(version=version_id, number=number).update(reason=reason)


def has_picture(version_id: UUID, number: int) -> bool:
    """Whether the picture of a page is made already."""
    rows = Rendition.objects.filter(version=version_id, page=number, kind=RenditionKind.PAGE_IMAGE)
    return rows.exists()


def has_page_in(version_id: UUID, language: str) -> bool:
    """Whether some page of a version has been read and is in this language, alone or beside another."""
    return Page.objects.filter(version=version_id, language__contains=language).exists()


@transaction.atomic
def fail_page(version_id: UUID, number: int, *, reason: str) -> Version:
    """A page that cannot be read is one failed page, never a failed document."""
    version = _locked(version_id)
    Page.objects.filter(version=version, number=number).update(state=PageState.FAILED, reason=reason, is_indexed=False)
    _recount(version)
    _maybe_index(version)
    _record(Event.PAGE_FAILED, version, {"version": version.number, "page": number, "why": reason})
    return version


@transaction.atomic
def mark_indexed(document_id: UUID, *, version: int, applied: int, pages: Sequence[int]) -> bool:
    """The index holds these pages as of `applied`; True where that made the version searchable to its end."""
    document = Document.objects.filter(pk=document_id).first()
    row = Version.objects.select_for_update().filter(document_id=document_id, number=version).first()
    if document is None or row is None or document.index_seq != applied:
        return False
    Page.objects.filter(version=row, number__in=pages, is_indexed=False).update(is_indexed=True)
    row.pages_searchable = Page.objects.filter(version=row, is_indexed=True).exclude(text="").count()
    if row.stage == Stage.READABLE:
        _advance(row, Stage.SEARCHABLE, row.stage_reason)
    row.save(update_fields=["pages_searchable", "stage", "stage_reason"])
    return row.stage == Stage.SEARCHABLE


@transaction.atomic
def mark_outdated(case_id: UUID) -> list[UUID]:
    """Give every document of a case a new place in the order of index writes; return which.

    An engine takes the same number only once, and what it holds of a document depends on its case too.
    """
    ids = list(Filing.objects.filter(case_id=case_id).order_by().values_list("document_id", flat=True).distinct())
    Document.objects.filter(pk__in=ids).update(index_seq=F("index_seq") + 1)
    return ids


def _locked(version_id: UUID) -> Version:
    return Version.objects.select_for_update().get(pk=version_id)


def _advance(version: Version, stage: Stage, reason: str) -> None:
    now = Stage(version.stage)
    if stage is not now and stage not in MAY_FOLLOW[now]:
        raise StageCannotFollow(now=now, then=stage)
    version.stage, version.stage_reason = stage, reason


def _recount(version: Version) -> None:
    """Bring the counts up to date; the last page read makes the version readable, or unreadable if none could be."""
    counts = Page.objects.filter(version=version).aggregate(
        readable=Count("id", filter=Q(state=PageState.DONE)),
        failed=Count("id", filter=Q(state=PageState.FAILED)),
        pending=Count("id", filter=Q(state=PageState.PENDING)),
        empty=Count("id", filter=Q(state=PageState.DONE, text="")),
    )
    version.pages_readable, version.pages_failed = counts["readable"], counts["failed"]
    version.pages_without_text = counts["empty"]
    if version.unguarded and version.pages_total and not _waits_for_first_pages(version):
        _have_guarded(version)
    if not counts["pending"] and version.stage == Stage.CLEAN and version.pages_total:
        _finish(version)
    version.save()


def _have_guarded(version: Version) -> None:
    enqueue(JobName.INTAKE_GUARD, subject=f"version:{version.pk}", lane=Lane.FIRST, dedupe=f"guard {version.pk}")


def _waits_for_first_pages(version: Version) -> bool:
    """Whether a page is still to be read of those by which one tells what case a paper belongs to."""
    return Page.objects.filter(version=version, number__lte=TELLING_PAGES, state=PageState.PENDING).exists()


def _finish(version: Version) -> None:
    if not version.pages_readable:
        first = Page.objects.filter(version=version, state=PageState.FAILED).order_by("number").first()
        _advance(version, Stage.UNREADABLE, first.reason if first else "No page could be read.")
        _record(Event.VERSION_UNREADABLE, version, {"version": version.number, "why": version.stage_reason})
        return
    failed = version.pages_failed
    _advance(version, Stage.READABLE, f"{failed} of {version.pages_total} pages could not be read." if failed else "")
    facts = {"version": version.number, "pages": version.pages_total, "failed": failed}
    _record(Event.VERSION_READ, version, facts)


def _maybe_index(version: Version) -> None:
    """Index the first page at once, the whole at the end, and now and then between, so long scans do not wait."""
    done = version.pages_readable + version.pages_failed
    if done in (1, version.pages_total) or done % INDEX_EVERY_PAGES == 0:
        _touch(version)


def _touch(version: Version) -> None:
    Document.objects.filter(pk=version.document_id).update(index_seq=F("index_seq") + 1)
    follow_in_index(version.document_id)


def _store_pictures(version: Version, pictures: Sequence[Picture]) -> None:
    for one in pictures:
        Rendition.objects.update_or_create(
            version=version,
            kind=one.kind,
            page=one.page,
            defaults={
                "key": one.key,
                "sha256": one.sha256,
                "bytes": one.size,
                "media_type": one.media_type,
                "width": one.width,
                "height": one.height,
                "tool": one.tool,
                "created_at": clock.now(),
            },
        )


def _write_pages(version: Version, pages: Iterable[PageText]) -> None:
    """Store what was read; a person's correction stays in use, and what OCR overrides is set aside."""
    corrections = live_corrections(version.pk)
    overridden = {}
    for one in pages:
        fields, correction = _fields(one), corrections.get(one.number)
        if correction is not None:
            fields = put_under_correction(version, one.number, correction, fields)
        Page.objects.filter(version=version, number=one.number).update(**fields)
        overridden[one.number] = one.own_text
    set_aside_native(version, overridden)


def put_in_use(version_id: UUID, number: int, fields: Mapping[str, Any]) -> None:
    """Put another text of a page in use, and bring the counts of its version up to date."""
    version = _locked(version_id)
    Page.objects.filter(version=version, number=number).update(**fields, is_indexed=False)
    _recount(version)


def _row(version: Version, page: PageText) -> Page:
    return Page(version=version, number=page.number, **_fields(page))


def _fields(page: PageText) -> dict[str, Any]:
    return {
        "label": page.label[:40],
        "width": page.width,
        "height": page.height,
        "text": page.text.replace("\x00", ""),
        "packed_words": pack_words(page.words) if page.words else b"",
        "method": page.method,
        "engine": page.engine[:80],
        "language": page.language[:12],
        "confidence": page.confidence,
        "state": page.state,
        "reason": page.reason,
        "is_corrected": False,
        "is_indexed": False,
    }


def _record(event: Event, version: Version, facts: Mapping[str, object]) -> None:
    home = Filing.objects.filter(document=version.document_id, is_home=True, ended_at__isnull=True).first()
    case = str(home.case_id) if home else ""
    refs = {"document": str(version.document_id), "case": case}
    stream = case_stream(home.case_id) if home else "security"
    record(event, stamp=READER.stamp, stream=stream, refs=refs, facts=facts)
