"""Locks that nobody can undo: the page says so, two people act, and a real server then refuses everybody (RET-J4)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.core.errors import Forbidden
from docstore.retention import class_locks, storage_locks
from docstore.retention.lock_models import ClassLock
from docstore.retention.models import DisposalClass
from tests.retention.court_storage import CourtStorage
from tests.retention.world import World

pytestmark = pytest.mark.django_db


def page(world: World, who: str, kind: DisposalClass, **form: str) -> str:
    client, at = Client(), f"/records/schedules/{kind.pk}/lock/"
    client.force_login(world.courts.people[who])
    if form and (response := client.post(at, form)).status_code != 303:
        return response.content.decode()
    return client.get(at).content.decode()


@pytest.mark.services
@pytest.mark.requirement("RET-J4")
def test_the_page_says_that_it_is_irreversible_two_people_act_and_then_nobody_can_shorten(
    world: World, court_storage: CourtStorage, court_bucket: str, settings: Any
) -> None:
    settings.DOCSTORE = settings.DOCSTORE | {"VAULT_LOCK": True, "VAULT_LOCK_DAYS": 90}
    kind, plain = world.new_class(regulatory=True), world.new_class()
    usual, regulated = (world.courts.file("A page", case=world.case(one, closed_on=None)) for one in (plain, kind))
    assert "Compliance mode is irreversible." in page(world, "rm1", kind)
    assert "Somebody else has to confirm it" in page(world, "rm1", kind, act="ask", reason="The law asks for it")
    assert "Confirm it" not in page(world, "rm1", kind)
    assert "Somebody else has to confirm them" in page(world, "rm1", kind, act="confirm", reason="Me again")
    assert not ClassLock.objects.get().is_on
    assert "Compliance mode is irreversible." in page(world, "rm2", kind)
    assert "locks that cannot be undone" in page(world, "rm2", kind, act="confirm", reason="I agree")
    assert ClassLock.objects.get().is_on
    told = AuditEvent.objects.filter(type__in=[Event.COMPLIANCE_ASKED_FOR, Event.COMPLIANCE_CONFIRMED])
    assert told.count() == 2

    storage_locks.keep_locks()
    owner = court_storage.client()
    at = {one: {"Bucket": court_bucket, "Key": one.versions.get().key} for one in (usual, regulated)}
    modes = [owner.get_object_retention(**at[one])["Retention"]["Mode"] for one in (usual, regulated)]
    assert modes == ["GOVERNANCE", "COMPLIANCE"]  # the default is what two people can undo
    soon = {"Mode": "COMPLIANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(days=1)}
    with pytest.raises(owner.exceptions.ClientError):
        owner.put_object_retention(**at[regulated], Retention=soon, BypassGovernanceRetention=True)
    version = owner.head_object(**at[regulated])["VersionId"]
    with pytest.raises(owner.exceptions.ClientError):
        owner.delete_object(**at[regulated], VersionId=version, BypassGovernanceRetention=True)


def test_other_classes_and_other_people_have_no_such_choice(world: World) -> None:
    plain, kind = world.new_class(), world.new_class(regulatory=True)
    with pytest.raises(class_locks.OnlyRegulatory):
        class_locks.ask_for_compliance(by=world.actor("rm1"), class_id=plain.pk, reason="A test")
    assert "Only the papers under a regulatory class" in page(world, "rm1", plain)
    with pytest.raises(class_locks.NobodyAskedForLocks):
        class_locks.confirm_compliance(by=world.actor("rm1"), class_id=kind.pk, reason="A test")
    with pytest.raises(Forbidden):
        class_locks.ask_for_compliance(by=world.actor("clerk"), class_id=kind.pk, reason="A test")
    row = class_locks.ask_for_compliance(by=world.actor("rm1"), class_id=kind.pk, reason="A test")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassLock.objects.filter(pk=row.pk).update(confirmed_by=row.asked_by)
    class_locks.confirm_compliance(by=world.actor("rm2"), class_id=kind.pk, reason="A test")
    with pytest.raises(class_locks.LocksAreOn):
        class_locks.ask_for_compliance(by=world.actor("rm1"), class_id=kind.pk, reason="Again")
