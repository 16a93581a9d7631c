"""What no rule could place: it waits for a person, is decided once, and is never dropped."""

import pytest

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.cases import actions as cases
from docstore.cases.models import Side
from docstore.cases.references import parse
from docstore.core.errors import Forbidden, NotFound
from docstore.core.references import with_luhn_digit
from docstore.documents.change import ReasonMissing
from docstore.documents.models import Document
from docstore.intake import exceptions
from docstore.intake.exceptions import AlreadySettled
from docstore.intake.models import IntakeException, Item
from tests.api.client import drain
from tests.courts import TwoCourts
from tests.intake.sending import Sender

pytestmark = pytest.mark.django_db

LETTER = b"Dear court, I write about a matter that I do not name."


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


def only() -> IntakeException:
    return IntakeException.objects.get()


def number(courts: TwoCourts) -> str:
    return courts.case.references.get().value


@pytest.mark.requirement("DOM-1.8")
def test_what_names_no_case_waits_for_a_person_and_is_attached(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.send_all(LETTER)
    told = sender.told(batch)
    assert (told["state"], told["items"][0]["state"]) == ("accepted_with_exceptions", "needs_attention")
    assert not Document.objects.exists()
    clerk = courts.actor("clerk")
    assert [one.pk for one in exceptions.list_waiting(clerk).rows] == [only().pk]

    with pytest.raises(ReasonMissing):
        exceptions.attach(by=clerk, exception_id=only().pk, case_id=courts.case.pk, reason=" ")
    document = exceptions.attach(by=clerk, exception_id=only().pk, case_id=courts.case.pk, reason="Read by me.")
    with pytest.raises(AlreadySettled):
        exceptions.abort(by=clerk, exception_id=only().pk, reason="Second thoughts.")

    assert document.filings.get().case_id == courts.case.pk
    assert sender.told(batch)["items"][0]["document"] == str(document.pk)
    assert exceptions.list_waiting(clerk).rows == []
    assert (only().act, only().note, only().settled_by) == ("attach", "Read by me.", clerk.user_id)


@pytest.mark.requirement("DOM-1.8")
def test_a_case_is_created_for_it(courts: TwoCourts, sender: Sender) -> None:
    sender.send_all(LETTER)
    new = parse("ccd", with_luhn_digit("1" + "7" * 14), pointer="")
    document = exceptions.create_case(
        by=courts.actor("clerk"),
        exception_id=only().pk,
        title="R v Newcomer",
        case_type="crime-magistrates",
        references=[new],
        reason="No case yet.",
    )
    assert document.filings.get().case.title == "R v Newcomer"


@pytest.mark.requirement("DOM-1.7", "DOM-1.8")
def test_a_rescan_is_asked_for_and_an_item_aborted_with_a_reason(courts: TwoCourts, sender: Sender) -> None:
    first, second = sender.send_all(LETTER), sender.send_all(LETTER + b" Again.")
    clerk = courts.actor("clerk")
    rows = {str(one.batch_id): one.pk for one in IntakeException.objects.all()}
    exceptions.reclassify(by=clerk, exception_id=rows[first], type="statements", reason="It is one.")
    exceptions.ask_for_rescan(by=clerk, exception_id=rows[first], reason="Page 2 is cut off.")
    exceptions.abort(by=clerk, exception_id=rows[second], reason="Not for this court.")

    one, other = sender.told(first)["items"][0], sender.told(second)["items"][0]
    assert (one["state"], one["code"]) == ("rejected", "rescan-required")
    assert "Page 2 is cut off." in one["detail"]
    assert (other["state"], other["code"]) == ("rejected", "aborted")
    assert "item.rescan_wanted" in [event["event"] for event in sender.get("events").json()["results"]]


def test_nobody_else_sees_the_queue(courts: TwoCourts, sender: Sender) -> None:
    sender.send_all(LETTER)
    for who in ("clerk2", "usher", "prosecutor", "stations", "auditor"):
        assert exceptions.list_waiting(courts.actor(who)).rows == []
        with pytest.raises((NotFound, Forbidden)):
            exceptions.abort(by=courts.actor(who), exception_id=only().pk, reason="Because.")


@pytest.mark.requirement("DOM-S2")
def test_a_paper_with_another_cases_number_stops_at_the_guard_and_is_routed(courts: TwoCourts, sender: Sender) -> None:
    other = courts.open_case()
    cases.add_party(by=courts.actor("clerk"), case_id=other.pk, name="Cyril Cedar", role="Defendant", side=Side.DEFENCE)
    theirs = other.references.get().value
    batch = sender.send_all(f"Case {theirs}: Cyril Cedar asks for time.".encode(), reference=number(courts))

    item = sender.told(batch)["items"][0]
    assert (item["state"], item["code"]) == ("needs_attention", "wrong-case")
    assert not Document.objects.exists()
    proposed = exceptions.proposals(courts.actor("clerk"), only())
    assert [one.case for one in proposed] == [other, courts.case]
    exceptions.attach(by=courts.actor("clerk"), exception_id=only().pk, case_id=other.pk, reason="Number and name fit.")
    assert Item.objects.get().case_id == other.pk


def test_a_number_on_the_page_leads_to_its_case(courts: TwoCourts, sender: Sender) -> None:
    grouped = " ".join(number(courts)[at : at + 4] for at in range(0, 16, 4))
    batch = sender.send_all(f"In the case {grouped}, R v Test".encode())
    assert sender.told(batch)["state"] == "accepted"
    assert Item.objects.get().case_id == courts.case.pk


def test_a_misread_number_suggests_the_case_whose_number_is_nearest(courts: TwoCourts, sender: Sender) -> None:
    right = number(courts)
    misread = f"{right[:7]}{(int(right[7]) + 1) % 10}{right[8:]}"
    clerk = courts.actor("clerk")
    cases.add_party(by=clerk, case_id=courts.case.pk, name="Cyril Cedar", role="Defendant", side=Side.DEFENCE)
    batch = sender.send_all(LETTER, reference=misread)
    assert sender.told(batch)["items"][0]["code"] == "case-unknown"
    [proposed] = exceptions.proposals(clerk, only())
    assert proposed.case == courts.case
    assert proposed.because == (f"Its number {right} is the one that was sent but for one character.",)
    assert proposed.is_named is False


def test_two_numbers_on_the_page_are_a_doubt(courts: TwoCourts, sender: Sender) -> None:
    both = (number(courts), courts.open_case().references.get().value)
    batch = sender.send_all(f"Cases {both[0]} and {both[1]}".encode())
    assert sender.told(batch)["items"][0]["code"] == "several-cases"


def test_another_courts_number_is_as_unknown_as_none(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.send_all(LETTER, reference=courts.other.references.get().value)
    assert sender.told(batch)["items"][0]["code"] == "case-unknown"
    assert exceptions.proposals(courts.actor("clerk"), only()) == []


def test_the_same_bytes_twice_on_a_case_are_a_doubt(courts: TwoCourts, sender: Sender) -> None:
    sender.send_all(LETTER, reference=number(courts))
    again = sender.send_all(LETTER, reference=number(courts))
    assert sender.told(again)["items"][0]["code"] == "already-filed"


def test_a_station_that_lost_its_role_files_nothing_more(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.open(LETTER, reference=number(courts))
    sender.put(batch, 1, LETTER)
    sender.post(f"batches/{batch}/close")
    access.end_role(by=system("tests"), held=sender.station.user.role_assignments.get())
    drain()
    assert only().code == "not-filed"
    assert not Document.objects.exists()
