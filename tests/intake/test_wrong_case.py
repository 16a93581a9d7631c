"""The wrong-case guard: what speaks against a case, what does not, and that the answer is kept (DOM-1.13)."""

import pytest

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.queries import entries
from docstore.cases import actions as cases
from docstore.cases.models import Case, Reference, ReferenceKind, Side
from docstore.documents.models import Document
from docstore.intake import drafts, wrong_case
from docstore.intake.actions import take_document
from docstore.intake.draft_models import Draft
from docstore.intake.drafts import Told
from docstore.intake.wrong_case import WrongCase, compare
from tests.courts import TwoCourts, incoming

URN, SWAPPED = "45MC1234542", "45MC1234524"


@pytest.fixture
def pair(courts: TwoCourts) -> tuple[Case, Case]:
    """A case with a URN and two defendants, and another whose URN differs in its last two figures."""
    other = courts.open_case()
    Reference.objects.create(case=courts.case, kind=ReferenceKind.URN, value=URN)
    Reference.objects.create(case=other, kind=ReferenceKind.URN, value=SWAPPED)
    cases.add_party(
        by=courts.actor("clerk"), case_id=other.pk, name="Hester Sefton-Wray", role="Defendant", side=Side.DEFENCE
    )
    return courts.case, other


@pytest.mark.parametrize(
    "text",
    [
        f"Our reference {URN}. Dear Sir, we write about the hearing.",
        f"R v Ash. URN 45 MC 1234542. See also {SWAPPED}.",
        "A statement that bears no number and names nobody.",
        "Ann Ash was seen near the door. Hester Sefton-Wray was with her.",
        "",
    ],
)
def test_a_paper_that_bears_the_case_or_nothing_at_all_raises_no_doubt(pair: tuple[Case, Case], text: str) -> None:
    assert compare(pair[0], [text]) is None


@pytest.mark.parametrize(
    ("pages", "number", "page"),
    [
        ([f"Letter of 14 November. Case {SWAPPED}."], SWAPPED, 1),
        (["A cover sheet.", "URN 45MC 1234524, sentence"], SWAPPED, 2),
        (["URN 87GD9945217, of a force that we do not know"], "87GD9945217", 1),
        (["We act for Hester Sefton-Wray in this matter."], "Hester Sefton-Wray", 1),
        (["STATEMENT OF HESTER SEFTON-WRAY"], "Hester Sefton-Wray", 1),
    ],
)
def test_numbers_and_names_of_another_case_are_doubted(
    pair: tuple[Case, Case], pages: list[str], number: str, page: int
) -> None:
    found = compare(pair[0], pages)

    assert found is not None
    assert (found.number, found.page) == (number, page)
    assert found.other in (pair[1].pk, None)


def test_a_party_of_many_cases_tells_nothing(pair: tuple[Case, Case], courts: TwoCourts) -> None:
    for _ in range(3):
        case = courts.open_case()
        cases.add_party(
            by=courts.actor("clerk"), case_id=case.pk, name="Borough Tramways", role="Prosecutor", side=Side.PROSECUTION
        )

    assert compare(pair[0], ["Notice by Borough Tramways"]) is None


def take(courts: TwoCourts, who: str, text: str, *confirmed: str) -> Document:
    return take_document(
        by=courts.actor(who),
        case_id=courts.case.pk,
        section="statements",
        incoming=incoming(text.encode(), "Letter.txt"),
        confirmed=confirmed,
    )


@pytest.mark.requirement("DOM-1.13")
def test_before_filing_a_mismatch_needs_an_explicit_answer_and_who_gave_it_is_recorded(
    pair: tuple[Case, Case], courts: TwoCourts
) -> None:
    letter = f"Letter about {SWAPPED}, sentence on 2 December"
    with pytest.raises(WrongCase, match=SWAPPED):
        take(courts, "clerk", letter)
    assert not Document.objects.exists()

    document = take(courts, "clerk", letter, wrong_case.CODE)

    assert document.versions.get().confirmed == wrong_case.CODE
    row = AuditEvent.objects.get(type=Event.DOCUMENT_FILED, document=str(document.pk))
    assert row.actor == str(courts.people["clerk"].pk)
    assert entries([row])[0].facts["confirmed"] == [wrong_case.CODE]


