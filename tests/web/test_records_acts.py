"""What a records manager decides on pages: lists with every decision, approvals, open cases, requests, the switch."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from docstore.cases.models import Case
from docstore.core import clock
from docstore.retention import lists, queries, switch
from docstore.retention.disposal_models import DisposalList, ListStatus
from docstore.retention.models import ClosureProposal
from docstore.retention.transfer_models import Transfer, TransferStatus
from docstore.retention.vocabulary import Outcome
from tests.api.client import drain
from tests.retention.disposing import Disposal
from tests.retention.test_transfers import receipt_of, unpacked
from tests.retention.world import World, of_case

pytestmark = pytest.mark.django_db
REVIEWED = {"action": "review", "trigger": {"event": "case_closed"}, "period": "P7Y"}


def at(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.courts.people[who])
    return client


def here(made: DisposalList, act: str = "") -> str:
    return f"/records/disposal/{made.pk}/{act}"


@pytest.mark.requirement("RET-F6")
def test_whoever_approves_has_seen_what_goes_and_types_the_lists_number(disposal: Disposal) -> None:
    disposal.case()
    disposal.pass_days(8)
    made = disposal.make()
    keeper, other = at(disposal.world, "rm1"), at(disposal.world, "rm2")
    keeper.post(here(made, "decide/"), {"group": "filter", "decision": "approve", "reason": "Nobody needs it"})
    keeper.post(here(made, "submit/"))
    DisposalList.objects.update(sensitive=True)
    page = other.get(here(made)).content.decode()
    for told in (
        "records will go",
        "Due from 5 March 2025 to 5 March 2025",
        "Sensitive:",
        "5 March 2018 → 5 March 2025",
    ):
        assert told in page
    for given in ({"confirm": made.number}, {"confirm": "D-1", "sure": "on"}, {"sure": "on"}):
        assert other.post(here(made, "approve/"), {"stage": "1", **given}).status_code == 422
    assert DisposalList.objects.get().status == ListStatus.SUBMITTED
    assert other.post(here(made, "approve/"), {"stage": "1", "confirm": made.number, "sure": "on"}).status_code == 303
    assert DisposalList.objects.get().status == ListStatus.APPROVED


@pytest.mark.requirement("RET-F9")
def test_a_review_ends_in_a_day_or_a_class_or_is_asked_again(disposal: Disposal) -> None:
    disposal.kind = disposal.world.new_class(REVIEWED)
    case, _ = disposal.case()
    disposal.pass_days(8)
    made, keeper = disposal.make(), at(disposal.world, "rm1")
    decide = {"group": "filter", "reason": "Looked at"}
    for said in ({"decision": "approve"}, {"decision": "extend"}, {"decision": "reclass"}):
        assert keeper.post(here(made, "decide/"), {**decide, **said}).status_code == 422
    assert keeper.post(here(made, "decide/"), {**decide, "decision": "exclude"}).status_code == 303
    lists.cancel(by=disposal.world.actor("rm1"), list_id=made.pk, reason="Only left off")
    assert queries.evaluate_record(of_case(case)).outcome is Outcome.REVIEW_DUE  # it is asked again
    again = disposal.make()
    until = clock.today() + timedelta(days=900)
    later = {"decision": "extend", "until": f"{until.day} {until.month} {until.year}"}
    assert keeper.post(here(again, "decide/"), {**decide, **later}).status_code == 303
    assert queries.evaluate_record(of_case(case)).due_on == until


def test_what_was_typed_stays_where_a_decision_is_refused_and_rubbish_is_no_fault(disposal: Disposal) -> None:
    disposal.case()
    disposal.pass_days(8)
    made, keeper = disposal.make(), at(disposal.world, "rm1")
    for given in (
        {"decision": "approve", "reason": "Kept words"},
        {"decision": "burn", "reason": "Kept words", "group": "filter"},
        {"decision": "approve", "reason": "Kept words", "item": "no-id"},
        {"decision": "extend", "until": "31 2 2030", "reason": "Kept words", "group": "filter"},
        {"decision": "approve", "reason": "Kept words", "group": "filter", "count": "7"},
    ):
        answer = keeper.post(here(made, "decide/"), given)
        assert answer.status_code == 422
        assert "Kept words" in answer.content.decode()


def test_a_case_that_lay_open_is_decided_on_a_page(world: World) -> None:
    stays, goes = world.case(None, closed_on=None), world.case(None, closed_on=None)
    for case in (stays, goes):
        ClosureProposal.objects.create(
            case=case.pk, last_activity_on=clock.today() - timedelta(days=3000), confidence=60, proposed_at=clock.now()
        )
    keeper, clerk = at(world, "rm1"), at(world, "clerk")
    address = {
        row.case: reverse("decide-stale", kwargs={"proposal_id": row.pk}) for row in ClosureProposal.objects.all()
    }
    said = {"outcome": "Not known", "reason": "Old"}
    assert keeper.post(address[stays.pk], {"verdict": "open", **said}).status_code == 303
    assert clerk.post(address[goes.pk], {"verdict": "close", "reason": "Old"}).status_code == 422  # how did it end?
    assert keeper.post(address[goes.pk], {"verdict": "close", **said}).status_code == 303  # who may not read the case
    assert clerk.post(address[goes.pk], {"verdict": "close", **said}).status_code == 404  # it is decided
    assert Case.objects.get(pk=stays.pk).is_open
    assert not Case.objects.get(pk=goes.pk).is_open


def test_a_destruction_off_schedule_is_asked_for_on_a_page_and_hides_the_case(disposal: Disposal) -> None:
    case, _ = disposal.case()
    keeper = at(disposal.world, "rm1")
    address = reverse("case-retention-act", kwargs={"case_id": case.pk, "act": "destroy"})
    told = {"ground": "court_order", "reason": "Order of 3 May"}
    assert keeper.post(address, told).status_code == 422  # not said that it is meant
    assert keeper.post(address, {**told, "sure": "on"}).status_code == 303
    made = DisposalList.objects.get()
    assert at(disposal.world, "clerk").get(reverse("case", kwargs={"case_id": case.pk})).status_code == 410
    assert "Off schedule" in at(disposal.world, "rm2").get(here(made)).content.decode()
    at(disposal.world, "rm2").post(here(made, "reject/"), {"reason": "The order is about another case"})
    assert at(disposal.world, "clerk").get(reverse("case", kwargs={"case_id": case.pk})).status_code == 200


def test_the_switch_is_turned_on_by_two_and_off_by_one_on_a_page(world: World) -> None:
    address = reverse("destruction-switch")
    first, second = at(world, "rm1"), at(world, "rm2")
    assert first.post(address, {"act": "ask", "reason": ""}).status_code == 422
    assert first.post(address, {"act": "ask", "reason": "We begin"}).status_code == 303
    assert first.post(address, {"act": "confirm", "reason": "We begin"}).status_code == 422
    assert second.post(address, {"act": "confirm", "reason": "Agreed"}).status_code == 303
    assert switch.switch().is_on
    assert second.post(address, {"act": "stop", "reason": "Something is wrong"}).status_code == 303
    assert not switch.switch().is_on


def test_a_transfer_goes_its_way_on_pages(disposal: Disposal, tmp_path: Path) -> None:
    disposal.kind = disposal.world.new_class(
        {"action": "transfer", "trigger": {"event": "case_closed"}, "period": "P7Y"}
    )
    case, _ = disposal.case()
    disposal.pass_days(8)
    keeper = at(disposal.world, "rm1")
    assert f"case:{case.pk}" in keeper.get(reverse("records-transfers")).content.decode()
    told = {"record": f"case:{case.pk}", "archive": "The Record Office", "reason": "Due", "closure": "closed"}
    assert keeper.post(reverse("new-transfer"), told).status_code == 422
    told |= {"closed_years": "50", "exemption": "32"}
    assert keeper.post(reverse("new-transfer"), told).status_code == 303
    drain()
    made = Transfer.objects.get()
    package = keeper.get(reverse("transfer-package", kwargs={"transfer_id": made.pk}))
    assert len(b"".join(package.streaming_content)) == made.bytes  # type: ignore[attr-defined]
    folder = unpacked(made, tmp_path)
    keeper.post(reverse("transfer-act", kwargs={"transfer_id": made.pk, "act": "send"}))
    act = reverse("transfer-act", kwargs={"transfer_id": made.pk, "act": "receipt"})
    right = "".join(f"{digest}  {path}\n" for path, digest in receipt_of(folder).items()).encode()
    for content, status in ((b"nonsense", 422), (right.replace(right[:4], b"0000"), 422), (right, 303)):
        given = {"receipt": "R-1", "reference": "RO 7", "checksums": SimpleUploadedFile("list.txt", content)}
        assert keeper.post(act, given).status_code == status
    assert Transfer.objects.get().status == TransferStatus.CONFIRMED
    assert DisposalList.objects.get().ground == "transferred"


@pytest.mark.requirement("RET-O3")
def test_the_storage_limitation_report_lists_what_it_counts(disposal: Disposal) -> None:
    due, _ = disposal.case()
    without = disposal.world.case(None, closed_on=None)
    disposal.pass_days(8)
    page = at(disposal.world, "rm1").get(reverse("records-limitation")).content.decode()
    over, rest = page.split("of them due for more than 90 days", 1)[1].split("without a class", 1)
    assert str(due.pk) in over
    assert str(without.pk) in rest
    assert str(due.pk) not in rest


def test_a_request_to_erase_is_answered_on_pages(disposal: Disposal) -> None:
    case = disposal.world.case(disposal.kind, closed_on=None)
    disposal.world.courts.file("a letter from Ophelia Garnet-Wye", case=case)
    keeper, today = at(disposal.world, "rm1"), clock.today()
    told = {"person": "Ophelia Garnet-Wye", "identity": "Passport", "asked": "Erase it"}
    told |= {"received_on": f"{today.day} {today.month} {today.year}"}
    made = keeper.post(reverse("new-erasure-request"), told)
    assert made.status_code == 303
    page = keeper.get(made.headers["Location"]).content.decode()
    assert "Undecided" in page
    assert "Ophelia" not in keeper.get(reverse("records-protection")).content.decode()
    finding = page.split("/records/protection/findings/", 1)[1].split("/", 1)[0]
    decide = reverse("decide-erasure", kwargs={"finding_id": int(finding)})
    assert keeper.post(decide, {"verdict": "refuse", "reason": "Evidence"}).status_code == 422
    assert keeper.post(decide, {"verdict": "refuse", "ground": "judicial", "reason": "Evidence"}).status_code == 303
    letter = keeper.get(f"{made.headers['Location']}letter/").content.decode()
    assert "acts in its judicial capacity" in letter
    keeper.post(f"{made.headers['Location']}answer/")
    assert "Answered" in keeper.get(reverse("records-protection")).content.decode()
