"""Who did what: on a case for those who keep it, everywhere for auditors, hidden papers left out, readings written down."""

import csv
import uuid
from datetime import timedelta

import pytest

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.cases import actions as cases
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from docstore.documents import actions, trails
from docstore.documents.trails import Asked
from tests.courts import TwoCourts


def test_the_history_of_a_case_leaves_out_papers_that_are_hidden_from_the_reader(courts: TwoCourts) -> None:
    clerk, prosecutor = courts.actor("clerk"), courts.people["prosecutor"]
    cases.add_member(by=clerk, case_id=courts.case.pk, person=prosecutor, role="prosecutor")
    seen, hidden = courts.file("seen"), courts.file("hidden", by="prosecutor", section="unused")

    def papers(who: str) -> set[str]:
        rows = trails.read_case_trail(by=courts.actor(who), case_id=courts.case.pk).rows
        return {one.document for one in rows if one.document}

    assert papers("clerk") == {str(seen.pk), str(hidden.pk)}
    assert papers("judge") == {str(seen.pk)}
    for who in ("usher", "prosecutor", "auditor", "clerk2"):
        with pytest.raises(NotFound):
            papers(who)


@pytest.mark.requirement("DOM-11.5")
def test_the_trail_is_narrowed_by_person_case_document_act_and_day_and_reading_it_is_written_down(
    courts: TwoCourts,
) -> None:
    auditor, paper = courts.actor("auditor"), courts.file("a paper")
    actions.withdraw(by=courts.actor("judge"), document_id=paper.pk, seen=paper.etag, reason="=cmd()")
    today = clock.today()

    def found(**asked: object) -> list[str]:
        return [one.type for one in trails.read_trail(by=auditor, asked=Asked(**asked)).rows]  # type: ignore[arg-type]

    assert found(person=courts.people["judge"].pk) == ["document.withdrawn"]
    assert found(document=paper.pk, event="document.withdrawn") == ["document.withdrawn"]
    assert "case.opened" in found(case=courts.case.pk)
    assert "document.withdrawn" in found(since=today, until=today)
    assert found(document=paper.pk, until=today - timedelta(days=1)) == []
    assert found(person=uuid.uuid4()) == []
    assert AuditEvent.objects.filter(type=Event.TRAIL_READ, actor=str(auditor.user_id)).count() == 6

    taken = trails.take_trail_away(by=auditor, asked=Asked(document=paper.pk, event="document.withdrawn"))
    lines = list(csv.reader(taken))
    assert lines[1][1:4] == ["judge", "document.withdrawn", "Withdrew the document"]
    assert "reason: =cmd()" in lines[1][6]
    assert lines[1][6].startswith("'")
    assert AuditEvent.objects.filter(type=Event.TRAIL_TAKEN_AWAY).count() == 1


@pytest.mark.parametrize("who", ["clerk", "judge", "records", "support", "prosecutor"])
def test_the_whole_trail_is_for_auditors_alone(courts: TwoCourts, who: str) -> None:
    with pytest.raises(Forbidden):
        trails.read_trail(by=courts.actor(who), asked=Asked())
    with pytest.raises(Forbidden):
        trails.take_trail_away(by=courts.actor(who), asked=Asked())
