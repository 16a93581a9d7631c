"""A document's versions, and its words page by page, as programs read them."""

import pytest
from django.test import Client

from docstore.audit.models import AuditEvent
from docstore.documents.models import Document
from docstore.documents.progress import begin_pages
from docstore.documents.received import PageText
from docstore.intake.actions import take_document
from tests.courts import TwoCourts, incoming

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(courts: TwoCourts) -> Document:
    made = take_document(
        by=courts.actor("clerk"), case_id=courts.case.pk, section="management", incoming=incoming(b"x", "letter.txt")
    )
    begin_pages(made.versions.get().pk, [PageText(at, str(at), 10, 10, text=f"Page {at}") for at in (1, 2, 3)])
    return made


def client(courts: TwoCourts, who: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {courts.key(who)}"})


def test_words_are_told_page_by_page_and_each_is_a_reading(courts: TwoCourts, paper: Document) -> None:
    clerk = client(courts, "clerk")
    first = clerk.get(f"/api/v1/documents/{paper.pk}/text?limit=2").json()
    rest = clerk.get(f"/api/v1/documents/{paper.pk}/text?limit=2&cursor={first['next']}").json()
    told = [*first["results"], *rest["results"]]
    assert [one["number"] for one in told] == [1, 2, 3]
    assert all(set(one) == {"number", "label", "text", "method", "language", "confidence"} for one in told)
    assert rest["next"] is None
    assert AuditEvent.objects.filter(type="page.viewed", document=str(paper.pk)).count() == 3


def test_versions_are_told_as_in_the_document(courts: TwoCourts, paper: Document) -> None:
    clerk = client(courts, "clerk")
    told = clerk.get(f"/api/v1/documents/{paper.pk}/versions").json()
    assert told["results"] == clerk.get(f"/api/v1/documents/{paper.pk}").json()["versions"]


@pytest.mark.parametrize("what", ["text", "versions"])
def test_to_others_there_is_nothing(courts: TwoCourts, paper: Document, what: str) -> None:
    assert client(courts, "clerk2").get(f"/api/v1/documents/{paper.pk}/{what}").status_code == 404
