"""The storage's own legal hold follows the database's, on every version of every object (RET-E12). Needs object lock."""

from datetime import timedelta

import pytest
from django.test import Client

from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.jobs import Job, JobName
from docstore.documents.models import Filing, Version
from docstore.documents.vault import LegalHoldImpossible, vault
from docstore.retention import holds, storage_holds
from docstore.retention.hold_models import Hold
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.vocabulary import HoldKind
from tests.retention.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World) -> Case:
    case = world.case(world.new_class(), closed_on=None)
    for title in ("One", "Two"):
        world.courts.file("A page", case=case, title=title)
    return case


def place(world: World, case: Case) -> Hold:
    review = clock.today() + timedelta(days=100)
    told = HoldTold(HoldKind.CASE, "Inquiry", "A test", "The tests", review, Targets(cases=(case.pk,)))
    return holds.place_hold(by=world.actor("rm1"), told=told).hold


def keys(case: Case) -> list[str]:
    documents = Filing.objects.filter(case=case).values("document_id")
    return list(Version.objects.filter(document__in=documents).values_list("key", flat=True))


def test_a_hold_announces_that_storage_has_to_follow(world: World, case: Case) -> None:
    row = place(world, case)
    assert Job.objects.filter(name=JobName.RETENTION_STORAGE_HOLD, subject=f"hold:{row.pk}").count() == 1


@pytest.mark.services
@pytest.mark.requirement("RET-E12", "DOM-10.14", "WIN-13")
def test_storage_holds_begin_and_end_with_ours_and_drift_is_mended(world: World, case: Case) -> None:
    store = vault()
    if not store.has_legal_holds:
        pytest.skip("this storage has no object lock")
    first, second = place(world, case), place(world, case)
    assert storage_holds.follow_hold(first.pk) == 2
    assert all(store.has_legal_hold(key) for key in keys(case))
    holds.release_hold(by=world.actor("rm1"), hold_id=first.pk, reason="Over")
    assert storage_holds.follow_hold(first.pk) == 0
    assert all(store.has_legal_hold(key) for key in keys(case))
    store.set_legal_hold(keys(case)[0], on=False)
    found = storage_holds.reconcile()
    assert len(found.wrong) == 1
    assert all(store.has_legal_hold(key) for key in keys(case))
    late = world.courts.file("A page", case=case, title="Late")
    assert storage_holds.follow_document(late.pk) == 1
    holds.release_hold(by=world.actor("rm1"), hold_id=second.pk, reason="Over")
    assert storage_holds.follow_hold(second.pk) == 3
    assert not any(store.has_legal_hold(key) for key in keys(case))


@pytest.mark.requirement("RET-J9")
def test_without_object_lock_the_product_says_so_and_keeps_its_own_controls(world: World, case: Case) -> None:
    store = vault()
    if store.has_legal_holds:
        pytest.skip("this storage has object lock")
    row = place(world, case)
    assert storage_holds.follow_hold(row.pk) == 0
    assert storage_holds.reconcile().checked == 0
    with pytest.raises(LegalHoldImpossible):
        store.set_legal_hold(keys(case)[0], on=True)
    client = Client()
    client.force_login(world.courts.people["rm1"])
    assert "no storage-level write-once protection" in client.get("/records/holds/").content.decode()
