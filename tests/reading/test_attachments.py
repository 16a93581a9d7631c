"""What comes inside a message becomes a document of its own beside it, checked like anything that comes through the door."""

from email.message import EmailMessage

import pytest
from django.urls import reverse

from docstore.cases import actions as cases
from docstore.cases.scope import Scope
from docstore.core.jobs import Job
from docstore.documents import actions as documents
from docstore.documents.attachments import attachments_of, message_of
from docstore.documents.models import Document, Stage
from docstore.intake.actions import take_document
from docstore.reading import attachments
from docstore.reading.kinds import Kind
from docstore.search.queries import search
from tests.api.client import Api, drain
from tests.courts import TwoCourts, incoming
from tests.reading import papers
from tests.reading.conftest import Borrow
from tests.web.test_pages import signed_in


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


@pytest.mark.requirement("DOM-3.10")
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


@pytest.mark.django_db(transaction=True)
def test_a_seal_on_a_message_closes_what_it_carried_on_its_case_however_deep(courts: TwoCourts) -> None:
    clerk, judge = courts.actor("clerk"), courts.actor("judge")
    inner = letter("Inner", ("deep.txt", b"Deep inside.", "text/plain"))
    outer = letter("Outer", ("note.txt", b"In confidence.", "text/plain"), ("moved.txt", b"Elsewhere.", "text/plain"))
    outer.add_attachment(inner)
    message = take(courts, outer)
    moved = Document.objects.get(title="moved.txt")
    documents.move(
        by=clerk,
        document_id=moved.pk,
        seen=moved.etag,
        case_id=courts.open_case().pk,
        section="statements",
        reason="misfiled",
    )

    documents.seal(by=judge, document_id=message.pk, seen=message.etag, reason="order")

    sealed = set(Document.objects.filter(sealed=True).values_list("title", flat=True))
    assert sealed == set(Document.objects.exclude(pk=moved.pk).values_list("title", flat=True))
    assert "deep.txt" in sealed
    assert search(by=courts.actor("usher"), query="confidence OR deep").hits == ()
    drain()
    message.refresh_from_db()
    documents.unseal(by=judge, document_id=message.pk, seen=message.etag, reason="lifted")
    assert Document.objects.filter(sealed=True).count() == len(sealed) - 1


@pytest.mark.django_db(transaction=True)
def test_a_message_and_its_papers_lead_to_each_other_on_their_pages(courts: TwoCourts) -> None:
    message = take(courts, letter("Papers", ("note.txt", b"A note.", "text/plain")))
    note = Document.objects.get(title="note.txt")
    at = {one: reverse("document", kwargs={"document_id": one.pk}) for one in (message, note)}
    client = signed_in(courts, "judge")

    assert f'href="{at[note]}"' in client.get(at[message]).content.decode()
    assert f'href="{at[message]}"' in client.get(at[note]).content.decode()


def test_only_messages_carry_anything(borrow: Borrow) -> None:
    with borrow(papers.text_pdf(papers.BODY), key="before") as reader:
        assert list(reader.attachments()) == []
    with borrow(letter("Papers", ("a.txt", b"words", "text/plain")).as_bytes(), Kind.EML) as reader:
        found = list(reader.attachments())
        assert [(one.number, one.name, one.content) for one in found] == [(1, "a.txt", b"words")]
