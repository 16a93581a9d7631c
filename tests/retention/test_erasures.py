"""People who ask for their data to be erased, and what the schedule says of processing (RET-O)."""

from datetime import date, timedelta

import pytest

from docstore.access.actor import system
from docstore.audit.models import AuditEvent, AuditPayload
from docstore.cases import actions as cases
from docstore.cases.models import Case, Party, Side
from docstore.core import clock
from docstore.core.errors import Forbidden
from docstore.retention import approvals, erasures, execution, off_schedule, processing
from docstore.retention.disposal_models import DisposalList, Ground, ListStatus
from docstore.retention.erasure_models import ErasureFinding, ErasureRequest, RefusalGround, Verdict
from docstore.retention.erasures import Decided, RequestTold
from docstore.retention.vocabulary import Level
from tests.retention.disposing import Disposal
from tests.retention.test_disposal import hold_case
from tests.retention.world import SEVEN_YEARS

pytestmark = pytest.mark.django_db


def received(disposal: Disposal, name: str = "Ophelia Garnet-Wye", **more: object) -> ErasureRequest:
    told = RequestTold(name, "Erase everything about me", "Passport seen", clock.today(), **more)  # type: ignore[arg-type]
    return erasures.receive(by=disposal.world.actor("rm1"), told=told)


def party(disposal: Disposal, case: Case, name: str) -> Party:
    clerk = disposal.world.actor("clerk")
    return cases.add_party(by=clerk, case_id=case.pk, name=name, role="Defendant", side=Side.DEFENCE)


def decide(disposal: Disposal, finding: ErasureFinding, verdict: Verdict, ground: str = "") -> ErasureFinding:
    said = Decided(verdict, "For the reason given in the letter", ground)
    return erasures.decide(by=disposal.world.actor("rm1"), finding_id=finding.pk, said=said)


@pytest.fixture
def found(disposal: Disposal) -> ErasureRequest:
    """A request with a case of the person, a paper that names them elsewhere, and a held case."""
    open_case = disposal.world.case(disposal.kind, closed_on=None)
    party(disposal, open_case, "ophelia GARNET-WYE")
    other = disposal.world.case(disposal.kind, closed_on=None)
    disposal.world.courts.file("a letter from Ophelia Garnet-Wye of Mill Lane", case=other)
    held = disposal.world.case(disposal.kind, closed_on=None)
    party(disposal, held, "Ophélia Garnet-Wye")
    hold_case(disposal, held.pk)
    return received(disposal)


@pytest.mark.requirement("RET-O1")
def test_every_record_of_the_person_is_found_and_decided_with_reasons(
    disposal: Disposal, found: ErasureRequest
) -> None:
    rows = {(one.kind, one.found_by): one for one in found.findings.all() if not one.is_held}
    [held] = found.findings.filter(is_held=True)
    assert set(rows) == {("case", "party"), ("document", "words")}
    assert all(one.class_name and one.basis for one in found.findings.all())
    rm1, rm2 = disposal.world.actor("rm1"), disposal.world.actor("rm2")
    with pytest.raises(erasures.FindingsUndecided):
        erasures.answer(by=rm1, request_id=found.pk)
    with pytest.raises(erasures.GroundNeeded):
        decide(disposal, held, Verdict.REFUSE)
    with pytest.raises(off_schedule.IsHeld):
        decide(disposal, held, Verdict.ERASE)
    decide(disposal, held, Verdict.REFUSE, RefusalGround.HELD)
    decide(disposal, rows["case", "party"], Verdict.PSEUDONYMISE)
    assert not Party.objects.filter(name__icontains="ophelia").exists()
    erased = decide(disposal, rows["document", "words"], Verdict.ERASE)
    made = DisposalList.objects.get(pk=erased.list)
    assert made.ground == Ground.DATA_PROTECTION
    approvals.approve(by=rm2, list_id=made.pk, stage=1, confirm=made.number)
    disposal.pass_days(2)
    execution.carry_out(by=rm1, list_id=made.pk)
    assert disposal.run(made.pk).status == ListStatus.DONE
    answered = erasures.answer(by=rm1, request_id=found.pk)
    assert answered.keep_until == clock.today().replace(year=clock.today().year + 3)
    with pytest.raises(erasures.RequestClosed):
        erasures.extend(by=rm1, request_id=found.pk, reason="Too late")


