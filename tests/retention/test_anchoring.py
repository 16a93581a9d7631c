"""Checkpoints reach storage that keeps them, under credentials of its own, in time; and somebody is told where they do not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.test import Client
from django.urls import reverse

from docstore.audit import notes, sealing
from docstore.audit.anchor import AnchorIsDown, anchor
from docstore.audit.models import Checkpoint
from docstore.audit.sealed import verify_sealed
from docstore.core import clock, signing
from docstore.management.doctor import LOOKS
from docstore.web import dates
from ops import bucket, identities
from ops.identities import Account
from tests.api.client import Api
from tests.audit.writing import withdraw
from tests.retention.court_storage import CourtStorage
from tests.retention.disposing import Disposal
from workers import upkeep
from workers.schedule import SCHEDULE

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("RET-L7")]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A bucket for evidence on a court's own server, with an account that alone reaches it."""

    storage: CourtStorage
    bucket: str

    def client(self, identity: str = "owner") -> Any:
        return self.storage.client(identity)


@pytest.fixture
def evidence(court_storage: CourtStorage, court_bucket: str, settings: Any) -> Evidence:
    """Locked storage as a production installation has it: a compliance lock, and credentials that the vault's do not know."""
    name = f"{court_bucket}-evidence"
    bucket.make(court_storage.where() | {"S3_BUCKET": name})
    identities.make(court_storage.where(), [Account("anchor", "docstore-anchor", court_storage.secret)], name=name)
    there = settings.STORAGES["vault"]
    told = {"bucket_name": name, "access_key": "docstore-anchor", "location": "anchor"}
    settings.STORAGES = settings.STORAGES | {"anchor": there | {"OPTIONS": there["OPTIONS"] | told}}
    settings.DOCSTORE = settings.DOCSTORE | {"ANCHOR_LOCK_SECONDS": 60}
    return Evidence(court_storage, name)


def refused(act: Any, **told: Any) -> bool:
    try:
        act(**told)
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return False


@pytest.mark.services
def test_a_signed_checkpoint_lies_where_nobody_can_change_it_and_other_credentials_reach_nothing(
    evidence: Evidence,
) -> None:
    withdraw()
    upkeep.seal()
    [(size, key)] = sealing.anchored_sizes()
    assert notes.read((anchor().read(key) or b"").decode(), keys=signing.public_keys()).size == size
    named = {"Bucket": evidence.bucket, "Key": f"anchor/{key}"}
    owner = evidence.client()
    lock = owner.get_object_retention(**named)["Retention"]
    assert lock["Mode"] == "COMPLIANCE"
    assert lock["RetainUntilDate"] > datetime.now(UTC) + timedelta(seconds=20)
    version = owner.list_object_versions(Bucket=evidence.bucket, Prefix=named["Key"])["Versions"][0]["VersionId"]
    for identity in ("web", "worker", "destroyer"):
        other = evidence.client(identity)
        assert refused(other.get_object, **named)
        assert refused(other.put_object, **named, Body=b"another history")
        assert refused(other.delete_object, **named, VersionId=version)
    own = evidence.client("anchor")
    assert refused(own.delete_object, **named, VersionId=version)
    for whoever in (own, owner):  # not even who owns the server: compliance is compliance
        assert refused(whoever.delete_object, **named, VersionId=version, BypassGovernanceRetention=True)
    with pytest.raises(ClientError, match=r"\((412|PreconditionFailed)\)"):
        own.put_object(**named, Body=b"another history", IfNoneMatch="*")
    assert list(verify_sealed()) == []


def test_it_is_made_within_the_hour_and_sooner_where_many_events_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    every = {one["task"]: one["schedule"] for one in SCHEDULE.values()}
    assert every["workers.upkeep.seal"] <= timedelta(hours=1)
    assert every["workers.upkeep.seal_if_many"] <= timedelta(minutes=1)
    monkeypatch.setattr(sealing, "MANY", 4)
    for _ in range(3):
        withdraw()
    assert upkeep.seal_if_many() is False
    assert not Checkpoint.objects.exists()
    withdraw()
    assert upkeep.seal_if_many() is True
    assert Checkpoint.objects.get().size == 4
    withdraw()
    upkeep.seal()
    assert Checkpoint.objects.filter(anchored_at__isnull=False).count() == 2


def test_two_hours_without_one_raise_an_alarm_and_pages_say_up_to_when(
    disposal: Disposal, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = disposal.case()
    upkeep.seal()
    until = Checkpoint.objects.latest("size").made_at
    there = settings.STORAGES
    dead = {"endpoint_url": "http://127.0.0.1:1", "bucket_name": "none", "access_key": "a", "secret_key": "b"}
    away = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": dead}
    settings.STORAGES = there | {"anchor": away}
    withdraw()
    with pytest.raises(AnchorIsDown):
        upkeep.seal()
    people = disposal.world.courts.people
    pages = {"rm1": reverse("records"), "auditor": reverse("trail"), "clerk": reverse("case-history", args=[case.pk])}
    assert not any(late for late, _ in _told(people, pages, until))
    now = clock.now() + timedelta(hours=2, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    for late, said in _told(people, pages, until):
        assert (late, said) == (True, True)
    settings.STORAGES = there
    [found] = [one for one in LOOKS["evidence"]("evidence") if one.part == "evidence"]
    assert not found.well
    lines = Api(disposal.world.courts, "support").get("metrics", Accept="text/plain").content.decode().splitlines()
    [behind] = [line for line in lines if line.startswith("docstore_audit_lag_seconds ")]
    assert float(behind.split()[1]) > 2 * 3600


def _told(people: Any, pages: dict[str, str], until: datetime) -> list[tuple[bool, bool]]:
    """For each page: whether it raises the alarm, and whether it says up to when everything is anchored."""
    told = []
    for who, address in pages.items():
        client = Client()
        client.force_login(people[who])
        page = client.get(address).content.decode()
        said = f"Anchored up to {dates.moment(until)}." in page
        told.append(("no seal has reached locked storage" in page, said))
    return told
