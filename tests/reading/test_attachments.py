"""What comes inside a message becomes a document of its own beside it, checked like anything that comes through the door."""

from email.message import EmailMessage

import pytest

from docstore.cases import actions as cases
from docstore.cases.scope import Scope
from docstore.core.jobs import Job
from docstore.documents import actions as documents
from docstore.documents.attachments import attachments_of, message_of
from docstore.documents.models import Document, Stage
from docstore.intake.actions import take_document
from docstore.reading import attachments, readers
from docstore.reading.kinds import Kind
from docstore.search.queries import search
from tests.api.client import Api, drain
from tests.courts import TwoCourts, build_courts, incoming
from tests.reading import papers
from tests.reading.conftest import Borrow


@pytest.fixture
def courts(transactional_db: None) -> TwoCourts:
    yield build_courts()
    readers.close_all()


def letter(
    subject: str, *files: tuple[str, bytes, str], text: str = "Please find the papers attached."
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "counsel@chambers.example", "clerk@court.example", subject
    message.set_content(text)
    for name, content, kind in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def take(courts: TwoCourts, message: EmailMessage) -> Document:
    file = incoming(message.as_bytes(), "message.eml")
    made = take_document(by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", incoming=file)
    drain()
    made.refresh_from_db()
    return made


def carried(courts: TwoCourts, message: Document, who: str = "judge") -> list[Document]:
    return [one.document for one in attachments_of(Scope.of(courts.actor(who)), message.pk)]


@pytest.mark.django_db(transaction=True)
def test_attached_papers_are_documents_beside_the_message(courts: TwoCourts) -> None:
    order, note = papers.text_pdf(papers.BODY), b"A note about the key of Hawthorn Lane."
    message = take(courts, letter("Papers", ("order.pdf", order, "application/pdf"), ("note.txt", note, "text/plain")))

    found = carried(courts, message)

    assert [one.title for one in found] == ["order.pdf", "note.txt"]
    assert [one.versions.get().stage for one in found] == [Stage.SEARCHABLE, Stage.SEARCHABLE]
    assert found[0].filings.get().section == message.filings.get().section
    hits = search(by=courts.actor("judge"), query='"hawthorn lane"').hits
    assert [hit.document for hit in hits] == [found[1].pk]
    assert message_of(Scope.of(courts.actor("judge")), found[0].pk) == message
    assert "Attached: order.pdf" in message.versions.get().pages.get().text
    answer = Api(courts, "judge").get(f"documents/{message.pk}/attachments").json()
    assert [one["title"] for one in answer["results"]] == ["order.pdf", "note.txt"]
    assert Api(courts, "judge").get(f"documents/{found[0].pk}/attachments").json()["message"] == str(message.pk)


@pytest.mark.django_db(transaction=True)
def test_what_may_not_be_taken_is_named_on_the_message_and_stays_in_it(courts: TwoCourts) -> None:
    message = take(courts, letter("Look", ("setup.exe", b"MZ\x90\0" + bytes(200), "application/octet-stream")))

    assert carried(courts, message) == []
    version = message.versions.get()
    assert version.stage == Stage.SEARCHABLE
    assert version.note.startswith("setup.exe stays inside the message. ")
    told = Api(courts, "clerk").get(f"documents/{message.pk}").json()
    assert "setup.exe" in told["reason"]


@pytest.mark.django_db(transaction=True)
def test_unpacking_twice_files_once(courts: TwoCourts) -> None:
    message = take(courts, letter("Papers", ("note.txt", b"Only once.", "text/plain")))

    attachments.unpack(message.versions.get().pk)
    drain()

    assert len(carried(courts, message)) == 1
    assert Document.objects.count() == 2
    assert not Job.objects.parked().exists()


@pytest.mark.django_db(transaction=True)
def test_a_forwarded_message_is_opened_too_but_not_without_end(courts: TwoCourts) -> None:
    inner = letter("Innermost", ("note.txt", b"The innermost note.", "text/plain"))
    for depth in range(5):
        outer = letter(f"Forwarded {depth}")
        outer.add_attachment(inner)
        inner = outer
    take(courts, inner)

    assert Document.objects.count() == 4
    deepest = Document.objects.order_by("filed_at").last()
    assert deepest is not None
    assert "more messages than are opened" in deepest.versions.get().note


@pytest.mark.django_db(transaction=True)
def test_who_cannot_see_the_message_is_told_nothing_and_a_sealed_one_seals_what_it_carries(courts: TwoCourts) -> None:
    clerk = courts.actor("clerk")
    cases.add_member(by=clerk, case_id=courts.case.pk, person=courts.people["defence"], role="defence", side="defence")
    file = incoming(letter("Papers", ("note.txt", b"In confidence.", "text/plain")).as_bytes(), "message.eml")
    message = take_document(by=clerk, case_id=courts.case.pk, section="statements", incoming=file)
    documents.seal(by=clerk, document_id=message.pk, seen=message.etag, reason="order")
    drain()

    inside = carried(courts, message)

    assert [one.sealed for one in inside] == [True]
    assert search(by=courts.actor("defence"), query="confidence").hits == ()
    assert Api(courts, "defence").get(f"documents/{message.pk}/attachments").status_code == 404
    assert Api(courts, "defence").get(f"documents/{inside[0].pk}").status_code == 404


def test_only_messages_carry_anything(borrow: Borrow) -> None:
    with borrow(papers.text_pdf(papers.BODY), key="before") as reader:
        assert list(reader.attachments()) == []
    with borrow(letter("Papers", ("a.txt", b"words", "text/plain")).as_bytes(), Kind.EML) as reader:
        found = list(reader.attachments())
        assert [(one.number, one.name, one.content) for one in found] == [(1, "a.txt", b"words")]
