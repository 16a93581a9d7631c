"""Pictures of pages: drawn without reading a word, so that a page can be looked at long before its OCR is done."""

import logging
from importlib.metadata import version as version_of
from uuid import UUID

from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.core.hashing import sha256_hex
from docstore.core.jobs import Job, JobName, Lane, enqueue
from docstore.documents import progress
from docstore.documents.models import RenditionKind, Version
from docstore.documents.progress import Picture
from docstore.documents.vault import in_memory, vault
from docstore.reading.child import pictures
from docstore.reading.faults import ReadingFault
from docstore.reading.readers import Reader
from docstore.reading.sessions import reader_of
from docstore.reading.shapes import PagePicture

log = logging.getLogger(__name__)

# What made a picture and how, kept with it (DOM-3.3): a picture made by other means can be told and made anew.
MADE_BY = f"pypdfium2 {version_of('pypdfium2')}, Pillow {version_of('Pillow')}"
MADE_AS = {
    RenditionKind.PAGE_IMAGE: f"WebP quality {pictures.SHOWN_QUALITY}, short side {pictures.SHOWN_SHORT_SIDE}",
    RenditionKind.THUMBNAIL: f"WebP quality {pictures.THUMBNAIL_QUALITY}, width {pictures.THUMBNAIL_WIDTH}",
}


def draw_page(version_id: UUID, number: int) -> None:
    """Make the pictures of one page and keep them, if they are not there yet. Raises what reading raises."""
    version = Version.objects.filter(pk=version_id).first()
    if version is None or not version.is_served or progress.has_picture(version_id, number):
        return
    with reader_of(version) as reader:
        draw(version, reader, number)


def draw_in_turn(version_id: UUID, first: int, last: int) -> None:
    """The same for some pages, as a job: one that cannot be drawn is told on it, and is nothing a person could mend.

    After each page it makes way for work that somebody waits for, and leaves the rest to a job of its own.
    """
    for number in range(first, last + 1):
        _draw_or_tell(version_id, number)
        if number < last and _somebody_waits():
            rest = {"page": number + 1, "last": last}
            enqueue(JobName.READING_PICTURE, subject=f"version:{version_id}", payload=rest, lane=Lane.BULK)
            return


def _somebody_waits() -> bool:
    return Job.objects.takeable(now=clock.seconds()).filter(lane__lt=Lane.BULK).exists()


def _draw_or_tell(version_id: UUID, number: int) -> None:
    try:
        draw_page(version_id, number)
    except (Refusal, ReadingFault) as problem:
        if isinstance(problem, ReadingFault) and problem.transient:
            raise
        progress.note_page(version_id, number, reason=f"No picture of this page can be shown. {problem}")


def draw(version: Version, reader: Reader, number: int) -> None:
    """The same with a reader at hand."""
    progress.store_pictures(version.pk, put_away(version, number, reader.picture(number)))


def try_to_draw(version: Version, reader: Reader, number: int) -> None:
    """The same for a page whose words come anyway: without a picture it is still a page, and reading it says why."""
    try:
        draw(version, reader, number)
    except (Refusal, ReadingFault) as problem:
        log.warning("Page %s of version %s has no picture yet: %s", number, version.pk, type(problem).__name__)


def put_away(version: Version, number: int, picture: PagePicture) -> list[Picture]:
    """Put a page's picture and thumbnail into the vault; return what is to be written about them."""
    made = ((RenditionKind.PAGE_IMAGE, picture.image), (RenditionKind.THUMBNAIL, picture.thumbnail))
    return [_put(version, number, picture, kind, content) for kind, content in made]


def _put(version: Version, number: int, picture: PagePicture, kind: RenditionKind, content: bytes) -> Picture:
    digest = sha256_hex([content])
    key = f"renditions/{version.document_id}/{version.pk}/{kind}-{number}-{digest}"
    vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type="image/webp")
    is_page = kind is RenditionKind.PAGE_IMAGE
    return Picture(
        kind=kind,
        page=number,
        key=key,
        sha256=digest,
        size=len(content),
        media_type="image/webp",
        width=picture.width if is_page else 0,
        height=picture.height if is_page else 0,
        tool=f"{MADE_BY}, {MADE_AS[kind]}",
    )
