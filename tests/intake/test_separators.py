"""Separator sheets: what they open, what they do not open, and that the pile stays whole."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from docstore.cases import actions as cases
from docstore.core import clock
from docstore.core.errors import Forbidden
from docstore.documents.models import Document
from docstore.documents.vault import fetch
from docstore.intake import exceptions, matching, sheets
from docstore.intake.models import IntakeException, Item, Station
from docstore.intake.scan_models import Part, SeparatorSheet
from docstore.intake.separating import divide
from docstore.intake.sheets import Printed
from docstore.reading.shapes import Doubt, Finding, PageSurvey
from tests.courts import TwoCourts
from tests.intake import scans
from tests.intake.sending import Sender, drain_intake

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


def sheet(courts: TwoCourts, type: str = "statements", **more: Any) -> Printed:
    [made] = sheets.make_sheets(by=courts.actor("clerk"), case_id=more.get("case", courts.case).pk, type=type, count=1)
    return made


def send(sender: Sender, *pages: Any) -> tuple[Any, Item]:
    content = scans.scan(*pages)
    batch = sender.open(content)
    assert sender.put(batch, 1, content, "application/pdf").status_code == 201
    assert sender.post(f"batches/{batch}/close").status_code == 202
    drain_intake()
    return sender.told(batch), Item.objects.get(batch=batch)


def pages_of(document: Document) -> int:
    version = document.versions.get(number=1)
    with fetch(version.key, sha256=version.sha256) as file, pypdfium2.PdfDocument(file.read()) as book:
        return len(book)


def test_a_pile_with_sheets_becomes_papers_on_their_cases_and_stays_whole(courts: TwoCourts, sender: Sender) -> None:
    other = courts.open_case()
    first, second = sheet(courts), sheet(courts, "exhibits", case=other)
    told, item = send(
        sender,
        scans.sheet_page(first),
        scans.printed_page("A statement"),
        scans.printed_page("its second page"),
        scans.sheet_page(second),
        scans.empty_page(),
        scans.printed_page("An exhibit"),
    )

    assert told["state"] == "accepted", IntakeException.objects.values_list("code", "reason")
    made = [Document.objects.get(pk=one) for one in told["items"][0]["documents"]]
    assert [pages_of(one) for one in made] == [2, 1]
    assert [one.filings.get().case for one in made] == [courts.case, other]
    assert [one.filings.get().section.code for one in made] == ["statements", "exhibits"]
    with fetch(item.key, sha256=item.sha256) as whole:
        assert hashlib.sha256(whole.read()).hexdigest() == item.sha256
    assert SeparatorSheet.objects.filter(used_by=item.pk).count() == 2


def test_a_sheet_is_good_once(courts: TwoCourts, sender: Sender) -> None:
    printed = scans.sheet_page(sheet(courts))
    send(sender, printed, scans.printed_page("The first paper"))
    told, _ = send(sender, printed, scans.printed_page("Another paper"))
    assert told["items"][0]["state"] == "needs_attention"
    assert IntakeException.objects.get().code == "sheet-used"


def arrived(sender: Sender) -> Item:
    return Item.objects.select_related("batch__court").get(batch=sender.open(b"a paper"))


def test_a_forged_sheet_opens_nothing(courts: TwoCourts, sender: Sender) -> None:
    """The case of somebody's choice under the MAC of another sheet."""
    made, other = sheet(courts), courts.open_case()
    forged = made.code.replace(courts.case.pk.hex, other.pk.hex)

    told, _ = send(sender, scans.code_page(forged), scans.printed_page("A paper"))

    assert told["items"][0]["state"] == "needs_attention"
    assert not Document.objects.exists()
    waiting = IntakeException.objects.get()
    assert waiting.code == "sheet-forged"
    assert "not printed by this court" in waiting.reason


@pytest.mark.parametrize("place", range(7))
def test_any_altered_member_of_a_code_is_a_forgery(courts: TwoCourts, sender: Sender, place: int) -> None:
    members = sheet(courts).code.split("|")
    members[place] = ("B" if members[place][:1] == "A" else "A") + members[place][1:]
    judged = sheets.judge("|".join(members), arrived(sender), at=clock.now())
    assert isinstance(judged, matching.Doubt)
    assert judged.code == "sheet-forged"