def test_a_restricted_case_is_sealed(disposal: Disposal, found: ErasureRequest) -> None:
    finding = found.findings.get(kind="case", is_held=False)
    decide(disposal, finding, Verdict.RESTRICT)
    assert Case.objects.get(pk=finding.record_id).sealed
    paper = found.findings.get(kind="document")
    with pytest.raises(erasures.NotOnPapers):
        decide(disposal, paper, Verdict.RESTRICT)


def test_the_month_is_a_calendar_month_and_is_extended_once(disposal: Disposal) -> None:
    told = RequestTold("Nobody Known", "Everything", "Passport seen", date(2026, 8, 31))
    made = erasures.receive(by=disposal.world.actor("rm1"), told=told)
    assert made.due_on == date(2026, 9, 30)
    assert made.findings.count() == 0
    longer = erasures.extend(
        by=disposal.world.actor("rm1"), request_id=made.pk, reason="Three archives to look through"
    )
    assert longer.due_on == date(2026, 11, 30)
    with pytest.raises(erasures.AlreadyExtended):
        erasures.extend(by=disposal.world.actor("rm1"), request_id=made.pk, reason="Again")


def test_the_request_itself_is_kept_as_its_class_says_and_no_longer(disposal: Disposal) -> None:
    kind = disposal.world.new_class({**SEVEN_YEARS, "period": "P1Y"}, level=Level.ADMIN)
    made = received(disposal, disposal_class=kind.pk)
    erasures.answer(by=disposal.world.actor("rm1"), request_id=made.pk)
    disposal.pass_days(300)
    assert erasures.reduce_old(by=system("tests")) == 0
    disposal.pass_days(70)
    assert erasures.reduce_old(by=system("tests")) == 1
    made.refresh_from_db()
    assert (made.person, made.asked, made.status) == ("", "", "reduced")


def test_the_name_stands_in_no_event(disposal: Disposal, found: ErasureRequest) -> None:
    decide(disposal, found.findings.get(kind="case", is_held=False), Verdict.REFUSE, RefusalGround.JUDICIAL)
    events = AuditEvent.objects.filter(type__startswith="erasure_request").values("pk")
    told = [
        bytes(one).decode().lower()
        for one in AuditPayload.objects.filter(pk__in=events).values_list("payload", flat=True)
    ]
    assert len(told) >= 3
    assert not any("ophelia" in one for one in told)


def test_only_who_answers_requests_may(disposal: Disposal, found: ErasureRequest) -> None:
    clerk = disposal.world.actor("clerk")
    for act in (
        lambda: erasures.requests(clerk),
        lambda: erasures.request_seen(clerk, found.pk),
        lambda: erasures.answer(by=clerk, request_id=found.pk),
        lambda: erasures.search_again(by=clerk, request_id=found.pk),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.requirement("RET-O2")
def test_records_of_processing_are_the_schedule_in_force(disposal: Disposal) -> None:
    rm1 = disposal.world.actor("rm1")
    disposal.world.case(disposal.kind)
    [one] = [row for row in processing.records_of_processing(rm1) if row.code == disposal.kind.code]
    assert (one.category, one.purpose, one.basis) == ("A class", "For tests", "The tests")
    assert one.periods == ("7 years after the closing of the case it is destroyed.",)
    assert "Judge or magistrate" in one.recipients
    assert one.records == 1
    start = clock.today() + timedelta(days=1)
    disposal.world.new_version(disposal.kind, {**SEVEN_YEARS, "period": "P9Y"}, effective_from=start)
    disposal.pass_days(2)
    [now] = [row for row in processing.records_of_processing(rm1) if row.code == disposal.kind.code]
    assert now.periods == ("9 years after the closing of the case it is destroyed.",)
