"""What each identity can do on a real S3 server with object lock, account by account (RET-J5, RET-J6, RET-S3)."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from docstore.checks import fit_for_its_place
from docstore.core import conf
from docstore.core.jobs import Job, JobName, lease
from docstore.documents.erasure import NotTheDestroyer, eraser
from docstore.retention import execution
from docstore.retention.disposal_models import ItemState
from tests.retention.court_storage import CourtStorage
from tests.retention.disposing import Disposal

pytestmark = [pytest.mark.django_db, pytest.mark.services]
COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"
KEY = "cases/one/1"


@pytest.fixture
def locked(court_storage: CourtStorage, court_bucket: str) -> dict[str, Any]:
    """One paper put by the web process and locked by the worker; where it lies, with its version."""
    made = court_storage.client("web").put_object(Bucket=court_bucket, Key=KEY, Body=b"a paper", IfNoneMatch="*")
    named = {"Bucket": court_bucket, "Key": KEY, "VersionId": made["VersionId"]}
    court_storage.client("worker").put_object_retention(**named, Retention=_until(days=3))
    return named


def _until(*, days: int) -> dict[str, Any]:
    return {"Mode": "GOVERNANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(days=days)}


def refused(act: Any, **told: Any) -> bool:
    """Whether the server denies a call. A bulk delete answers 200 and denies each key."""
    try:
        answer = act(**told)
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return bool(answer.get("Errors")) and {one["Code"] for one in answer["Errors"]} == {"AccessDenied"}


@pytest.mark.requirement("RET-J5")
@pytest.mark.parametrize("identity", ["web", "worker"])
def test_the_applications_identities_can_neither_bypass_a_lock_nor_remove_anything(
    court_storage: CourtStorage, locked: dict[str, Any], identity: str
) -> None:
    ours, where = court_storage.client(identity), {"Bucket": locked["Bucket"], "Key": KEY}
    named = {"Key": KEY, "VersionId": locked["VersionId"]}
    assert refused(ours.delete_object, **where)
    assert refused(ours.delete_object, **locked)
    assert refused(ours.delete_object, **locked, BypassGovernanceRetention=True)
    for some in ({"Key": KEY}, named):
        assert refused(ours.delete_objects, Bucket=locked["Bucket"], Delete={"Objects": [some]})
    bulk = {"Bucket": locked["Bucket"], "Delete": {"Objects": [named]}, "BypassGovernanceRetention": True}
    assert refused(ours.delete_objects, **bulk)
    assert refused(ours.put_object_retention, **locked, Retention=_until(days=1))
    assert refused(ours.put_object_retention, **locked, Retention=_until(days=1), BypassGovernanceRetention=True)
    assert refused(ours.delete_bucket_policy, Bucket=locked["Bucket"])
    assert refused(ours.put_bucket_versioning, Bucket=locked["Bucket"], VersioningConfiguration={"Status": "Suspended"})
    with pytest.raises(ClientError, match=r"\((412|PreconditionFailed)\)"):
        ours.put_object(**where, Body=b"other bytes", IfNoneMatch="*")
    listed = court_storage.client().list_object_versions(**{"Bucket": locked["Bucket"], "Prefix": KEY})
    assert [one["VersionId"] for one in listed["Versions"]] == [locked["VersionId"]]
    assert "DeleteMarkers" not in listed


@pytest.mark.parametrize("identity", ["web", "worker"])
def test_large_items_go_in_parts_under_these_policies(
    court_storage: CourtStorage, court_bucket: str, identity: str
) -> None:
    ours, where = court_storage.client(identity), {"Bucket": court_bucket, "Key": "cases/one/2"}
    assembly = where | {"UploadId": ours.create_multipart_upload(**where)["UploadId"]}
    ours.upload_part(**assembly, PartNumber=1, Body=b"x")
    assert len(ours.list_parts(**assembly)["Parts"]) == 1
    ours.abort_multipart_upload(**assembly)
    assert not ours.list_multipart_uploads(Bucket=court_bucket).get("Uploads")


@pytest.mark.requirement("RET-J6")
def test_the_destroyer_removes_named_versions_and_can_neither_read_nor_write(
    court_storage: CourtStorage, locked: dict[str, Any], disposal: Disposal, settings: Any
) -> None:
    destroyer, where = court_storage.client("destroyer"), {"Bucket": locked["Bucket"], "Key": KEY}
    assert refused(destroyer.get_object, **where)
    assert refused(destroyer.get_object, **locked)
    assert refused(destroyer.head_object, **where)
    assert refused(destroyer.put_object, **where, Body=b"x")
    copied = {"Bucket": locked["Bucket"], "CopySource": f"{locked['Bucket']}/{KEY}", "Key": "cases/one/3"}
    assert refused(destroyer.copy_object, **copied)
    assert refused(destroyer.create_multipart_upload, **where)
    assert refused(destroyer.delete_object, **where)
    assert refused(destroyer.delete_object, **locked, BypassGovernanceRetention=True)
    assert refused(destroyer.put_object_retention, **locked, Retention=_until(days=9))
    assert refused(destroyer.put_object_legal_hold, **locked, LegalHold={"Status": "OFF"})

    _, paper = disposal.case()
    key = paper.versions.get().key
    disposal.pass_days(8)
    made = disposal.begun()
    here = settings.DOCSTORE
    settings.DOCSTORE = here | {"JOBS": here["JOBS"] | {"LEAVES_OUT": ("disposal.carry_out", "retention.transfer")}}
    assert Job.objects.takeable(now=9e9).filter(name=JobName.DISPOSAL_CARRY_OUT).count() == 0
    while (job := lease(owner="an ordinary worker")) is not None:
        assert job.name != JobName.DISPOSAL_CARRY_OUT
    with pytest.raises(NotTheDestroyer):
        eraser().remove(eraser().survey(key))
    execution.take_turn(made.pk)
    assert made.items.get().state == ItemState.INCOMPLETE
    assert eraser().remaining(key) != []
    settings.DOCSTORE = here
    made.items.update(not_before=None)
    disposal.run(made.pk)  # looks and reads as the worker, removes as the destroyer
    assert made.items.get().state == ItemState.DESTROYED
    assert eraser().remaining(key) == []


def test_only_the_disposal_worker_of_the_compose_file_is_given_the_destroyer() -> None:
    services = re.split(r"^  (?=[a-z]+:)", COMPOSE.read_text().partition("\nservices:\n")[2], flags=re.MULTILINE)
    holders = {one.partition(":")[0] for one in services if "S3_DESTROYER_ACCESS_KEY" in one}
    told = {one.partition(":")[0] for one in services if "S3_DESTROYER_SECRET_KEY" in one}
    assert holders == {"disposer"}
    assert told == {"disposer", "bucket"}  # which makes the account, once


def test_one_identity_for_everything_is_refused_in_production(settings: Any) -> None:
    settings.DOCSTORE = settings.DOCSTORE | {"ENV": "production"}
    assert "docstore.E013" in {one.id for one in fit_for_its_place(None)}
    jobs = settings.DOCSTORE["JOBS"] | {"LEAVES_OUT": ("disposal.carry_out",)}
    settings.DOCSTORE = settings.DOCSTORE | {"JOBS": jobs}
    assert not conf.get().removes
    assert "docstore.E013" not in {one.id for one in fit_for_its_place(None)}
