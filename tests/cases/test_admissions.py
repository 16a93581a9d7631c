"""Opening a case for a stated reason: at once and narrow, with the court's leave, or by breaking the glass."""

from datetime import UTC, datetime, timedelta

import pytest

from docstore.audit.models import AuditEvent
from docstore.cases import actions, admissions
from docstore.cases.models import Admission, AdmissionKind, AdmissionState, Case, Right
from docstore.cases.queries import get_case
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from docstore.documents.visibility import visible_to
from tests.courts import TwoCourts

WHY = "Sitting on the linked appeal tomorrow."
SUNDAY_NIGHT = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def number(case: Case) -> str:
    return str(case.references.get().value)


def ask(courts: TwoCourts, who: str, case_number: str) -> Admission:
    return admissions.ask(by=courts.actor(who), number=case_number, ground="linked", reason=WHY)


def opens(courts: TwoCourts, who: str, case: Case, *, in_days: int = 0) -> bool:
    on = clock.today() + timedelta(days=in_days)
    return Scope.of(courts.actor(who), on=on).cases().filter(pk=case.pk).exists()


@pytest.mark.requirement("DOM-9.7")
def test_court_staff_of_another_court_read_at_once_for_a_week_and_it_is_reported(courts: TwoCourts) -> None:
    document = courts.file("open text")
    admission = ask(courts, "clerk2", number(courts.case))

    assert (admission.kind, admission.state) == (AdmissionKind.CHALLENGED, AdmissionState.GRANTED)
    scope = Scope.of(courts.actor("clerk2"))
    assert visible_to(scope).filter(pk=document.pk).exists()
    assert not scope.sections_on(courts.case, Right.FILE)
    assert opens(courts, "clerk2", courts.case, in_days=6)
    assert not opens(courts, "clerk2", courts.case, in_days=7)
    assert admission in admissions.reported_to(Scope.of(courts.actor("clerk")))
    assert admission in admissions.reported_to(Scope.of(courts.actor("auditor")))
    assert AuditEvent.objects.filter(type="admission.granted").exists()


@pytest.mark.requirement("DOM-9.7")
def test_an_outsider_waits_for_the_court_and_the_stay_ends(courts: TwoCourts) -> None:
    asked = ask(courts, "probation", number(courts.case))
    assert asked.state == AdmissionState.WAITING
    assert not opens(courts, "probation", courts.case)
    assert list(admissions.to_decide(Scope.of(courts.actor("clerk")))) == [asked]

    until = clock.today() + timedelta(days=2)
    admissions.grant(by=courts.actor("clerk"), admission_id=asked.pk, until=until, reason="Report is due")
    assert opens(courts, "probation", courts.case, in_days=2)
    assert not opens(courts, "probation", courts.case, in_days=3)

    admissions.end(by=courts.actor("clerk"), admission_id=asked.pk, reason="The report has been filed")
    assert not opens(courts, "probation", courts.case)


def test_a_hidden_a_barred_and_an_absent_case_answer_alike(courts: TwoCourts) -> None:
    """Whoever guesses numbers learns nothing from how the answer looks."""
    sealed = courts.open_case()
    actions.seal_case(by=courts.actor("clerk"), case_id=sealed.pk, reason="A witness is at risk")
    actions.exclude_person(
        by=courts.actor("clerk"), case_id=courts.case.pk, person=courts.people["clerk2"], reason="Related to a party"
    )
    answers = [ask(courts, "clerk2", text) for text in (number(sealed), number(courts.case), "1111222233334444")]
    shown = {(one.kind, one.state, one.until_on, one.decided_at) for one in answers}
    assert shown == {(AdmissionKind.SPECIFIC, AdmissionState.WAITING, None, None)}
    assert not opens(courts, "clerk2", courts.case)


def test_nobody_lets_in_a_barred_person_or_themselves(courts: TwoCourts) -> None:
    asked = ask(courts, "defence", number(courts.case))
    actions.exclude_person(
        by=courts.actor("clerk"), case_id=courts.case.pk, person=courts.people["defence"], reason="By order"
    )
    with pytest.raises(admissions.PersonIsBarred):
        admissions.grant(by=courts.actor("clerk"), admission_id=asked.pk, until=clock.today(), reason="x")
    with pytest.raises(NotFound):
        admissions.grant(by=courts.actor("clerk2"), admission_id=asked.pk, until=clock.today(), reason="x")
    with pytest.raises(Forbidden):
        admissions.grant(by=courts.actor("usher"), admission_id=asked.pk, until=clock.today(), reason="x")


def test_what_was_decided_is_not_decided_again(courts: TwoCourts) -> None:
    asked = ask(courts, "defence", number(courts.case))
    admissions.refuse(by=courts.actor("clerk"), admission_id=asked.pk, reason="Acts for nobody in this case")
    with pytest.raises(admissions.DecidedAlready):
        admissions.grant(by=courts.actor("adviser"), admission_id=asked.pk, until=clock.today(), reason="x")


def test_asking_twice_or_for_what_is_open_is_refused(courts: TwoCourts) -> None:
    ask(courts, "defence", number(courts.case))
    with pytest.raises(admissions.AskedAlready):
        ask(courts, "defence", number(courts.case))
    with pytest.raises(admissions.OpenAlready):
        ask(courts, "clerk", number(courts.case))
    with pytest.raises(admissions.ReasonTooShort):
        admissions.ask(by=courts.actor("prosecutor"), number="12", ground="linked", reason="why not")


@pytest.mark.requirement("DOM-9.8")
def test_a_judge_opens_a_sealed_case_at_night_and_those_who_watch_are_told(courts: TwoCourts) -> None:
    sealed = courts.open_case()
    actions.seal_case(by=courts.actor("clerk"), case_id=sealed.pk, reason="A witness is at risk")
    judge, auditor = courts.actor("judge"), courts.actor("auditor")
    assert not opens(courts, "judge", sealed)

    opened = admissions.break_glass(by=judge, number=number(sealed), ground="urgent", reason=WHY, at=SUNDAY_NIGHT)

    assert get_case(Scope.of(judge), sealed.pk) == sealed
    assert not opens(courts, "judge", sealed, in_days=2)
    assert admissions.alerts_for(auditor) == 1
    admissions.look_at(by=auditor, admission_id=opened.pk)
    assert admissions.alerts_for(auditor) == 0
    assert set(AuditEvent.objects.values_list("type", flat=True)) >= {"glass.broken", "admission.seen"}


@pytest.mark.requirement("DOM-9.8")
def test_the_glass_holds_in_office_hours_for_others_and_for_the_barred(courts: TwoCourts) -> None:
    sealed = courts.open_case()
    actions.seal_case(by=courts.actor("clerk"), case_id=sealed.pk, reason="A witness is at risk")

    def broken(who: str, what: str, at: datetime) -> Admission:
        return admissions.break_glass(by=courts.actor(who), number=what, ground="urgent", reason=WHY, at=at)

    with pytest.raises(admissions.CourtIsThere):
        broken("judge", number(sealed), MONDAY_MORNING)
    with pytest.raises(Forbidden):
        broken("usher", number(sealed), SUNDAY_NIGHT)
    with pytest.raises(admissions.NoSuchCaseHere):
        broken("judge", number(courts.other), SUNDAY_NIGHT)
