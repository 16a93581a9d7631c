"""Opening, closing and linking cases, and who may say who is on them."""

import pytest

from docstore.cases import actions
from docstore.cases.queries import case_types_for, get_case, hearings_on, list_cases, sections_of
from docstore.cases.references import parse
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from tests.courts import TwoCourts


@pytest.mark.requirement("DOM-2.1")
def test_a_case_is_found_by_any_of_its_numbers_with_spaces_or_dashes(courts: TwoCourts) -> None:
    numbers = [parse("ccd", "1732345678901234", pointer="/"), parse("urn", "87GD9945217", pointer="/")]
    case = actions.open_case(
        by=courts.actor("clerk"), title="R v Numbers", court="NGT", case_type="crime-magistrates", references=numbers
    )
    scope = Scope.of(courts.actor("judge"))

    for asked in ("1732-3456-7890-1234", "#1732 3456 7890 1234", "87gd 9945217"):
        assert [one.pk for one in list_cases(scope, reference=asked).rows] == [case.pk]


@pytest.mark.requirement("DOM-2.1")
def test_a_number_belongs_to_one_case(courts: TwoCourts) -> None:
    taken = courts.case.references.get()

    with pytest.raises(actions.ReferenceTaken) as refused:
        actions.open_case(
            by=courts.actor("clerk"),
            title="R v Twice",
            court="NGT",
            case_type="crime-magistrates",
            references=[parse(taken.kind, taken.value, pointer="/references/0")],
        )

    assert refused.value.errors[0].pointer == "/references/0/value"


@pytest.mark.requirement("DOM-2.6")
def test_a_case_is_closed_with_date_and_outcome_and_can_be_reopened(courts: TwoCourts) -> None:
    adviser = courts.actor("adviser")
    closed = actions.close_case(
        by=adviser, case_id=courts.case.pk, closed_on=clock.today(), outcome="Guilty plea", reason="Sentenced"
    )
    assert (closed.status, closed.outcome) == ("CLOSED", "Guilty plea")
    with pytest.raises(actions.CaseIsClosed):
        courts.file("too late")

    actions.reopen_case(by=adviser, case_id=courts.case.pk, reason="Appeal")

    assert courts.file("in time again").pk


@pytest.mark.requirement("DOM-2.5")
def test_linked_cases_say_why(courts: TwoCourts) -> None:
    other = courts.open_case()

    link = actions.link_cases(
        by=courts.actor("clerk"), case_id=courts.case.pk, other_id=other.pk, reason="Progressed under a lead case"
    )

    assert link.reason == "Progressed under a lead case"


@pytest.mark.requirement("SEC-10")
@pytest.mark.parametrize("who", ["usher", "listing", "judge"])
def test_who_may_not_manage_members_may_not_put_anybody_on_a_case(courts: TwoCourts, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.add_member(
            by=courts.actor(who), case_id=courts.case.pk, person=courts.people["defence"], role="defence"
        )


@pytest.mark.requirement("SEC-10")
def test_the_right_to_manage_members_ends_at_the_court(courts: TwoCourts) -> None:
    with pytest.raises(NotFound):
        actions.add_member(
            by=courts.actor("clerk2"), case_id=courts.case.pk, person=courts.people["clerk2"], role="clerk"
        )


@pytest.mark.requirement("DOM-2.3")
def test_the_four_rights_of_a_section_are_independent(courts: TwoCourts) -> None:
    def rights(who: str, section: str) -> set[str]:
        scope = Scope.of(courts.actor(who))
        views = sections_of(scope, get_case(scope, courts.case.pk))
        return {str(right) for one in views if one.section.code == section for right in one.rights}

    assert rights("usher", "statements") == {"read"}
    assert rights("clerk", "statements") == {"read", "file", "download", "remove"}
    assert rights("judge", "unused") == set()
    assert "file" not in rights("clerk", "unused")


@pytest.mark.requirement("DOM-9.9")
def test_a_membership_counts_between_its_dates_alone(courts: TwoCourts) -> None:
    day = clock.today()
    person = courts.people["probation"]
    actions.add_member(
        by=courts.actor("clerk"), case_id=courts.case.pk, person=person, role="probation", from_on=day, to_on=day
    )
    actor = courts.actor("probation")

    assert Scope.of(actor, on=day).cases().exists()
    assert not Scope.of(actor, on=day.replace(year=day.year + 1)).cases().exists()
    assert not Scope.of(actor, on=day.replace(year=day.year - 1)).cases().exists()


def test_only_cases_of_what_the_court_hears_can_be_opened(courts: TwoCourts) -> None:
    codes = {one.code for one in case_types_for(Scope.of(courts.actor("clerk2")))}

    assert "employment" in codes
    assert "family" not in codes


@pytest.mark.requirement("DOM-7.1")
def test_the_day_list_shows_todays_sittings_of_cases_one_may_open(courts: TwoCourts) -> None:
    actions.list_hearing(
        by=courts.actor("listing"), case_id=courts.case.pk, room="1", starts_at=clock.now(), kind="Trial"
    )

    assert len(hearings_on(Scope.of(courts.actor("usher")), clock.today())) == 1
    assert hearings_on(Scope.of(courts.actor("clerk2")), clock.today()) == []
