"""The wrong-case guard for papers that could not be looked at before they were filed: held as soon as they are read (DOM-1.13)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.queries import entries
from docstore.cases import actions as cases
from docstore.cases.models import Case, Reference, ReferenceKind
from docstore.cases.scope import Scope
from docstore.core import jobs
from docstore.core.errors import NotFound
from docstore.core.jobs import Job, JobName
from docstore.documents import actions, doubting
from docstore.documents.models import Document, PageState, Stage
from docstore.documents.progress import begin_pages, mark_clean, mark_unreadable, store_page
from docstore.documents.received import PageText
from docstore.documents.visibility import visible_to
from docstore.intake.actions import take_document, take_version
from tests.courts import TwoCourts, incoming
from workers import pipeline

OWN, SWAPPED = "45MC1234542", "45MC1234524"
FOREIGN = f"Letter about {SWAPPED}, sentence on 2 December"
NOBODY_LISTENS = {"BACKEND": "docstore.reading.scanner.Clamd", "OPTIONS": {"address": "127.0.0.1:9"}}


@pytest.fixture
def other(courts: TwoCourts) -> Case:
    """Another case whose URN differs from ours in its last two figures; a prosecutor reads ours."""
    made = courts.open_case()
    Reference.objects.create(case=courts.case, kind=ReferenceKind.URN, value=OWN)
    Reference.objects.create(case=made, kind=ReferenceKind.URN, value=SWAPPED)
    person = courts.people["prosecutor"]
    cases.add_member(by=courts.actor("clerk"), case_id=courts.case.pk, person=person, role="prosecutor")
    return made


def unseen(courts: TwoCourts, *pages: str) -> Document:
    """File a paper of which nobody could look inside, and let its pages be read one after another."""
    file = incoming(" ".join(pages).encode(), "Letter.txt")
    document = take_document(by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", incoming=file)
    version = document.versions.get()
    assert version.stage == Stage.RECEIVED
    mark_clean(version.pk, scanner="later", media_type="text/plain")
    numbers = range(1, len(pages) + 1)
    begin_pages(version.pk, [PageText(at, str(at), 595, 842, state=PageState.PENDING) for at in numbers])
    for at, text in enumerate(pages, start=1):
        store_page(version.pk, PageText(at, str(at), 595, 842, text=text), ())
    return document


def waiting(courts: TwoCourts, who: str = "clerk") -> Document:
    """File a paper of which nobody could look inside, and let its virus check pass; no page of it is read yet."""
    file = incoming(FOREIGN.encode(), "Letter.txt")
    document = take_document(by=courts.actor(who), case_id=courts.case.pk, section="statements", incoming=file)
    mark_clean(document.versions.get().pk, scanner="later", media_type="text/plain")
    return document


def guard() -> None:
    """Do the guard's work that is announced, as a worker does."""
    for job in Job.objects.waiting().filter(name=JobName.INTAKE_GUARD):
        leased = jobs.lease(owner="test", only=job)
        assert leased is not None
        pipeline.carry_out(leased)


def sees(courts: TwoCourts, who: str, document: Document) -> bool:
    return visible_to(Scope.of(courts.actor(who))).filter(pk=document.pk).exists()


def too_large(settings: Any) -> None:
    limits = {**settings.DOCSTORE["LIMITS"], "CHECK_AT_ONCE_BYTES": 10}
    settings.DOCSTORE = {**settings.DOCSTORE, "LIMITS": limits}


def no_verdict_yet(settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "SCANNER": NOBODY_LISTENS}


@pytest.mark.requirement("DOM-1.13")
@pytest.mark.parametrize("unchecked", [too_large, no_verdict_yet])
def test_what_could_not_be_looked_at_is_held_once_it_is_read_until_a_person_confirms(
    courts: TwoCourts, other: Case, settings: Any, client: Client, unchecked: Callable[[Any], None]
) -> None:
    unchecked(settings)
    document = unseen(courts, "A cover sheet.", FOREIGN, "A third page.")
    guard()

    clerk = courts.actor("clerk")
    (held,) = doubting.in_doubt(Scope.of(clerk))
    doubt = doubting.doubt_of(held)
    assert doubt is not None
    assert (held.document, doubt.number, doubt.page, doubt.other) == (document, SWAPPED, 2, str(other.pk))
    assert sees(courts, "clerk", document)
    assert not sees(courts, "prosecutor", document)
    client.force_login(courts.people["clerk"])
    shown = client.get(f"/documents/{document.pk}/").content.decode()
    assert "Does it belong on this case?" in shown
    assert "Court staff, until its case is certain" in shown
    assert SWAPPED in client.get("/").content.decode()

    document.refresh_from_db()
    doubting.confirm_place(by=clerk, document_id=document.pk, seen=document.etag, reason="I read it: a joint letter")

    assert sees(courts, "prosecutor", document)
    assert not doubting.in_doubt(Scope.of(clerk)).exists()
    row = AuditEvent.objects.get(type=Event.DOCUMENT_PLACE_CONFIRMED, document=str(document.pk))
    assert row.actor == str(courts.people["clerk"].pk)
    assert entries([row])[0].facts == {"number": SWAPPED, "page": 2, "reason": "I read it: a joint letter"}


