"""What comes after: certificates, stubs, ledger, and what the checks outside the product say."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from docstore.core import signing
from docstore.core.errors import Forbidden
from docstore.documents.vault import vault
from docstore.retention import (
    certificates,
    effects,
    execution,
    lists,
    stubs,
    switch,
)
from docstore.retention.disposal_models import (
    DestructionTarget,
    DisposalList,
    ListStatus,
)
from tests.retention.disposing import Disposal, taken
from tests.retention.test_disposal import hold_case

pytestmark = pytest.mark.django_db

VERIFIER = Path(__file__).resolve().parents[2] / "ops" / "verify_evidence.py"


@pytest.mark.requirement("RET-G16")
def test_the_global_stop_ends_claims_and_work_in_flight(disposal: Disposal) -> None:
    _, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.begun()
    switch.stop_all(by=disposal.world.actor("rm1"), reason="Something is wrong")
    execution.take_turn(made.pk)
    assert not DestructionTarget.objects.exists()
    assert vault().has(paper.versions.get().key)


@pytest.mark.requirement("RET-I2")
def test_certificates_are_numbered_without_gaps_and_name_no_content(disposal: Disposal) -> None:
    numbers = []
    for _ in range(2):
        _, paper = disposal.case("secret words")
        disposal.pass_days(8)
        made = disposal.begun()
        DisposalList.objects.filter(pk=made.pk).update(sensitive=True)
        made = disposal.run(made.pk)
        issued = certificates.certificate_of(disposal.world.actor("rm1"), made)
        assert issued.is_final
        text = base64.b64decode(issued.envelope["payload"]).decode()
        assert paper.title not in text
        assert "secret" not in text
        assert str(paper.pk) in text
        numbers.append(made.certificate.number)
    assert [int(one.rpartition("-")[2]) for one in numbers] == [1, 2]


def test_a_certificate_verifies_and_its_pdf_opens(disposal: Disposal) -> None:
    case, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.run(disposal.begun().pk)
    issued = certificates.certificate_of(disposal.world.actor("rm1"), made)
    told = json.loads(signing.verify(issued.envelope, keys=signing.public_keys()))
    assert told["certificate"] == made.certificate.number
    assert told["records"][0]["record"] == str(case.pk)
    assert told["records"][0]["documents"] == [str(paper.pk)]
    assert {one["by"]["account"] for one in told["approvals"]} == {"rm2"}
    assert certificates.pdf_of(issued).startswith(b"%PDF-")
    assert issued.envelope["inclusion"]["proof"]


@pytest.mark.requirement("RET-I8")
def test_destroyed_bytes_are_recognised_and_not_told(disposal: Disposal) -> None:
    _, paper = disposal.case()
    digest = paper.versions.get().sha256
    disposal.pass_days(8)
    disposal.run(disposal.begun().pk)
    found = stubs.same_bytes(digest)
    assert found is not None
    assert found.record == paper.pk
    assert digest not in [one.digest for one in found.fingerprints.all()]
    assert stubs.same_bytes("0" * 64) is None


def test_a_hold_that_comes_too_late_halts_what_is_left(disposal: Disposal, monkeypatch: pytest.MonkeyPatch) -> None:
    case, paper = disposal.case()
    key = paper.versions.get().key
    disposal.pass_days(8)
    made = disposal.begun()
    item = made.items.get()
    hand = effects.InHand([taken(item)])
    hold_case(disposal, case.pk)
    effects.remove_copies(hand)
    [(_, halted)] = hand.halted
    assert (halted.by_hold, hand.going) == (True, [])
    assert vault().has(key)
    paper.refresh_from_db()
    assert paper.is_gone


def test_a_person_who_may_not_is_refused_everywhere(disposal: Disposal) -> None:
    disposal.case()
    disposal.pass_days(8)
    made = disposal.make()
    usher = disposal.world.actor("usher")
    for act in (
        lambda: lists.make_list(by=usher),
        lambda: lists.get_list(usher, made.pk),
        lambda: execution.carry_out(by=usher, list_id=made.pk),
        lambda: stubs.find(usher, "1"),
        lambda: switch.stop_all(by=usher, reason="x"),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.requirement("RET-I6")
def test_anybody_checks_signature_digest_and_place_in_the_audit_without_the_server(
    disposal: Disposal, tmp_path: Path
) -> None:
    envelopes = []
    for _ in range(2):
        disposal.case()
        disposal.pass_days(8)
        made = disposal.run(disposal.begun().pk)
        envelopes.append(certificates.certificate_of(disposal.world.actor("rm1"), made).envelope)
    good, other = envelopes
    forged = {**good, "payload": base64.b64encode(base64.b64decode(good["payload"]) + b" ").decode()}
    misplaced = {**good, "inclusion": {**good["inclusion"], "index": good["inclusion"]["index"] + 1}}
    of_another = {**good, "inclusion": other["inclusion"]}
    unproven = {name: value for name, value in good.items() if name != "inclusion"}
    told = (
        "is signed by a published key",
        "names this certificate's digest",
        "event stands in the log",
        "brings a proof",
    )
    expected = (good, ""), (forged, told[0]), (of_another, told[1]), (misplaced, told[2]), (unproven, told[3])
    (tmp_path / "keys.json").write_text(json.dumps(signing.public_keys()))
    for envelope, failing in expected:
        (tmp_path / "certificate.json").write_text(json.dumps(envelope))
        command = [sys.executable, "-I", str(VERIFIER), str(tmp_path / "certificate.json"), str(tmp_path / "keys.json")]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        assert done.returncode == (1 if failing else 0)
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
        assert any(failing in line for line in failed) if failing else failed == []


def test_the_year_passes_on_pages(disposal: Disposal) -> None:
    """Made and decided by one records manager, approved by another, cooled off, carried out, certified."""
    _, paper = disposal.case()
    disposal.pass_days(8)
    people = {name: Client() for name in ("rm1", "rm2")}
    for name, client in people.items():
        client.force_login(disposal.world.courts.people[name])
    made = people["rm1"].post("/records/disposal/")
    here = made.headers["Location"]
    assert b"Undecided" in people["rm1"].get(here).content
    people["rm1"].post(f"{here}decide/", {"group": "filter", "decision": "approve", "reason": "Nobody needs it"})
    people["rm1"].post(f"{here}submit/")
    assert b"You cannot approve this list" in people["rm1"].get(here).content
    number = DisposalList.objects.get().number
    wrong = people["rm2"].post(f"{here}approve/", {"stage": "1", "confirm": "something else", "sure": "on"})
    assert wrong.status_code == 422
    assert people["rm2"].post(f"{here}approve/", {"stage": "1", "confirm": number}).status_code == 422
    assert DisposalList.objects.get().status == ListStatus.SUBMITTED
    people["rm2"].post(f"{here}approve/", {"stage": "1", "confirm": number, "sure": "on"})
    people["rm1"].post(f"{here}carry-out/")
    assert DisposalList.objects.get().status == ListStatus.APPROVED  # it cools off, and the page says until when
    disposal.pass_days(8)
    people["rm1"].post(f"{here}carry-out/")
    done = disposal.run(DisposalList.objects.get().pk)
    page = people["rm2"].get(here)
    assert done.certificate.number.encode() in page.content
    told = people["rm2"].get(f"/records/certificates/{done.certificate.number}/")
    assert told.content.startswith(b"%PDF-")
    assert people["rm2"].get("/records/disposal/").status_code == 200
    paper.refresh_from_db()
    assert paper.is_gone
