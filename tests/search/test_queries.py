"""Searching as a person: what is told is what that person may know, as of now."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from docstore.audit.models import AuditEvent, AuditPayload
from docstore.cases import actions as cases
from docstore.cases.models import Case, Classification
from docstore.core.jobs import Job, JobName
from docstore.documents import actions as documents
from docstore.documents.models import Document
from docstore.search import actions
from docstore.search.engine import Engine, Filters
from docstore.search.queries import Results, search
from tests.courts import TwoCourts
from tests.search.conftest import stand_behind

EVERY_FACET = ("case", "court", "section", "type", "party", "year")


@pytest.fixture(autouse=True)
def _behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both engines in turn stand behind the same questions."""
    stand_behind(monkeypatch, engine)


def find(courts: TwoCourts, who: str, query: str = "hawthorn", **changes: object) -> Results:
    return search(by=courts.actor(who), query=query, facets=EVERY_FACET, **changes)  # type: ignore[arg-type]


def index(document: Document) -> None:
    """What the worker does for every announced job about a document, restrictions included."""
    actions.index(document.pk)
    Job.objects.filter(name=JobName.SEARCH_INDEX, subject=f"document:{document.pk}").delete()


def learns_nothing(found: Results) -> bool:
    told = (found.hits, found.pages, found.documents, found.suggestion, found.next)
    return told == ((), 0, 0, None, None) and not any(found.facets.values())


def tag(document: Document) -> str:
    document.refresh_from_db()
    return document.etag


@pytest.mark.requirement("DOM-4.3", "WIN-7")
def test_a_hit_names_its_page_and_shows_its_words(courts: TwoCourts) -> None:
    document = courts.file("Nothing here.", "At 14 Hawthorn\nLane he stood.", title="Statement of T Okafor")
    index(document)

    found = find(courts, "judge", '"hawthorn lane"')

    (hit,) = found.hits
    assert (hit.document, hit.page, hit.title, hit.case) == (document.pk, 2, "Statement of T Okafor", courts.case.pk)
    assert [part.text for part in hit.snippet if part.hit] == ["Hawthorn Lane"]
    assert (found.pages, found.documents) == (1, 1)
    assert [(one.value, one.documents) for one in found.facets["court"]] == [("NGT", 1)]
    assert [(one.value, one.name) for one in found.facets["case"]] == [(str(courts.case.pk), courts.case.title)]


@pytest.mark.requirement("SEC-4", "SEC-6", "DOM-4.4")
@pytest.mark.parametrize(
    "who", ["clerk2", "defence", "defence2", "prosecutor", "support", "probation", "auditor", "stations"]
)
@pytest.mark.parametrize(
    "query", ["hawthorn", "hawthorm", "haw*", "hawthorm~", "", "-nothing", "title:statement", "case:{}"]
)
def test_who_may_not_read_learns_nothing(courts: TwoCourts, who: str, query: str) -> None:
    index(courts.file("At 14 Hawthorn Lane."))
    reference = courts.case.references.get().value

    for filters in (Filters(), Filters(case=str(courts.case.pk)), Filters(reference=reference), Filters(court="NGT")):
        assert learns_nothing(find(courts, who, query.format(reference), filters=filters))


@pytest.mark.requirement("SEC-5", "DOM-4.5", "REL-36")
def test_sealing_hides_before_the_index_knows(courts: TwoCourts) -> None:
    document = courts.file("At 14 Hawthorn Lane.")
    index(document)
    assert find(courts, "usher").pages == 1

    documents.seal(by=courts.actor("clerk"), document_id=document.pk, seen=tag(document), reason="ordered")

    assert learns_nothing(find(courts, "usher"))
    index(document)
    assert learns_nothing(find(courts, "usher"))
    assert find(courts, "judge").pages == 1


