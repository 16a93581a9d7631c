"""The process that carries a destruction out is killed after every single target, and another one goes on (RET-S2, G8)."""

import os
import signal
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection

from docstore.audit.models import AuditEvent
from docstore.audit.sealed import verify_sealed
from docstore.core import conf
from docstore.documents.vault import vault
from docstore.retention import certificates, execution
from docstore.retention.disposal_models import DestructionTarget, ItemState, ListItem, ListStatus, TargetStatus
from docstore.retention.stub_models import Stub
from tests.retention.disposing import Disposal
from tests.retention.forks import with_connections_of_its_own
from tests.retention.test_disposal import hold_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def killed_at(failpoint: str, act: Callable[[], object]) -> bool:
    """Run an act in a process of its own that a power cut ends at `failpoint`; True where it came so far."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with_connections_of_its_own()
            settings.DOCSTORE = {**settings.DOCSTORE, "FAILPOINT": failpoint}
            conf.get.cache_clear()
            act()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.requirement("RET-S2", "RET-G8", "REL-37")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a second process cannot open SQLite's test database")
def test_killed_after_every_target_it_converges(disposal: Disposal) -> None:
    case, paper = disposal.case("first page", "second page")
    kept, kept_paper = disposal.case("of an inquiry")
    key = paper.versions.get().key
    disposal.pass_days(8)
    made = disposal.begun()
    hold_case(disposal, kept.pk)
    [plan] = execution.plans_of(made.items.filter(record=case.pk)).values()
    steps = [f"disposal-{one.kind}-{at}" for at, one in enumerate(plan.targets) if one.kind not in ("database text",)]
    assert len(steps) >= 3
    for step in ("disposal-planned", "disposal-claimed", *steps, "disposal-verified", "disposal-finalised"):
        assert killed_at(step, lambda: execution.take_turn(made.pk)), step
        paper.refresh_from_db()
        if paper.is_gone:
            assert AuditEvent.objects.filter(type="destruction.begun").exists()
        else:
            assert (made.items.get(record=case.pk).state, vault().has(key)) == (ItemState.APPROVED, True)
        ListItem.objects.update(lease_until=0)  # two minutes later
    done = disposal.run(made.pk)
    assert done.status == ListStatus.DONE
    assert not vault().has(key)
    told = certificates.certificate_of(disposal.world.actor("rm1"), done).content
    [certified] = told["records"]
    gone = {one["locator"] for one in certified["targets"] if one["kind"] in ("object version", "rendition")}
    assert (certified["record"], key in gone) == (str(case.pk), True)
    assert not any(vault().has(one) for one in gone)
    assert [one["record"] for one in told["not_destroyed"]] == [str(kept.pk)]
    kept_paper.refresh_from_db()
    assert (kept_paper.is_gone, vault().has(kept_paper.versions.get().key)) == (False, True)
    assert set(DestructionTarget.objects.values_list("status", flat=True)) == {TargetStatus.VERIFIED}
    assert Stub.objects.count() == 2
    completed = AuditEvent.objects.filter(type="destruction.completed", stream__startswith="disposal")
    assert completed.count() == 1
    assert list(verify_sealed()) == []
