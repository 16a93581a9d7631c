"""Everything that a paper can be found by, on one paper at once: each clause holds, and none of them is idle."""

from datetime import timedelta

import pytest

from docstore.cases import actions as cases
from docstore.core import clock, jobs
from docstore.core.jobs import JobName, Lane
from docstore.documents import actions as documents
from docstore.documents.models import Document, PageState, Stage
from docstore.documents.progress import begin_pages, store_page
from docstore.documents.received import PageText
from docstore.search import actions
from docstore.search.engine import Engine
from docstore.search.queries import search
from tests.courts import TwoCourts, stored
from tests.search.conftest import stand_behind
from workers import pipeline


@pytest.fixture(autouse=True)
def _behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_behind(monkeypatch, engine)


def revised_exhibit(courts: TwoCourts) -> Document:
    """A second version of a defendant's exhibit in a case that is heard in three days."""
    clerk, soon = courts.actor("clerk"), clock.now() + timedelta(days=3)
    cases.list_hearing(by=courts.actor("listing"), case_id=courts.case.pk, room="1", starts_at=soon, kind="Trial")
    paper = documents.file_document(
        by=clerk,
        case_id=courts.case.pk,
        section="exhibits",
        title="Plan of the yard",
        received=stored(courts.case, b"one"),
        type="plan",
        dated_on=clock.today() - timedelta(days=40),
        parties=[courts.ann.pk],
    )
    second = stored(courts.case, b"two", number=2)
    paper = documents.supersede(by=clerk, document_id=paper.pk, seen=paper.etag, received=second, reason="clearer")
    version = paper.versions.get(number=2)
    texts = {1: "Legend.", 2: "The gate of the Hawthorn yard stands on the left."}
    begin_pages(version.pk, [PageText(at, str(at), 595, 842, text=text) for at, text in texts.items()])
    store_page(version.pk, PageText(2, "2", 595, 842, text=texts[2]), ())
    actions.index(paper.pk)
    jobs.Job.objects.all().delete()
    return paper


@pytest.mark.requirement("DOM-4.3")
def test_a_paper_is_found_by_everything_that_is_known_of_it_at_once_and_by_nothing_else(courts: TwoCourts) -> None:
    paper, today = revised_exhibit(courts), clock.today()
    dated, heard = today - timedelta(days=40), (clock.now() + timedelta(days=3)).date()
    reference = courts.case.references.get().value
    clauses = {
        "gate": "hedge",
        '"hawthorn yard"': '"yard hawthorn"',
        f"case:{reference}": f"-case:{reference}",
        'party:"Ann Ash"': 'party:"Bob Birch"',
        "section:exhibits": "section:statements",
        "type:plan": "type:letter",
        f"dated:{dated}": f"dated:{dated + timedelta(days=1)}",
        f"filed:>={today}": f"filed:<{today}",
        "court:Northgate": "court:Southford",
        f"hearing:{heard}": f"hearing:{heard + timedelta(days=1)}",
        "filedby:clerk": "filedby:usher",
        "is:revised": "-is:revised",
    }

    (hit,) = search(by=courts.actor("judge"), query=" ".join(clauses)).hits
    assert (hit.document, hit.page) == (paper.pk, 2)
    assert {"gate", "Hawthorn", "yard"} <= set(" ".join(one.text for one in hit.snippet if one.hit).split())
    for right, wrong in clauses.items():
        query = " ".join([*(one for one in clauses if one != right), wrong])
        assert search(by=courts.actor("judge"), query=query).pages == 0, wrong


@pytest.mark.requirement("DOM-4.9")
@pytest.mark.parametrize(
    ("asked", "written"),
    [("Katherine Davis", "Catrin Davies"), ("Stephen O'Connor", "Steven O Connor"), ("Mohammed", "Muhammad")],
)
def test_a_name_is_found_however_it_is_spelt_and_after_the_spelling_that_was_asked_for(
    courts: TwoCourts, asked: str, written: str
) -> None:
    near, exact = courts.file(f"Statement of {written}."), courts.file(f"Statement of {asked}.")
    courts.file("Statement of Gwendolen Price.")
    for one in Document.objects.all():
        actions.index(one.pk)
    jobs.Job.objects.all().delete()

    found = search(by=courts.actor("judge"), query=asked)

    assert [hit.document for hit in found.hits] == [exact.pk, near.pk]


@pytest.mark.requirement("DOM-4.6")
def test_what_has_been_read_is_indexed_before_anything_else_is_read(courts: TwoCourts) -> None:
    paper = courts.file("One page.")
    version = paper.versions.get()
    begin_pages(version.pk, [PageText(1, "1", 595, 842, state=PageState.PENDING)])
    jobs.Job.objects.all().delete()
    jobs.enqueue_pages(JobName.READING_PAGE, subject="version:other", pages=range(1, 201), lane=Lane.NORMAL)
    jobs.enqueue_pages(JobName.READING_PICTURE, subject="version:other", pages=range(1, 201), lane=Lane.BULK)
    begun = clock.monotonic()
    store_page(version.pk, PageText(1, "1", 595, 842, text="At 14 Hawthorn Lane."), ())

    job = jobs.lease(owner="test")
    assert job is not None
    assert (job.name, job.subject_id) == (JobName.SEARCH_INDEX, paper.pk)
    pipeline.carry_out(job)

    assert [hit.document for hit in search(by=courts.actor("judge"), query="hawthorn").hits] == [paper.pk]
    version.refresh_from_db()
    assert version.stage == Stage.SEARCHABLE
    assert clock.monotonic() - begun < 60