def test_an_outsider_cannot_settle_the_doubt(pair: tuple[Case, Case], courts: TwoCourts) -> None:
    cases.add_member(
        by=courts.actor("clerk"), case_id=courts.case.pk, person=courts.people["prosecutor"], role="prosecutor"
    )
    with pytest.raises(WrongCase):
        take(courts, "prosecutor", f"Letter about {SWAPPED}", wrong_case.CODE)


def draft_of(courts: TwoCourts, text: str, who: str = "clerk") -> Draft:
    return drafts.receive_draft(
        by=courts.actor(who), case_id=courts.case.pk, incoming=incoming(text.encode(), "Letter_14_Nov.txt")
    )


def describe(courts: TwoCourts, draft: Draft, **said: object) -> None:
    told = {
        "title": "A letter",
        "section": "statements",
        "type": "",
        "dated": "",
        "received": "",
        "party": None,
        "classification": courts.case.classification,
    }
    drafts.describe_draft(
        by=courts.actor("clerk"),
        case_id=courts.case.pk,
        draft_id=draft.pk,
        told=Told(**(told | said)),  # type: ignore[arg-type]
    )


def test_a_draft_waits_for_its_answer_and_keeps_it(pair: tuple[Case, Case], courts: TwoCourts) -> None:
    draft = draft_of(courts, f"Letter about {SWAPPED}")
    clerk, case_id = courts.actor("clerk"), courts.case.pk
    describe(courts, draft)
    with pytest.raises(drafts.NotSettled):
        drafts.file_draft(by=clerk, case_id=case_id, draft_id=draft.pk, dated_on=None)

    describe(courts, draft, confirmed=[wrong_case.CODE])
    document = drafts.file_draft(by=clerk, case_id=case_id, draft_id=draft.pk, dated_on=None)

    assert document.versions.get().confirmed == wrong_case.CODE
    assert not Draft.objects.exists()


def test_a_draft_can_be_filed_where_it_belongs(pair: tuple[Case, Case], courts: TwoCourts) -> None:
    draft = draft_of(courts, f"Letter about {SWAPPED}")
    describe(courts, draft)

    document = drafts.file_draft(
        by=courts.actor("clerk"), case_id=courts.case.pk, draft_id=draft.pk, dated_on=None, to=pair[1].pk
    )

    assert document.filings.get().case_id == pair[1].pk
    assert document.versions.get().confirmed == ""


def test_what_the_text_suggests_is_marked_and_the_rest_is_carried_from_the_file_above(courts: TwoCourts) -> None:
    first = draft_of(courts, "WITNESS STATEMENT\nStatement of Thaddeus Okafor. Dated 14 June 2025.\nI saw Ann Ash.")
    assert (first.section, first.type, first.dated) == ("statements", "statement", "14 6 2025")
    assert first.title == "Statement of Thaddeus Okafor"
    assert first.party == courts.ann.pk
    assert set(first.origin_of.values()) == {drafts.SUGGESTED}

    second = draft_of(courts, "Nothing that anybody could tell.")
    assert (second.section, second.dated, second.title) == ("statements", "14 6 2025", "Letter 14 Nov")
    assert second.origin_of == {
        "section": drafts.FROM_ABOVE,
        "dated": drafts.FROM_ABOVE,
        "classification": drafts.FROM_ABOVE,
    }


def test_a_draft_is_nobody_elses(courts: TwoCourts) -> None:
    draft = draft_of(courts, "A letter")

    assert drafts.drafts_on(courts.actor("adviser"), courts.case) == []
    with pytest.raises(drafts.NotFound):
        drafts.discard_draft(by=courts.actor("adviser"), case_id=courts.case.pk, draft_id=draft.pk)
    drafts.discard_draft(by=courts.actor("clerk"), case_id=courts.case.pk, draft_id=draft.pk)
    assert not Draft.objects.exists()
