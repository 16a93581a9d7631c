"""From filed to searchable through the queue: the first page can be looked at first, and long papers let short ones by."""

import io

import pikepdf
import pytest

from docstore.core import jobs
from docstore.core.jobs import Job, JobName, Lane
from docstore.documents.models import Document, Page, PageState, Rendition, RenditionKind, Stage, Version
from docstore.intake.actions import take_document
from docstore.reading.ahead import MOST_PAGES
from docstore.reading.pictures import picture_of
from docstore.search.queries import search
from tests.api.client import drain
from tests.courts import TwoCourts, incoming
from tests.reading import papers
from workers import pipeline

TOO_MANY = MOST_PAGES + 1

pytestmark = pytest.mark.django_db(transaction=True)


def take(courts: TwoCourts, raw: bytes, name: str) -> Version:
    document = take_document(
        by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", incoming=incoming(raw, name)
    )
    return document.versions.get()


def do_next(name: JobName) -> Job:
    """Do the next job, which must be one of this name."""
    job = jobs.lease(owner="test")
    assert job is not None
    assert job.name == name
    pipeline.carry_out(job)
    return job


def drawn(version: Version) -> set[int]:
    rows = Rendition.objects.filter(version=version, kind=RenditionKind.PAGE_IMAGE)
    return set(rows.values_list("page", flat=True))


def test_the_first_page_of_a_scan_can_be_seen_before_any_page_is_read(courts: TwoCourts) -> None:
    version = take(courts, papers.stamped_scan_pdf(3), "scan.pdf")

    do_next(JobName.READING_OPEN)

    assert drawn(version) == {1}
    assert set(Page.objects.filter(version=version).values_list("state", flat=True)) == {PageState.PENDING}
    first = do_next(JobName.READING_PAGE)
    assert (first.facts["page"], first.lane) == (1, Lane.FIRST)
    drain()
    version.refresh_from_db()
    assert (version.stage, version.pages_readable, version.pages_searchable) == (Stage.SEARCHABLE, 3, 3)
    assert drawn(version) == {1, 2, 3}


def test_a_page_that_waits_for_its_turn_is_drawn_for_whoever_asks_without_being_read(courts: TwoCourts) -> None:
    version = take(courts, papers.stamped_scan_pdf(3), "scan.pdf")
    do_next(JobName.READING_OPEN)

    shown = picture_of(by=courts.actor("judge"), document_id=version.document_id, page=3, kind=RenditionKind.PAGE_IMAGE)

    assert b"".join(shown.pieces)[8:12] == b"WEBP"
    assert Page.objects.get(version=version, number=3).state == PageState.PENDING


def test_typed_pages_are_read_while_the_file_is_opened_and_drawn_behind_everything_else(courts: TwoCourts) -> None:
    version = take(courts, papers.text_pdf(*[papers.BODY] * TOO_MANY), "order.pdf")

    do_next(JobName.READING_OPEN)

    version.refresh_from_db()
    assert (version.stage, version.pages_readable) == (Stage.READABLE, TOO_MANY)
    do_next(JobName.SEARCH_INDEX)
    assert search(by=courts.actor("judge"), query='"represented by counsel"').pages == TOO_MANY
    waiting = Job.objects.waiting().filter(subject=f"version:{version.pk}")
    assert {(one.name, one.lane) for one in waiting} == {(JobName.READING_PICTURE, Lane.BULK)}


def test_a_short_typed_paper_is_read_by_the_child_that_checks_it_and_drawn_in_one_job(courts: TwoCourts) -> None:
    version = take(courts, papers.text_pdf(papers.BODY, ["The second page tells of the weir."]), "letter.pdf")

    assert (version.stage, version.pages_total, version.pages_readable) == (Stage.READABLE, 2, 2)
    first = version.pages.get(number=1)
    assert (first.method, first.label, bool(first.packed_words)) == ("native", "1", True)
    do_next(JobName.SEARCH_INDEX)
    assert [hit.page for hit in search(by=courts.actor("judge"), query="weir").hits] == [2]
    waiting = Job.objects.waiting().filter(subject=f"version:{version.pk}")
    assert [(one.name, one.lane) for one in waiting] == [(JobName.READING_PICTURE, Lane.BULK)]
    drain()
    assert drawn(version) == {1, 2}


