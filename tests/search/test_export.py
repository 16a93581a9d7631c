"""Results as a file: no formula, no more than the person may read, and on record."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docstore.audit.models import AuditEvent, AuditPayload
from docstore.core.errors import Forbidden
from docstore.core.jobs import Job
from docstore.documents import actions as documents
from docstore.search import actions
from docstore.search.engine import Engine
from docstore.search.export import FORMULA, HEADINGS, safe
from docstore.search.queries import export_results
from tests.courts import TwoCourts
from tests.search.conftest import stand_behind


@pytest.fixture(autouse=True)
def _behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_behind(monkeypatch, engine)


def rows(courts: TwoCourts, who: str, query: str = "hawthorn") -> list[dict[str, str]]:
    text = "".join(export_results(by=courts.actor(who), query=query))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_every_page_is_a_row_best_first(courts: TwoCourts) -> None:
    document = courts.file("At 14 Hawthorn Lane.", "Hawthorn", title='=HYPERLINK("http://a.example";"Order")')
    actions.index(document.pk)

    found = rows(courts, "judge")

    assert {one["page"] for one in found} == {"1", "2"}
    assert set(found[0]) == set(HEADINGS)
    assert found[0]["title"] == '\'=HYPERLINK("http://a.example";"Order")'
    assert found[0]["reference"] == courts.case.references.get().value


@given(st.text(alphabet=st.sampled_from('=+-@|%\t\r\n "ab1'), max_size=12))
def test_no_cell_can_begin_a_formula(cell: str) -> None:
    assert not safe(cell).lstrip(" ").startswith(FORMULA)
    assert safe(cell).removeprefix("'") == cell or safe(cell) == cell


@pytest.mark.requirement("SEC-5", "DOM-4.4")
def test_a_file_tells_no_more_than_the_page(courts: TwoCourts) -> None:
    document = courts.file("At 14 Hawthorn Lane.")
    actions.index(document.pk)
    assert len(rows(courts, "usher")) == 1

    document.refresh_from_db()
    documents.seal(by=courts.actor("clerk"), document_id=document.pk, seen=document.etag, reason="ordered")

    assert rows(courts, "usher") == []
    Job.objects.all().delete()
    assert rows(courts, "usher") == []
    assert rows(courts, "clerk2") == []
    with pytest.raises(Forbidden):
        rows(courts, "support")


def test_taking_results_away_is_on_record_without_the_words(courts: TwoCourts) -> None:
    document = courts.file("At 14 Hawthorn Lane.")
    actions.index(document.pk)

    rows(courts, "judge")

    event = AuditEvent.objects.get(type="search.exported")
    payload = bytes(AuditPayload.objects.get(pk=event.pk).payload).decode()
    assert str(document.pk) in payload
    assert "hawthorn" not in payload.lower()
