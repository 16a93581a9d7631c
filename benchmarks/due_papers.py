"""A paper for each of many cases that are due: rows, an object and two pictures in the vault, and an entry in the index.

Rows are made inside the database and objects put as they come, past the actions: filing them would be another measurement.
"""

import hashlib
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from docstore.cases.models import CaseType, Reference
from docstore.core import clock
from docstore.documents.models import (
    Document,
    Filing,
    Method,
    Page,
    PageState,
    Rendition,
    RenditionKind,
    Stage,
    Version,
)
from docstore.search.engine import configured
from docstore.search.entries import everything
from docstore.search.models import IndexState

AT_ONCE = 1_000
PUTTERS = 4
PAGES = 2


def write_papers(cases: Sequence[uuid.UUID]) -> None:
    """Give each case a reference and a paper of two pages with their pictures, stored and searchable."""
    section = CaseType.objects.get(code="crime-crown").sections.order_by("pk").values_list("pk", flat=True)[0]
    for at in range(0, len(cases), AT_ONCE):
        some = cases[at : at + AT_ONCE]
        Reference.objects.bulk_create(
            Reference(case_id=one, kind="legacy", source="bench", value=f"B/{one}") for one in some
        )
        versions = _papers(some, section)
        pictures = [picture for one in versions for picture in _pictures(one)]
        Rendition.objects.bulk_create(pictures)
        Page.objects.bulk_create(_page(one, number) for one in versions for number in range(1, PAGES + 1))
        with ThreadPoolExecutor(PUTTERS) as pool:
            list(pool.map(_put, [*(one.key for one in versions), *(one.key for one in pictures)]))
    _index()


def _papers(cases: Sequence[uuid.UUID], section: int) -> list[Version]:
    now = clock.now()
    papers = [Document(title="Bench", classification=1, rank=1, filed_at=now, side="court") for _ in cases]
    Document.objects.bulk_create(papers)
    Filing.objects.bulk_create(
        Filing(document=paper, case_id=case, section_id=section, filed_at=now)
        for paper, case in zip(papers, cases, strict=True)
    )
    versions = [_version(paper, case) for paper, case in zip(papers, cases, strict=True)]
    return Version.objects.bulk_create(versions)


def _version(paper: Document, case: uuid.UUID) -> Version:
    content = str(paper.pk).encode()
    digest = hashlib.sha256(content).hexdigest()
    return Version(
        document=paper, number=1, sha256=digest, bytes=len(content), media_type="text/plain", original_name="a.txt",
        key=f"cases/{case}/{paper.pk}/1-{digest}", filed_at=paper.filed_at, stage=Stage.SEARCHABLE,
        pages_total=PAGES, pages_readable=PAGES, pages_searchable=PAGES,
    )  # fmt: skip


def _pictures(version: Version) -> list[Rendition]:
    return [
        Rendition(
            version=version, kind=RenditionKind.PAGE_IMAGE, page=page, key=f"renditions/{version.document_id}/1-{page}.webp",
            sha256=version.sha256, bytes=1, media_type="image/webp", tool="bench", created_at=version.filed_at,
        )
        for page in range(1, PAGES + 1)
    ]  # fmt: skip


def _page(version: Version, number: int) -> Page:
    words = f"bench {version.pk} page {number} of a paper that is due"
    return Page(version=version, number=number, state=PageState.DONE, text=words, method=Method.NATIVE, language="eng")


def _put(key: str) -> None:
    storages["vault"].save(key, ContentFile(key.encode()))


def _index() -> None:
    """Enter everything by a rebuild, and say of each paper that it is in."""
    now = clock.now()
    with configured().rebuilding() as build:
        for document, entries in everything(after=None):
            build.add((document.index_seq, one) for one in entries)
    IndexState.objects.bulk_create(
        IndexState(document_id=one, applied=1, pages=PAGES, applied_at=now)
        for one in Document.objects.values_list("pk", flat=True)
    )
