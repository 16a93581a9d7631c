"""The agent against a court that runs: power cuts at every step, forged receipts, full disks, keys and clocks gone wrong."""

import base64
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.outcomes import Exit
from tests.faults.product import ROOT, Product
from tests.station.running import LONGEST, Pc, reference
from tests.station.tampering import between

OFFLINE = int(os.environ.get("DOCSTORE_OFFLINE_BATCHES", "3"))
BEFORE_SENT = ("hashed", "manifest-sent", "before-upload", "uploaded", "part-sent")
AFTER_SENT = ("before-close", "closed", "receipt-read", "receipted", "before-move", "moved")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, demo_court: Path) -> Iterator[Product]:
    made = Product(tmp_path_factory.mktemp("court"))
    made.prepare(demo_court)
    made.start_web()
    made.start_worker()
    made.start_scheduler()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def clerk(product: Product) -> str:
    return product.manage("demo_key", "clerk")


@pytest.fixture(scope="module")
def key(product: Product) -> str:
    return product.manage("demo_key", "station")


@pytest.fixture
def pc(tmp_path: Path, product: Product, key: str) -> Pc:
    return Pc(tmp_path, product, key)


def on_case(product: Product, case: str, clerk: str) -> list[str]:
    """Digests of all that is on a case."""
    found, cursor = [], ""
    while True:
        told = product.get(f"/api/v1/cases/{case}/documents?cursor={cursor}", clerk).body
        found += [version["sha256"] for one in told["results"] for version in one["versions"]]
        cursor = told["next"]
        if not cursor:
            return found


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.requirement("REL-45")
@pytest.mark.parametrize("cut", [*BEFORE_SENT, *AFTER_SENT])
def test_a_power_cut_at_any_step_loses_nothing_and_repeats_nothing(
    product: Product, clerk: str, pc: Pc, cut: str
) -> None:
    case, number = reference(product, clerk)
    pc.more = {"whole_below_bytes": 700, "part_bytes": 400} if cut == "part-sent" else {}
    sent = {f"{number}_{name}.pdf": b"" for name in ("one", "two")}
    for name in sent:
        sent[name] = pc.scan(name)

    first = pc.once(STATION_FAILPOINT=cut)
    assert first.returncode == -signal.SIGKILL, first.stderr
    assert sorted([*pc.waiting(), *pc.kept()]) == sorted(sent)  # nothing has left without a receipt that holds

    second = pc.once()
    assert second.returncode == Exit.ALL_SAFE, second.stderr
    assert pc.waiting() == []
    assert pc.kept() == sent
    filed = on_case(product, case, clerk)
    assert [filed.count(digest(content)) for content in sent.values()] == [1, 1]
    third = pc.once()
    assert third.returncode == Exit.ALL_SAFE
    assert len(on_case(product, case, clerk)) == len(filed)


@pytest.mark.requirement("REL-47")
@pytest.mark.parametrize("forgery", ["altered", "own-key", "other-batch"])
def test_a_forged_receipt_moves_nothing(product: Product, clerk: str, pc: Pc, forgery: str) -> None:
    _, number = reference(product, clerk)
    earlier = pc.scan(f"{number}_earlier.pdf")
    assert pc.once().returncode == Exit.ALL_SAFE
    genuine = next(pc.done.glob("*/receipt.json")).read_bytes()

    def alter(path: str, content: bytes) -> bytes:
        if not path.endswith("/receipt"):
            return content
        if forgery == "other-batch":
            return genuine
        told = json.loads(content)
        if forgery == "altered":
            payload = base64.b64decode(told["payload"]).replace(b'"pages": 1', b'"pages": 2')
            return json.dumps({**told, "payload": base64.b64encode(payload).decode()}).encode()
        told["signatures"] = [{"keyid": "somebody", "sig": told["signatures"][0]["sig"]}]
        return json.dumps(told).encode()

    scan = pc.scan(f"{number}_later.pdf")
    with between(product.port, alter) as pc.base:
        run = pc.once()
    assert run.returncode == Exit.RECEIPT_FORGED, run.stderr
    assert pc.waiting() == [f"{number}_later.pdf"]
    assert (pc.watch / f"{number}_later.pdf").read_bytes() == scan
    assert (pc.watch / "status.txt").read_text().startswith("RED.")
    pc.base = ""
    assert pc.once().returncode == Exit.ALL_SAFE
    assert pc.kept() == {f"{number}_earlier.pdf": earlier, f"{number}_later.pdf": scan}