@pytest.mark.requirement("SEC-5", "DOM-4.5", "REL-36")
def test_reclassifying_hides_before_the_index_knows(courts: TwoCourts) -> None:
    document = courts.file("At 14 Hawthorn Lane.")
    index(document)
    seen = find(courts, "usher").pages

    documents.reclassify(
        by=courts.actor("clerk"),
        document_id=document.pk,
        seen=tag(document),
        classification=Classification.RESTRICTED,
        reason="child named",
    )

    assert seen == 1
    assert learns_nothing(find(courts, "usher"))
    index(document)
    assert learns_nothing(find(courts, "usher"))


@pytest.mark.requirement("SEC-5", "DOM-4.5", "REL-36")
def test_an_exclusion_counts_from_the_next_search(courts: TwoCourts) -> None:
    index(courts.file("At 14 Hawthorn Lane."))
    assert find(courts, "adviser").pages == 1

    cases.exclude_person(
        by=courts.actor("clerk"), case_id=courts.case.pk, person=courts.people["adviser"], reason="knows a witness"
    )

    assert learns_nothing(find(courts, "adviser"))


@pytest.mark.requirement("SEC-5", "DOM-4.5", "REL-36")
def test_sealing_a_case_hides_all_of_it_before_the_index_knows(courts: TwoCourts) -> None:
    index(courts.file("At 14 Hawthorn Lane."))

    cases.seal_case(by=courts.actor("clerk"), case_id=courts.case.pk, reason="ordered")

    assert learns_nothing(find(courts, "usher"))
    actions.index_case(courts.case.pk)
    Job.objects.filter(name=JobName.SEARCH_INDEX_CASE).delete()
    assert learns_nothing(find(courts, "usher"))


@pytest.mark.requirement("SEC-5", "DOM-4.5")
def test_the_end_of_a_membership_ends_its_hits(courts: TwoCourts) -> None:
    index(courts.file("At 14 Hawthorn Lane."))
    clerk = courts.actor("clerk")
    member = cases.add_member(
        by=clerk, case_id=courts.case.pk, person=courts.people["prosecutor"], role="prosecutor", side="prosecution"
    )
    assert find(courts, "prosecutor").pages == 1

    cases.end_membership(by=clerk, case_id=courts.case.pk, member_id=member.pk, reason="left the case")

    assert learns_nothing(find(courts, "prosecutor"))


def test_withdrawn_is_gone_and_restored_is_back(courts: TwoCourts) -> None:
    document = courts.file("At 14 Hawthorn Lane.")
    index(document)
    clerk = courts.actor("clerk")

    documents.withdraw(by=clerk, document_id=document.pk, seen=tag(document), reason="filed by mistake")
    assert learns_nothing(find(courts, "clerk"))
    index(document)
    assert learns_nothing(find(courts, "clerk"))

    documents.restore(by=clerk, document_id=document.pk, seen=tag(document), reason="it was right")
    index(document)
    assert find(courts, "clerk").pages == 1


def shown_on_two(courts: TwoCourts) -> tuple[Document, Case]:
    """A document at home on one case and shown on another, of which the prosecutor is a member."""
    document, clerk = courts.file("At 14 Hawthorn Lane."), courts.actor("clerk")
    second = courts.open_case()
    documents.show_on(by=clerk, document_id=document.pk, seen=tag(document), case_id=second.pk, section="statements")
    cases.add_member(
        by=clerk, case_id=second.pk, person=courts.people["prosecutor"], role="prosecutor", side="prosecution"
    )
    index(document)
    return document, second


@pytest.mark.requirement("SEC-4", "SEC-6", "DOM-4.4")
def test_a_document_on_two_cases_does_not_tell_of_the_other_one(courts: TwoCourts) -> None:
    _, second = shown_on_two(courts)
    home, reference = str(courts.case.pk), courts.case.references.get().value

    found = find(courts, "prosecutor")

    assert [hit.case for hit in found.hits] == [second.pk]
    assert [one.value for one in found.facets["case"]] == [str(second.pk)]
    assert not {"Ann Ash", "Bob Birch"} & {one.value for one in found.facets["party"]}
    assert learns_nothing(find(courts, "prosecutor", filters=Filters(case=home)))
    assert learns_nothing(find(courts, "prosecutor", filters=Filters(reference=reference)))
    assert learns_nothing(find(courts, "prosecutor", f"hawthorn case:{reference}"))
    assert learns_nothing(find(courts, "prosecutor", f"hawthorn reference:{reference}"))
    assert find(courts, "prosecutor", f"hawthorn -case:{reference}").pages == 1