def test_one_that_is_moved_where_it_belongs_is_no_longer_asked_about(
    courts: TwoCourts, other: Case, settings: Any
) -> None:
    too_large(settings)
    document = unseen(courts, FOREIGN)
    guard()
    document.refresh_from_db()
    seen, clerk = document.etag, courts.actor("clerk")

    actions.move(
        by=clerk, document_id=document.pk, seen=seen, case_id=other.pk, section="statements", reason="Misfiled"
    )

    assert not doubting.in_doubt(Scope.of(clerk)).exists()
    document.refresh_from_db()
    with pytest.raises(doubting.NothingInDoubt):
        doubting.confirm_place(by=clerk, document_id=document.pk, seen=document.etag, reason="Too late")


def test_repeating_the_guard_asks_once(courts: TwoCourts, other: Case, settings: Any) -> None:
    too_large(settings)
    document = unseen(courts, FOREIGN, "Second.")
    guard()
    guard()

    assert AuditEvent.objects.filter(type=Event.DOCUMENT_DOUBTED, document=str(document.pk)).count() == 1


def test_one_at_home_is_shared_and_who_may_not_settle_doubts_is_asked_nothing(
    courts: TwoCourts, other: Case, settings: Any
) -> None:
    too_large(settings)
    home, astray = unseen(courts, f"Our reference {OWN}. See also {SWAPPED}."), unseen(courts, FOREIGN)
    guard()

    assert sees(courts, "prosecutor", home)
    assert not doubting.in_doubt(Scope.of(courts.actor("prosecutor"))).exists()
    astray.refresh_from_db()
    with pytest.raises(NotFound):
        doubting.confirm_place(
            by=courts.actor("prosecutor"), document_id=astray.pk, seen=astray.etag, reason="It is ours"
        )


@pytest.mark.requirement("DOM-1.13")
def test_until_the_guard_has_looked_the_other_side_reads_nothing_of_it_and_whoever_filed_it_does(
    courts: TwoCourts, other: Case, settings: Any
) -> None:
    too_large(settings)
    for name, party in (("defence", courts.ann), ("defence2", courts.bob)):
        cases.add_member(
            by=courts.actor("clerk"),
            case_id=courts.case.pk,
            person=courts.people[name],
            role="defence",
            side="defence",
            party=party,
        )
    ours, theirs = waiting(courts), waiting(courts, "prosecutor")

    readers = [who for who in ("clerk", "judge", "prosecutor", "defence") if sees(courts, who, ours)]
    assert readers == ["clerk", "judge"]
    assert [sees(courts, who, theirs) for who in ("clerk", "prosecutor", "defence")] == [True, True, False]
    assert not doubting.in_doubt(Scope.of(courts.actor("clerk"))).exists()  # nobody is asked before there is a reason


def test_a_new_version_that_nobody_could_look_into_narrows_every_place_until_it_is_found_at_home(
    courts: TwoCourts, other: Case, settings: Any
) -> None:
    document = courts.file("First.")
    clerk = courts.actor("clerk")
    cases.add_member(
        by=clerk, case_id=other.pk, person=courts.people["defence"], role="defence", side="defence", party=None
    )
    actions.show_on(by=clerk, document_id=document.pk, seen=document.etag, case_id=other.pk, section="statements")
    assert (sees(courts, "prosecutor", document), sees(courts, "defence", document)) == (True, True)
    too_large(settings)
    document.refresh_from_db()
    file = incoming(f"Our reference {OWN}, corrected.".encode(), "Second.txt")
    take_version(by=clerk, document_id=document.pk, seen=document.etag, incoming=file, reason="Corrected")
    assert (sees(courts, "prosecutor", document), sees(courts, "defence", document)) == (False, False)

    document.refresh_from_db()
    seen = document.etag
    version = document.versions.get(number=2)
    mark_clean(version.pk, scanner="later", media_type="text/plain")
    begin_pages(version.pk, [PageText(1, "1", 595, 842, state=PageState.PENDING)])
    store_page(version.pk, PageText(1, "1", 595, 842, text=f"Our reference {OWN}, corrected."), ())
    guard()

    assert (sees(courts, "prosecutor", document), sees(courts, "defence", document)) == (True, True)
    document.refresh_from_db()
    assert document.etag == seen  # nobody's edit is told of a conflict by it


def test_what_cannot_be_opened_is_shared_as_it_was_filed(courts: TwoCourts, other: Case, settings: Any) -> None:
    too_large(settings)
    document = waiting(courts)
    mark_unreadable(document.versions.get().pk, reason="It cannot be opened.")
    guard()

    assert sees(courts, "prosecutor", document)