def test_keys_that_somebody_slips_in_are_not_trusted(product: Product, clerk: str, pc: Pc) -> None:
    _, number = reference(product, clerk)
    pc.scan(f"{number}_first.pdf")
    assert pc.once().returncode == Exit.ALL_SAFE

    def alter(path: str, content: bytes) -> bytes:
        if path.endswith("jwks.json"):
            told = json.loads(content)
            told["keys"] = [
                {**one, "kid": "new", "x": base64.urlsafe_b64encode(b"x" * 32).decode()} for one in told["keys"]
            ]
            return json.dumps(told).encode()
        if path.endswith("/receipt"):
            told = json.loads(content)
            return json.dumps({**told, "signatures": [{**told["signatures"][0], "keyid": "new"}]}).encode()
        return content

    pc.scan(f"{number}_second.pdf")
    with between(product.port, alter) as pc.base:
        run = pc.once()
    assert run.returncode == Exit.RECEIPT_FORGED, run.stderr
    assert pc.waiting() == [f"{number}_second.pdf"]


def test_a_receipt_is_verified_offline(product: Product, clerk: str, pc: Pc, tmp_path: Path) -> None:
    _, number = reference(product, clerk)
    content = pc.scan(f"{number}_a.pdf")
    assert pc.once().returncode == Exit.ALL_SAFE
    receipt = next(pc.done.glob("*/receipt.json"))
    pc.base = "http://127.0.0.1:9"  # nobody listens there
    told = pc.run("verify", str(receipt))
    assert told.returncode == Exit.ALL_SAFE, told.stderr
    assert digest(content) in told.stdout
    forged = tmp_path / "forged.json"
    forged.write_bytes(receipt.read_bytes().replace(b'"sig": "', b'"sig": "AA'))
    assert pc.run("verify", str(forged)).returncode == Exit.RECEIPT_FORGED


def test_what_the_court_refuses_is_set_aside_and_holds_up_nothing(product: Product, clerk: str, pc: Pc) -> None:
    _, number = reference(product, clerk)
    good = pc.scan(f"{number}_good.pdf")
    pc.scan(f"{number}_empty.pdf", b"")
    pc.scan(f"{number}_picture.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 500)
    run = pc.once()
    assert run.returncode == Exit.NEEDS_A_PERSON, run.stderr
    assert pc.waiting() == []
    assert pc.kept() == {f"{number}_good.pdf": good}
    assert sorted(one.name for one in pc.failed.glob("*.pdf")) == [f"{number}_empty.pdf", f"{number}_picture.pdf"]
    for text in pc.failed.glob("*.txt"):
        assert "NOT TAKEN. Keep the paper." in text.read_text()
        assert "Why: " in text.read_text()


def test_an_item_without_a_case_is_safe_and_says_that_a_person_decides(product: Product, pc: Pc) -> None:
    content = pc.scan("somebody.pdf")
    assert pc.once().returncode == Exit.ALL_SAFE
    assert pc.kept() == {"somebody.pdf": content}
    [text] = pc.done.glob("*/somebody.pdf.txt")
    assert "A person at the court must still decide" in text.read_text()


@pytest.mark.requirement("REL-46")
def test_after_days_offline_everything_goes_out_in_order_under_the_rate_limit(
    product: Product, clerk: str, pc: Pc
) -> None:
    """DOCSTORE_OFFLINE_BATCHES=500 for as many as the requirement names, and then under the usual limit for pages, too."""
    case, number = reference(product, clerk)
    scans = pc.scanned_days_ago(number, batches=OFFLINE, days=3)
    pc.base = "http://127.0.0.1:9"
    assert pc.run("run", "--once", "--wait", "1").returncode == Exit.SERVER_AWAY
    assert pc.not_sent() == sorted(scans)

    limited = Product(product.state)
    limited.start_web(DOCSTORE_STATION_RATE="600", DOCSTORE_RATE_SECONDS="1")
    pc.base = f"http://127.0.0.1:{limited.port}"
    try:
        with limited.opening_pages(f"/api/v1/cases/{case}/documents", clerk) as pages:
            run = pc.once(wait=LONGEST * max(1, OFFLINE / 40))
    finally:
        limited.stop()

    assert run.returncode == Exit.ALL_SAFE, run.stderr
    assert "Too many requests" in run.stderr  # it was held back, and went on where it stood
    assert pc.kept() == scans
    assert pc.in_order_of_custody() == sorted(scans)
    assert sorted(pages)[int(len(pages) * 0.95)] <= (1.0 if OFFLINE >= 500 else 10.0)


def test_an_unknown_key_stops_at_once_and_a_new_one_goes_on(product: Product, clerk: str, pc: Pc) -> None:
    _, number = reference(product, clerk)
    pc.scan(f"{number}_a.pdf")
    right, pc.key = pc.key, f"{pc.key[:-6]}AAAAAA"
    run = pc.once()
    assert run.returncode == Exit.KEY_REFUSED, run.stderr
    assert pc.waiting() == [f"{number}_a.pdf"]
    assert "key" in (pc.watch / "status.txt").read_text()
    assert pc.run("doctor").returncode == Exit.KEY_REFUSED
    pc.key = right
    assert pc.once().returncode == Exit.ALL_SAFE


def test_an_expired_key_stops_at_once(product: Product, clerk: str, pc: Pc) -> None:
    _, number = reference(product, clerk)
    pc.scan(f"{number}_a.pdf")
    pc.key = product.manage("demo_key", "station2")
    expire = "from docstore.access.models import ServiceKey as K; from docstore.core import clock; from datetime import timedelta as t; "
    product.manage(
        "shell", "-c", expire + "K.objects.filter(user__username='station2').update(expires_at=clock.now() - t(days=1))"
    )
    assert pc.once().returncode == Exit.KEY_REFUSED
    assert pc.waiting() == [f"{number}_a.pdf"]


def test_a_full_disk_says_so_and_goes_on_once_there_is_room(product: Product, clerk: str, pc: Pc) -> None:
    """No file may grow beyond a few kilobytes, so that the journal cannot be written."""
    _, number = reference(product, clerk)
    content = pc.scan(f"{number}_a.pdf")

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "station",
            "--settings",
            str(pc.settings()),
            "run",
            "--once",
        ],
        cwd=ROOT,
        env={**os.environ, "DOCSTORE_STATION_KEY": pc.key},
        capture_output=True,
        text=True,
        preexec_fn=no_room,
        timeout=60,
    )
    assert run.returncode == Exit.DISK_TROUBLE, run.stderr
    assert pc.waiting() == [f"{number}_a.pdf"]
    assert pc.once().returncode == Exit.ALL_SAFE
    assert pc.kept() == {f"{number}_a.pdf": content}