def test_pictures_make_way_for_what_somebody_waits_for(courts: TwoCourts) -> None:
    version = take(courts, papers.text_pdf(papers.BODY, papers.BODY, papers.BODY), "letter.pdf")
    pictures = jobs.lease(owner="test", only=Job.objects.get(name=JobName.READING_PICTURE))
    assert pictures is not None

    pipeline.carry_out(pictures)

    assert drawn(version) == {1}
    do_next(JobName.SEARCH_INDEX)
    drain()
    assert drawn(version) == {1, 2, 3}


def test_of_a_paper_with_one_scanned_page_nothing_is_kept_before_a_worker_has_read_it(courts: TwoCourts) -> None:
    typed, scanned = papers.text_pdf(papers.BODY, papers.BODY), papers.picture_pdf(papers.scan(["A scanned letter"]))

    version = take(courts, joined(typed, scanned), "mixed.pdf")

    assert (version.stage, version.pages.count()) == (Stage.CLEAN, 0)
    assert do_next(JobName.READING_OPEN).subject_id == version.pk


def joined(*parts: bytes) -> bytes:
    """Some PDFs as one."""
    with pikepdf.Pdf.new() as made:
        for one in parts:
            with pikepdf.open(io.BytesIO(one)) as part:
                made.pages.extend(part.pages)
        kept = io.BytesIO()
        made.save(kept)
    return kept.getvalue()


def test_a_long_scan_does_not_hold_up_short_ones_of_the_same_case(courts: TwoCourts) -> None:
    long = take(courts, papers.stamped_scan_pdf(40), "long.pdf")
    do_next(JobName.READING_OPEN)
    short = [take(courts, papers.picture_pdf(papers.scan([f"Letter {n}"])), f"letter-{n}.pdf") for n in range(3)]
    two = take(courts, papers.stamped_scan_pdf(2), "two.pdf")
    order = []
    while job := jobs.lease(owner="test"):
        if job.name == JobName.READING_OPEN:
            pipeline.carry_out(job)
            continue
        if job.name == JobName.READING_PAGE:
            order.append(job.subject_id)
        jobs.finish(job)

    last_short = max(place for place, version in enumerate(order) if version != long.pk)
    assert {version.pk for version in [*short, two]} <= set(order)
    assert order[: last_short + 1].count(long.pk) <= 10
    assert order.count(long.pk) == 40


@pytest.mark.requirement("DOM-4.1")
def test_what_the_stamp_said_is_kept_beside_what_was_read(courts: TwoCourts) -> None:
    version = take(courts, papers.stamped_scan_pdf(1), "scan.pdf")
    drain()
    page = Page.objects.get(version=version, number=1)
    layer = version.layers.get()
    assert (page.method, page.engine != "", page.language, page.confidence is not None) == ("ocr", True, "eng", True)
    assert (layer.source, layer.text) == ("native", " ".join(papers.STAMP.split()))
    assert Document.objects.get(pk=version.document_id).current == 1


@pytest.mark.requirement("DOM-3.3")
def test_pictures_and_words_belong_to_their_version_with_tool_and_settings(courts: TwoCourts) -> None:
    version = take(courts, papers.mixed_pdf(1, 1), "mixed.pdf")
    drain()

    made = Rendition.objects.filter(version=version)
    assert {(one.kind, one.page) for one in made} == {
        (kind, page) for kind in ("page-image", "thumbnail") for page in (1, 2)
    }
    assert all("pypdfium2 " in one.tool and "WebP quality" in one.tool for one in made)
    read = Page.objects.get(version=version, number=2)
    assert (read.method, read.language) == ("ocr", "eng")
    assert read.engine
