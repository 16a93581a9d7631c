"""Bringing a case with papers all the way to an approved, cooled-off list, through the product's own actions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from docstore.access.actor import system
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.models import Document
from docstore.retention import approvals, claims, decisions, execution, lists, switch
from docstore.retention.claims import Claimed
from docstore.retention.decisions import Said
from docstore.retention.disposal_models import Decision, DisposalList, ListItem
from docstore.retention.models import DisposalClass
from tests.retention.world import SEVEN_YEARS, World


@dataclass
class Disposal:
    """One class, some closed cases with a paper each, and two records managers."""

    world: World
    kind: DisposalClass
    monkeypatch: pytest.MonkeyPatch
    moved: timedelta = timedelta(0)

    def case(self, *texts: str) -> tuple[Case, Document]:
        """An open case with a paper; closed seven years and more ago, which stops being provisional in a week."""
        case = self.world.case(self.kind, closed_on=None)
        paper = self.world.courts.file(*(texts or ("a page of words",)), case=case)
        self.world.close(case)
        return case, paper

    def pass_days(self, days: int) -> None:
        """Move the product's clock, as the demo court does, and let the night pass."""
        self.world.advance(days)

    def make(self) -> DisposalList:
        return lists.make_list(by=self.world.actor("rm1"), classes=[self.kind.code])

    def approved(self) -> DisposalList:
        made = self.make()
        said = Said(Decision.APPROVE, "Nobody needs it")
        decisions.decide(by=self.world.actor("rm1"), list_id=made.pk, said=said, filters={})
        lists.submit(by=self.world.actor("rm1"), list_id=made.pk)
        return approvals.approve(by=self.world.actor("rm2"), list_id=made.pk, stage=1, confirm=made.number)

    def begun(self) -> DisposalList:
        """A list that is being carried out; nothing has been touched yet."""
        made = self.approved()
        self.pass_days(8)
        execution.carry_out(by=self.world.actor("rm1"), list_id=made.pk)
        return DisposalList.objects.get(pk=made.pk)

    def run(self, list_id: UUID) -> DisposalList:
        """Take turns as a worker would, until the list stands still."""
        for _ in range(5):
            if execution.take_turn(list_id):
                break
        return DisposalList.objects.get(pk=list_id)


def begin(world: World, monkeypatch: pytest.MonkeyPatch) -> Disposal:
    switch.ask_to_enable(by=world.actor("rm1"), reason="A test")
    switch.confirm_enabling(by=world.actor("rm2"), reason="A test")
    return Disposal(world, world.new_class(SEVEN_YEARS), monkeypatch)


def taken(item: ListItem) -> Claimed:
    """An item beyond the point of no return, of which nothing is removed yet."""
    [claimed], refused = claims.claim(execution.plans_of([item]), by=system("tests"))
    assert refused == {}
    return claimed


def today_plus(days: int) -> object:
    return clock.today() + timedelta(days=days)


def with_disposal(settings: Any, **chosen: object) -> None:
    """Choose otherwise than the defaults how destruction is carried out."""
    settings.DOCSTORE = {**settings.DOCSTORE, "DISPOSAL": {**settings.DOCSTORE["DISPOSAL"], **chosen}}
