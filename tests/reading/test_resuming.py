"""What a process that dies in between leaves behind is taken up again: nothing stays where it stands."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from docstore.core import clock
from docstore.core.jobs import Job, JobName, JobState, Lane
from docstore.documents.models import Document, Stage, Version
from docstore.intake.actions import take_document
from docstore.reading import actions, resuming
from tests.api.client import drain
from tests.courts import TwoCourts, incoming
from tests.reading import papers


def take(courts: TwoCourts, raw: bytes, name: str) -> Version:
    """File a paper as one of many, so that nothing of it is read before it is filed."""
    made = take_document(
        by=courts.actor("clerk"),
        case_id=courts.case.pk,
        section="statements",
        incoming=incoming(raw, name),
        lane=Lane.NORMAL,
    )
    return made.versions.get()


def dies(*_: object, **__: object) -> None:
    """What a process does that is ended from outside: it says nothing and its caller never hears."""
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_died_between_the_verdict_and_the_opening_leaves_no_version_behind(courts: TwoCourts) -> None:
    version = take(courts, papers.text_pdf(papers.BODY), "order.pdf")
    Job.objects.all().delete()
    assert version.stage == Stage.CLEAN

    actions.check(version.pk)
    drain()

    version.refresh_from_db()
    assert version.stage == Stage.SEARCHABLE


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_once_a_message_is_read_leaves_nothing_inside_it(
    courts: TwoCourts, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@chambers.example", "b@court.example", "Papers"
    message.set_content("Please find the note attached.")
    message.add_attachment(b"A note.", maintype="text", subtype="plain", filename="note.txt")
    version = take(courts, message.as_bytes(), "message.eml")
    with monkeypatch.context() as dying:
        dying.setattr(actions, "_hand_out", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.open_version(version.pk)
    version.refresh_from_db()
    assert version.stage == Stage.READABLE

    drain()

    assert set(Document.objects.values_list("title", flat=True)) == {"message", "note.txt"}


@pytest.mark.django_db(transaction=True)
def test_what_nobody_waits_for_is_taken_up_and_what_is_parked_is_left(courts: TwoCourts) -> None:
    first, second, third = (take(courts, papers.text_pdf([f"Paper {n}", *papers.BODY]), f"{n}.pdf") for n in range(3))
    Job.objects.filter(subject=f"version:{first.pk}").delete()
    Job.objects.filter(subject=f"version:{second.pk}").update(state=JobState.PARKED)

    assert resuming.take_up_what_stands_still(now=clock.now()) == 0
    assert resuming.take_up_what_stands_still(now=clock.now() + timedelta(minutes=6)) == 1

    assert Job.objects.filter(subject=f"version:{first.pk}", name=JobName.READING_OPEN).exists()
    drain()
    stages = [Version.objects.get(pk=one.pk).stage for one in (first, second, third)]
    assert stages == [Stage.SEARCHABLE, Stage.CLEAN, Stage.SEARCHABLE]
