"""Reading the trail: by document, case and person, in order, and who saw a document between two moments."""

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from docstore.audit.actions import access_stream, record
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.queries import entries, trail_of_case, trail_of_document, trail_of_person, who_saw
from docstore.core import clock
from tests.audit.writing import CASE, DOCUMENT, STAMP, withdraw

pytestmark = pytest.mark.django_db


def view(document: str = DOCUMENT) -> AuditEvent:
    with transaction.atomic():
        return record(
            Event.DOCUMENT_VIEWED,
            stamp=STAMP,
            stream=access_stream(clock.now(), document),
            refs={"case": CASE, "document": document},
            facts={"version": 1},
        )


@pytest.mark.requirement("DOM-11.8")
def test_who_saw_a_document_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    withdraw()
    seen, _ = view(), view("another")
    since, until = seen.recorded_at - timedelta(minutes=1), seen.recorded_at + timedelta(minutes=1)
    with django_assert_num_queries(1):
        rows = who_saw(DOCUMENT, since=since, until=until)
    assert rows == [seen]
    assert who_saw(DOCUMENT, since=until, until=until + timedelta(days=1)) == []


def test_a_trail_holds_changes_and_readings_newest_first() -> None:
    filed, seen = withdraw(), view()
    assert trail_of_document(DOCUMENT).rows == [seen, filed]
    assert trail_of_case(CASE).rows == [seen, filed]
    assert trail_of_person(STAMP.actor_id).rows == [seen, filed]
    assert trail_of_person("somebody else").rows == []


def test_a_long_trail_comes_in_pages_without_repeats() -> None:
    written = [withdraw().pk for _ in range(7)]
    read: list[int] = []
    cursor = None
    while True:
        some = trail_of_document(DOCUMENT, cursor=cursor, limit=3)
        read += [event.pk for event in some.rows]
        if (cursor := some.next) is None:
            break
    assert read == written[::-1]


def test_an_entry_reads_as_a_line(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [withdraw(), view()]
    with django_assert_num_queries(1):
        first, second = entries(rows)
    assert (first.sentence, first.facts, first.role) == ("Withdrew the document", {"reason": "Scanned twice"}, "clerk")
    assert second.event == "document.viewed"
