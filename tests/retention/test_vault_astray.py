"""A vault without the protection that was configured stops destruction and nothing else (RET-J1). Needs an S3 server."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import storages

from docstore.documents.vault import vault
from docstore.management.doctor import LOOKS
from docstore.retention import execution, queries, readiness
from docstore.retention.vocabulary import Outcome
from tests.retention.disposing import Disposal
from tests.retention.world import of_case

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def unprotected(settings: Any) -> Iterator[Any]:
    """Settings that lead to a bucket made without versions and locks, as somebody in a hurry makes one."""
    storage: Any = storages["vault"]
    if not vault().has_legal_holds:
        pytest.skip("this storage has no object lock")
    client, name = storage.connection.meta.client, f"unprotected-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name)
    there = settings.STORAGES["vault"]
    yield settings.STORAGES | {"vault": there | {"OPTIONS": there["OPTIONS"] | {"bucket_name": name}}}
    for one in client.list_objects_v2(Bucket=name).get("Contents", ()):
        client.delete_object(Bucket=name, Key=one["Key"])
    client.delete_bucket(Bucket=name)


@pytest.mark.requirement("RET-J1")
def test_a_vault_that_is_not_as_configured_turns_destruction_off(
    disposal: Disposal, unprotected: dict[str, Any], settings: Any
) -> None:
    case, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.begun()
    assert readiness.why_not_now() == ""
    as_it_was = settings.STORAGES
    settings.STORAGES = unprotected
    why = readiness.why_not_now()
    assert "not as configured" in why
    assert "versioning" in why
    assert "object lock" in why
    assert execution.take_turn(made.pk) is False
    with pytest.raises(execution.DestructionOff, match="not as configured"):
        execution.carry_out(by=disposal.world.actor("rm1"), list_id=made.pk)
    for part in ("vault", "destruction"):
        assert not all(one.well for one in LOOKS[part](part)), part
    assert queries.evaluate_record(of_case(case)).outcome is Outcome.ELIGIBLE  # retention goes on in the database
    paper.refresh_from_db()
    assert not paper.is_gone
    settings.STORAGES = as_it_was
    assert readiness.why_not_now() == ""
    settings.STORAGES = unprotected
    settings.DOCSTORE = settings.DOCSTORE | {"VAULT_LOCK": False}
    assert "object lock" not in readiness.why_not_now()  # an installation that chose to do without
