"""Evidence that leaves the house: the history of a case, checked by one file without the server, reasons withheld."""

import base64
import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES
from docstore.api.access import ROUTES as API
from docstore.audit import chain, evidence, triggers
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload
from docstore.audit.sealing import LONGEST_LAG, seal
from docstore.audit.verify import verify
from docstore.cases.change import case_stream
from docstore.core import clock, signing
from docstore.retention import holds
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.vocabulary import HoldKind
from docstore.web.access import ROUTES as PAGES
from tests.audit.writing import STAMP, STREAM, withdraw
from tests.courts import TwoCourts
from tests.retention.world import World

pytestmark = pytest.mark.django_db

VERIFIER = Path(__file__).resolve().parents[2] / "ops" / "verify_evidence.py"
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), inner),
    max_leaves=8,
)


def auditor(courts: TwoCourts) -> Client:
    person = access.create_person(by=system("tests"), username="audit", name="Audit", password="test-password-1")
    access.grant_role(by=system("tests"), person=person, role="auditor", court=None)
    client = Client()
    client.force_login(person)
    return client


def verified(told: object, folder: Path) -> int:
    """What the verifier says, run as a stranger would: one file, no product, no server."""
    (folder / "keys.json").write_text(json.dumps(signing.public_keys()))
    (folder / "history.json").write_text(json.dumps(told))
    command = [sys.executable, "-I", str(VERIFIER), str(folder / "history.json"), str(folder / "keys.json")]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.requirement("RET-L13")
def test_the_history_of_a_case_is_checked_without_the_server(courts: TwoCourts, tmp_path: Path) -> None:
    courts.file("A page")
    seal()
    answer = auditor(courts).get(reverse("trail-evidence", kwargs={"case_id": courts.case.pk}))
    told = json.loads(answer.content)
    assert len(told["events"]) > 1
    assert verified(told, tmp_path) == 0
    swapped = {**told, "events": [told["events"][1], told["events"][0], *told["events"][2:]]}
    cut = {**told, "events": told["events"][1:]}
    changed = json.loads(answer.content)
    changed["events"][0]["payload"] = base64.b64encode(b'{"title":"Another"}').decode()
    unproven = {**told, "inclusion": None}
    for broken in (swapped, cut, changed, unproven):
        assert verified(broken, tmp_path) == 1


@pytest.mark.requirement("RET-L14")
def test_reasons_of_holds_are_withheld_and_the_chain_still_holds(world: World, tmp_path: Path) -> None:
    review = clock.today() + timedelta(days=100)
    targets = Targets(cases=(world.courts.case.pk,))
    told = HoldTold(HoldKind.CASE, "Operation Heron", "An investigation", "A warrant", review, targets, restricted=True)
    placed = holds.place_hold(by=world.actor("rm1"), told=told)
    holds.release_hold(by=world.actor("rm1"), hold_id=placed.hold.pk, reason="Nothing was found about Heron")
    seal()
    client = auditor(world.courts)
    for address in (reverse("trail"), f"{reverse('trail')}?event=hold.released"):
        shown = client.get(address).content.decode()
        assert "Released a hold" in shown
        assert "Heron" not in shown
    assert b"Heron" not in b"".join(client.post(reverse("trail-table")).streaming_content)  # type: ignore[attr-defined]
    withheld = evidence.evidence_of("records", withheld=evidence.ABOUT_HOLDS)
    assert "Heron" not in json.dumps([base64.b64decode(one.get("payload", "")).decode() for one in withheld["events"]])
    assert sum("commitment" in one for one in withheld["events"]) == 2
    assert verified(withheld, tmp_path) == 0
    assert list(verify(stream="records")) == []


@pytest.mark.requirement("RET-L12")
def test_five_thousand_events_of_a_case_are_checked_while_its_page_opens(courts: TwoCourts) -> None:
    stream = case_stream(courts.case.pk)
    for number in range(20):
        withdraw(stream=stream, reason=f"Reason {number}")
    client = Client()
    client.force_login(courts.people["clerk"])
    address = reverse("case-history", kwargs={"case_id": courts.case.pk})
    page = client.get(address).content.decode()
    count = AuditEvent.objects.filter(stream=stream).count()
    assert f"the {count} events of this case stand as they were written" in page
    begun = time.process_time()
    assert evidence.standing_of(stream).events == count
    each = (time.process_time() - begun) / count
    assert each * 5000 < 2
    triggers.lift(connection)
    third = AuditEvent.objects.get(stream=stream, seq=3)
    AuditPayload.objects.filter(pk=third.pk).update(payload=b'{"reason":"None"}')
    assert "does not hold from event 3 on" in client.get(address).content.decode()


def test_a_page_says_up_to_when_everything_is_anchored_and_raises_an_alarm(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal()
    assert (evidence.anchored().is_late, bool(evidence.anchored().until)) == (False, True)
    client = Client()
    client.force_login(world.courts.people["rm1"])
    assert "no seal has reached locked storage" not in client.get(reverse("records")).content.decode()
    withdraw()
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + LONGEST_LAG + timedelta(minutes=1))
    assert evidence.anchored().is_late
    assert "no seal has reached locked storage" in client.get(reverse("records")).content.decode()


@pytest.mark.requirement("RET-L9")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reason=FACTS)
def test_what_is_hashed_is_what_is_stored_whatever_it_says(reason: Any) -> None:
    row = record(
        Event.DOCUMENT_WITHDRAWN, stamp=STAMP, stream=STREAM, refs={"document": "ŵ-é-😀"}, facts={"reason": reason}
    )
    row = AuditEvent.objects.get(pk=row.pk)
    payload = AuditPayload.objects.get(pk=row.pk)
    assert bytes(payload.payload) == chain.canonical({"reason": reason})
    assert json.loads(bytes(payload.payload)) == {"reason": reason}
    header = json.loads(bytes(row.header))
    assert header["occurred_at"] == chain.moment(row.recorded_at)  # to the microsecond
    bound = chain.commitment(bytes(payload.salt), bytes(payload.payload))
    assert bound == bytes(row.payload_commitment)
    assert chain.event_hash(bytes(row.prev_hash), bytes(row.header), bound) == bytes(row.event_hash)
    with pytest.raises(TypeError):
        chain.canonical({"reason": [reason, 0.5]})


@pytest.mark.requirement("RET-L11")
def test_there_is_no_way_to_stop_clear_or_purge_the_audit(courts: TwoCourts) -> None:
    ours = {name for name, app in get_commands().items() if app.startswith("docstore")}
    assert {name for name in ours if "audit" in name or "trail" in name} == {"verify_audit"}
    told = {name: methods for name, methods in {**API, **PAGES}.items() if "trail" in name or "audit" in name}
    assert {method for name in told for method in told[name]} <= {"GET", "POST"}
    assert {name for name in told if "POST" in told[name]} == {"trail", "trail-table"}  # a filter, and a table to take
    assert not [one for one in Permission if "TRAIL" in one.name and "READ" not in one.name]
    assert all("DELETE" not in methods for methods in told.values())
    assert ROLES["auditor"].permissions == {Permission.READ_TRAILS, Permission.WATCH_ACCESS}
