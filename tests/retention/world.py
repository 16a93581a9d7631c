"""Records managers, classes and closed cases for tests of retention, made through the product's own actions."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from docstore.access import actions as access
from docstore.access.actor import Actor, system
from docstore.cases.models import Case
from docstore.core import clock
from docstore.retention import actions, nightly, schedules
from docstore.retention.drafts import Draft, parse_steps
from docstore.retention.models import ClassVersion, DisposalClass
from docstore.retention.schedules import ClassTold
from docstore.retention.vocabulary import AppliesTo, Level, Record, RecordKind
from tests.courts import TwoCourts

CLOSED_ON = date(2018, 3, 5)
DUE_ON = date(2025, 3, 5)
SEVEN_YEARS = {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P7Y"}
UNTIL_SENTENCE_ENDS = {
    "action": "destroy",
    "trigger": {"max": [{"event": "case_closed", "period": "P7Y"}, {"event": "sentence_end"}]},
}


class World:
    """Two courts with two records managers who manage all of them."""

    def __init__(self, courts: TwoCourts, monkeypatch: pytest.MonkeyPatch) -> None:
        self.courts = courts
        self.monkeypatch = monkeypatch
        self.ahead = timedelta(0)
        for name in ("rm1", "rm2"):
            by = system("tests")
            person = access.create_person(by=by, username=name, name=name.title(), password="test-password-1")
            access.grant_role(by=by, person=person, role="records", court=None)
            courts.people[name] = person

    def actor(self, name: str) -> Actor:
        return self.courts.actor(name)

    def advance(self, days: int) -> None:
        """Move the clock forward and let the night pass."""
        self.ahead += timedelta(days=days)
        real = clock.now.__wrapped__ if hasattr(clock.now, "__wrapped__") else None
        assert real is None
        ahead = self.ahead
        self.monkeypatch.setattr(clock, "ahead", lambda: ahead)
        nightly.pass_night()

    def new_class(
        self, *steps: dict[str, Any], code: str = "", level: Level = Level.CASE, **more: Any
    ) -> DisposalClass:
        """A class that is approved and in force since 2000."""
        told = ClassTold(
            "TESTS", code or f"T-{uuid4().hex[:8]}", "A class", "For tests", "The tests", "None", level, **more
        )
        kind = schedules.define_class(by=self.actor("rm1"), told=told)
        self.new_version(kind, *steps, effective_from=date(2000, 1, 1))
        return kind

    def draft(
        self,
        kind: DisposalClass,
        *steps: dict[str, Any],
        effective_from: date | None = None,
        applies_to: AppliesTo = AppliesTo.ALL_LIVE,
        guard_days: int | None = 0,
    ) -> ClassVersion:
        start = effective_from or clock.today() + timedelta(days=1)
        draft = Draft(start, applies_to, guard_days, parse_steps(list(steps or [SEVEN_YEARS])))
        return schedules.draft_version(by=self.actor("rm1"), class_id=kind.pk, draft=draft)

    def new_version(self, kind: DisposalClass, *steps: dict[str, Any], **more: Any) -> ClassVersion:
        row = self.draft(kind, *steps, **more)
        schedules.submit_version(by=self.actor("rm1"), version_id=row.pk)
        return schedules.approve_version(by=self.actor("rm2"), version_id=row.pk)

    def assign(self, record: Record, kind: DisposalClass) -> None:
        actions.assign_class(by=self.actor("rm1"), record=record, code=kind.code, reason="A test")

    def case(self, kind: DisposalClass | None = None, *, closed_on: date | None = CLOSED_ON) -> Case:
        """A case with a class, closed where a day is given."""
        case = self.courts.open_case()
        if kind is not None:
            self.assign(of_case(case), kind)
        if closed_on is not None:
            self.close(case, closed_on)
        return case

    def close(self, case: Case, on: date = CLOSED_ON) -> None:
        actions.close_case(by=self.actor("clerk"), case_id=case.pk, closed_on=on, outcome="concluded", reason="A test")


def of_case(case: Case) -> Record:
    return Record(RecordKind.CASE, case.pk)
