"""What is destroyed is what was foretold and approved, whatever happened in between (DOM-10.8, REL-37, REL-38)."""

import hashlib
from collections.abc import Callable

import pytest
from django.test import Client

from docstore.access.actor import system
from docstore.cases import actions as cases
from docstore.cases.models import Case
from docstore.core import failpoints
from docstore.documents import actions as documents
from docstore.documents import fixity
from docstore.documents.models import Document, Version
from docstore.documents.vault import vault
from docstore.retention import actions, execution
from docstore.retention.disposal_models import DestructionTarget, DisposalList, ItemState, ListItem
from tests.api.client import Api
from tests.courts import stored
from tests.retention.disposing import Disposal
from tests.retention.test_disposal import hold_case
from tests.retention.test_settled import also_a_clerk

pytestmark = pytest.mark.django_db

Pair = tuple[Case, Document]
Change = Callable[[Disposal, Case, Document], object]


def held(disposal: Disposal, case: Case, paper: Document) -> object:
    return hold_case(disposal, case.pk)


def reopened(disposal: Disposal, case: Case, paper: Document) -> object:
    return actions.reopen_case(by=disposal.world.actor("clerk"), case_id=case.pk, reason="New evidence")


def linked(disposal: Disposal, case: Case, paper: Document) -> object:
    other = disposal.world.courts.case
    by = disposal.world.actor("clerk")
    return cases.link_cases(by=by, case_id=case.pk, other_id=other.pk, reason="Same facts")


def filed_elsewhere(disposal: Disposal, case: Case, paper: Document) -> object:
    to = {"case_id": disposal.world.courts.case.pk, "section": "statements"}
    return documents.show_on(by=disposal.world.actor("clerk"), document_id=paper.pk, seen=paper.etag, **to)


def superseded(disposal: Disposal, case: Case, paper: Document) -> object:
    """A new version, as a records manager with a clerk's role may file one on a closed case."""
    by, received = also_a_clerk(disposal.world.courts, "rm1"), stored(case, b"other words", number=2)
    return documents.supersede(by=by, document_id=paper.pk, seen=paper.etag, received=received, reason="A better scan")


CHANGES: tuple[Change, ...] = (held, reopened, linked, filed_elsewhere, superseded)


@pytest.mark.requirement("DOM-10.8", "RET-F5")
def test_a_dry_run_names_cases_papers_bytes_and_what_stands_in_the_way_and_changes_take_records_out(
    disposal: Disposal,
) -> None:
    goes = [disposal.case(f"words {number}") for number in range(2)]
    broken_case, broken = disposal.case("broken words")
    changed = [disposal.case("other words") for _ in CHANGES]
    disposal.pass_days(8)
    made = disposal.approved()
    foretold = {one.record.id: one for one in execution.dry_run(by=disposal.world.actor("rm1"), list_id=made.pk)}
    assert set(foretold) == {case.pk for case, _ in (*goes, (broken_case, broken), *changed)}
    for case, paper in goes:
        plan, version = foretold[case.pk], paper.versions.get()
        assert (plan.papers, plan.bytes, plan.blockers) == ((paper.pk,), version.bytes, ())
        assert version.key in {one.locator for one in plan.targets}
    damage(broken)
    [told] = [one for one in execution.dry_run(by=disposal.world.actor("rm1"), list_id=made.pk) if one.blockers]
    assert told.record.id == broken_case.pk
    for change, (case, paper) in zip(CHANGES, changed, strict=True):
        change(disposal, case, paper)
        if change in (filed_elsewhere, superseded):
            actions.follow_document(by=system("tests"), document_id=paper.pk)  # as a worker does, at once
    disposal.pass_days(8)
    execution.carry_out(by=disposal.world.actor("rm1"), list_id=made.pk)
    made = disposal.run(made.pk)
    destroyed = set(made.items.filter(state=ItemState.DESTROYED).values_list("record", flat=True))
    assert destroyed == {case.pk for case, _ in goes}
    for case, _ in goes:
        done = DestructionTarget.objects.filter(item__record=case.pk)
        assert {(one.kind, one.locator) for one in done} == {
            (str(one.kind), one.locator) for one in foretold[case.pk].targets
        }
    for case, paper in changed:
        paper.refresh_from_db()
        item = made.items.get(record=case.pk)
        assert item.state in (ItemState.WITHDRAWN, ItemState.SKIPPED), item.state
        assert item.state_reason
        assert vault().has(paper.versions.get(number=1).key)


def damage(paper: Document) -> None:
    """Bytes that are no longer those that were filed, and have been found."""
    Version.objects.filter(document=paper).update(fixity_fault=fixity.Fault.CHANGED)


@pytest.mark.requirement("REL-38")
def test_readers_exports_and_holds_beside_a_destruction_see_all_of_a_record_or_none_of_it(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every step of a destruction somebody reads, somebody takes a table away, and somebody holds the next record."""
    pairs = [disposal.case("first page", "second page") for _ in range(3)]
    disposal.pass_days(8)
    made = disposal.begun()
    reader, keeper, machine = Client(), Client(), Api(disposal.world.courts, "clerk")
    reader.force_login(disposal.world.courts.people["clerk"])
    keeper.force_login(disposal.world.courts.people["rm1"])
    order = list(made.items.order_by("place").values_list("record", flat=True))
    case, paper = next(one for one in pairs if one[0].pk == order[0])
    last, kept = next(one for one in pairs if one[0].pk == order[-1])
    digest = paper.versions.get().sha256
    seen: list[tuple[str, set[int]]] = []
    held_at: list[str] = []

    def reached(name: str) -> None:
        if ListItem.objects.get(record=last.pk).claimed_at is None and not held_at:
            hold_case(disposal, last.pk)  # before the commit that takes it: it wins
            held_at.append(name)
        addresses = (f"/documents/{paper.pk}/", f"/cases/{case.pk}/")
        told = {reader.get(address).status_code for address in addresses}
        content = machine.get(f"documents/{paper.pk}/content")
        told.add(content.status_code)
        if content.status_code == 200:
            assert hashlib.sha256(b"".join(content.streaming_content)).hexdigest() == digest
        seen.append((name, told))
        assert keeper.get("/records/list/?show=all&format=csv").status_code == 200

    monkeypatch.setattr(failpoints, "reach", reached)
    made = disposal.run(made.pk)
    assert held_at == ["disposal-planned"]
    assert all(told in ({200}, {410}) for _, told in seen), seen
    assert [told for _, told in seen][-1] == {410}
    states = dict(made.items.values_list("record", "state"))
    assert states.pop(last.pk) in (ItemState.SKIPPED, ItemState.WITHDRAWN)
    assert set(states.values()) == {ItemState.DESTROYED}
    assert reader.get(f"/documents/{kept.pk}/").status_code == 200
    assert vault().has(kept.versions.get().key)
    assert not any(vault().has(key) for key in keys_of(made))


def keys_of(made: DisposalList) -> list[str]:
    rows = DestructionTarget.objects.filter(item__list=made, kind="object version")
    return list(rows.values_list("locator", flat=True))