@pytest.mark.requirement("DOM-4.3")
def test_references_are_matched_without_spaces_and_dashes(courts: TwoCourts) -> None:
    index(courts.file("At 14 Hawthorn Lane."))
    value = courts.case.references.get().value
    written = "-".join((value[:4], value[4:8], value[8:12], value[12:]))

    assert find(courts, "clerk", f"hawthorn case:{written}").pages == 1
    assert find(courts, "clerk", filters=Filters(reference=written)).pages == 1
    assert find(courts, "clerk", "court:northgate section:STATEMENTS").pages == 1


@pytest.mark.requirement("SEC-4", "DOM-4.4")
def test_a_suggestion_comes_from_what_the_person_may_read(courts: TwoCourts) -> None:
    index(courts.file("At 14 Hawthorn Lane."))

    assert find(courts, "judge", "hawthorm").suggestion == "hawthorn"
    assert find(courts, "clerk2", "hawthorm").suggestion is None


def test_what_is_not_understood_is_told(courts: TwoCourts) -> None:
    index(courts.file("At 14 Hawthorn Lane."))

    found = find(courts, "judge", "hawthorn sentby:police")

    assert (found.pages, found.not_understood) == (1, ("sentby:police",))
    assert learns_nothing(find(courts, "judge", "sentby:police"))


def test_pages_of_results_follow_each_other(courts: TwoCourts) -> None:
    index(courts.file(*["Hawthorn Lane"] * 7))
    seen: list[tuple[UUID, int]] = []
    cursor = None

    while True:
        found = find(courts, "judge", limit=3, cursor=cursor)
        seen += [(hit.document, hit.page) for hit in found.hits]
        cursor = found.next
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == found.pages == 7


def test_every_search_is_on_record_without_its_words(courts: TwoCourts) -> None:
    document = courts.file("At 14 Hawthorn Lane.")
    index(document)

    find(courts, "judge")

    event = AuditEvent.objects.filter(type="search.performed").latest("pk")
    told = bytes(AuditPayload.objects.get(pk=event.pk).payload).decode()
    assert f"{document.pk}:1" in told
    assert event.actor == str(courts.people["judge"].pk)
    assert "hawthorn" not in told.lower()


@pytest.mark.parametrize("who", ["judge", "prosecutor"])
def test_a_search_takes_a_fixed_number_of_statements(courts: TwoCourts, who: str) -> None:
    """However much is found, and on however many cases: what is shown of it is fetched together."""
    cases.add_member(
        by=courts.actor("clerk"),
        case_id=courts.case.pk,
        person=courts.people["prosecutor"],
        role="prosecutor",
        side="prosecution",
    )
    index(courts.file("Hawthorn Lane."))
    statements(courts, who)  # the first act of reading of a day opens its chain
    few = statements(courts, who)
    for _ in range(3):
        case = courts.open_case()
        cases.add_member(
            by=courts.actor("clerk"),
            case_id=case.pk,
            person=courts.people["prosecutor"],
            role="prosecutor",
            side="prosecution",
        )
        for _ in range(3):
            index(courts.file(*["Hawthorn Lane."] * 3, case=case))

    assert statements(courts, who) == few <= 16


def statements(courts: TwoCourts, who: str) -> int:
    """How many one search takes, with all that is shown of its hits; signing in and reading the roles are not counted."""
    actor = courts.actor(who)
    with CaptureQueriesContext(connection) as asked:
        found = search(by=actor, query="hawthorn", facets=EVERY_FACET, limit=50)
        assert all(
            hit.snippet and hit.placed.filing.case.court.name and hit.placed.filing.section.name for hit in found.hits
        )
    return len(asked)