def test_a_sheet_is_good_at_its_court_in_its_time_for_an_open_case(courts: TwoCourts, sender: Sender) -> None:
    made, item = sheet(courts), arrived(sender)
    theirs = sheets.make_sheets(by=courts.actor("clerk2"), case_id=courts.other.pk, type="claim", count=1)[0]

    def code(mark: str) -> str:
        judged = sheets.judge(mark, item, at=clock.now())
        return judged.code if isinstance(judged, matching.Doubt) else "good"

    assert (code(made.code), code(theirs.code)) == ("good", "sheet-foreign")
    SeparatorSheet.objects.filter(pk=made.sheet.pk).update(expires_at=clock.now() - timedelta(days=1))
    assert code(made.code) == "sheet-expired"
    SeparatorSheet.objects.filter(pk=made.sheet.pk).update(expires_at=clock.now() + timedelta(days=1))
    cases.close_case(
        by=courts.actor("clerk"), case_id=courts.case.pk, closed_on=clock.today(), outcome="ended", reason="It ended"
    )
    assert code(made.code) == "case-closed"
    SeparatorSheet.objects.all().delete()
    assert code(made.code) == "sheet-unknown"


def test_what_a_sheet_opened_wrongly_is_attached_whole_by_a_person(courts: TwoCourts, sender: Sender) -> None:
    """A paper behind the sheet bears another case's number: the wrong-case guard holds for sheets as well."""
    other = courts.open_case()
    number = other.references.get().value
    _, item = send(sender, scans.sheet_page(sheet(courts)), scans.printed_page(f"Case {number}"))
    waiting = IntakeException.objects.get()
    assert waiting.code == "wrong-case"
    assert not SeparatorSheet.objects.filter(used_by__isnull=False).exists()

    document = exceptions.attach(
        by=courts.actor("clerk"), exception_id=waiting.pk, case_id=other.pk, reason="It says so"
    )

    assert pages_of(document) == 2
    assert not Part.objects.filter(item=item).exists()


def test_patch_codes_divide_and_a_barcode_names_the_case(courts: TwoCourts, sender: Sender) -> None:
    number = courts.case.references.get().value
    told, _ = send(
        sender,
        scans.label_page(number, "A paper with a label"),
        scans.label_page("PATCHT"),
        scans.label_page(number, "Another paper with a label"),
    )
    assert told["state"] == "accepted", IntakeException.objects.values_list("code", "reason")
    assert [pages_of(Document.objects.get(pk=one)) for one in told["items"][0]["documents"]] == [1, 1]


def test_only_court_staff_who_decide_print_sheets(courts: TwoCourts) -> None:
    for who in ("usher", "judge"):
        with pytest.raises(Forbidden):
            sheets.make_sheets(by=courts.actor(who), case_id=courts.case.pk, type="statements", count=1)


def seen(number: int, *marks: str, blank: bool = False) -> PageSurvey:
    return PageSurvey(number, marks, (Finding(Doubt.BLANK, 0.0),) if blank else ())


@pytest.mark.parametrize(
    ("pages", "at_blanks", "piles"),
    [
        ([seen(1), seen(2)], False, [(1, 2)]),
        ([seen(1), seen(2, "PATCHT"), seen(3)], False, [(1,), (3,)]),
        ([seen(1), seen(2, "PATCHT"), seen(3, blank=True), seen(4)], False, [(1,), (4,)]),
        ([seen(1), seen(2, blank=True), seen(3)], False, [(1, 2, 3)]),
        ([seen(1), seen(2, blank=True), seen(3)], True, [(1,), (3,)]),
        ([seen(1), seen(2, "PATCHT"), seen(3, "PATCHT")], False, [(1,)]),
        ([seen(1, "DS1|a"), seen(2), seen(3, "DS1|b"), seen(4)], False, [(2,), (4,)]),
    ],
)
def test_where_piles_begin_and_end(pages: Sequence[PageSurvey], at_blanks: bool, piles: list[tuple[int, ...]]) -> None:
    assert [one.pages for one in divide(pages, at_blanks=at_blanks).piles] == piles


def test_an_empty_page_ends_a_paper_where_the_station_says_so(courts: TwoCourts, sender: Sender) -> None:
    Station.objects.update(splits_at_blanks=True)
    content = scans.scan(scans.printed_page("One"), scans.empty_page(), scans.printed_page("Two"))
    batch = sender.open(content, reference=courts.case.references.get().value)
    sender.put(batch, 1, content, "application/pdf")
    sender.post(f"batches/{batch}/close")
    drain_intake()
    assert len(sender.told(batch)["items"][0]["documents"]) == 2