def test_doctor_finds_a_well_station_well(pc: Pc) -> None:
    told = pc.run("doctor")
    assert told.returncode == Exit.ALL_SAFE, told.stdout + told.stderr
    assert "FAULT" not in told.stdout


def test_doctor_sends_a_test_page(product: Product, clerk: str, pc: Pc) -> None:
    _, number = reference(product, clerk)
    pc.more = {"test_reference": number}
    told = pc.run("doctor", "--test-page")
    assert told.returncode == Exit.ALL_SAFE, told.stdout + told.stderr
    assert "its receipt holds" in told.stdout


def test_the_agent_runs_on_and_ends_when_told(product: Product, clerk: str, pc: Pc) -> None:
    _, number = reference(product, clerk)
    running = subprocess.Popen(
        [sys.executable, "-m", "station", "--settings", str(pc.settings()), "run"],
        cwd=ROOT,
        env={**os.environ, "DOCSTORE_STATION_KEY": pc.key},
        stderr=subprocess.DEVNULL,
    )
    try:
        contents = {}
        for name in ("a", "b"):
            contents[f"{number}_{name}.pdf"] = pc.scan(f"{number}_{name}.pdf")
            until = time.monotonic() + 90
            while f"{number}_{name}.pdf" in pc.waiting() and time.monotonic() < until:
                time.sleep(0.3)
        assert pc.kept() == contents
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=30) == Exit.ALL_SAFE


def test_a_clock_that_is_wrong_by_a_day_is_warned_about_and_costs_nothing(product: Product, clerk: str, pc: Pc) -> None:
    """Last, as the court's clock cannot be moved back: the station's is a day behind from here on."""
    _, number = reference(product, clerk)
    product.manage("demo_clock", "--advance", "1d")
    content = pc.scan(f"{number}_a.pdf")
    assert pc.once().returncode == Exit.ALL_SAFE
    assert pc.kept() == {f"{number}_a.pdf": content}
    assert "The clock of this PC is 24 hours behind the server's." in (pc.watch / "status.txt").read_text()
    assert pc.run("doctor").returncode == Exit.NEEDS_A_PERSON
