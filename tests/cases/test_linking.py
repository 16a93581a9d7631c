"""Ending links between cases, and putting one under a lead case and taking it out again."""

import pytest

from docstore.audit.models import AuditEvent
from docstore.cases import actions, linking
from docstore.cases.models import CaseLink
from docstore.cases.queries import Standing, links_of
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, NotFound
from docstore.core.jobs import Job, JobName
from tests.courts import TwoCourts


def standings(courts: TwoCourts, case: object) -> list[tuple[str, Standing]]:
    rows = links_of(Scope.of(courts.actor("clerk")), case)  # type: ignore[arg-type]
    return [(one.case.title, one.standing) for one in rows]


@pytest.mark.requirement("DOM-2.11")
def test_a_case_goes_under_a_lead_and_comes_out_again(courts: TwoCourts) -> None:
    clerk, lead = courts.actor("clerk"), courts.open_case()
    actions.link_cases(by=clerk, case_id=courts.case.pk, other_id=lead.pk, reason="Same facts")

    linking.consolidate_case(by=clerk, case_id=courts.case.pk, lead_id=lead.pk, reason="Order of 3 June")
    assert standings(courts, courts.case) == [(lead.title, Standing.LEADS)]
    assert standings(courts, lead) == [(courts.case.title, Standing.FOLLOWS)]
    assert CaseLink.objects.count() == 1

    linking.unlink_cases(by=clerk, case_id=courts.case.pk, other_id=lead.pk, reason="Tried apart after all")
    assert standings(courts, courts.case) == standings(courts, lead) == []
    told = AuditEvent.objects.filter(case=str(lead.pk), type__in=("case.consolidated", "case.unlinked"))
    assert [one.type for one in told.order_by("id")] == ["case.consolidated", "case.unlinked"]
    subjects = Job.objects.filter(name=JobName.RETENTION_FOLLOW_CASE).values_list("subject", flat=True)
    assert {f"case:{courts.case.pk}", f"case:{lead.pk}"} <= set(subjects)


def test_there_is_one_lead_and_one_level(courts: TwoCourts) -> None:
    clerk, lead, third = courts.actor("clerk"), courts.open_case(), courts.open_case()
    linking.consolidate_case(by=clerk, case_id=courts.case.pk, lead_id=lead.pk, reason="Order of 3 June")

    for case, under, refusal in (
        (courts.case, third, linking.HasALeadAlready),
        (third, courts.case, linking.LeadIsLed),
        (lead, third, linking.LeadsOthers),
        (third, third, linking.NotUnderItself),
    ):
        with pytest.raises(refusal):
            linking.consolidate_case(by=clerk, case_id=case.pk, lead_id=under.pk, reason="No")


def test_only_who_may_change_both_cases_ends_their_link(courts: TwoCourts) -> None:
    other = courts.open_case()
    link = actions.link_cases(by=courts.actor("clerk"), case_id=courts.case.pk, other_id=other.pk, reason="Same facts")

    with pytest.raises(Forbidden):
        linking.unlink_cases(by=courts.actor("usher"), case_id=courts.case.pk, other_id=other.pk, reason="No")
    with pytest.raises(NotFound):
        linking.unlink_cases(by=courts.actor("clerk"), case_id=courts.case.pk, other_id=courts.other.pk, reason="No")
    assert CaseLink.objects.get() == link
