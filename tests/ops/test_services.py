"""The services script: what it writes for others, what it finds, and how it tells its own processes from others'."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from ops import daemons, services
from ops.places import Person
from ops.roads import scanner

OURSELVES = Person(uid=os.geteuid(), gid=os.getegid())


def test_environment_survives_being_written_and_read(tmp_path: Path) -> None:
    said = {"DATABASE_URL": "postgres://a:b c'd@127.0.0.1:1/x", "S3_BUCKET": "docstore"}
    outcome = services.Outcome(services.SERVICES_KNOWN[0], "started", "", said)
    services.write_environment([outcome], tmp_path / "env")
    assert services.read_environment(tmp_path / "env") == said
    assert (tmp_path / "env").stat().st_mode & 0o077 == 0
    shown = subprocess.run(
        ["bash", "-c", f'. "{tmp_path / "env"}"; printf %s "$DATABASE_URL"'], capture_output=True, text=True, check=True
    )
    assert shown.stdout == said["DATABASE_URL"]


def test_no_file_means_no_services(tmp_path: Path) -> None:
    assert services.read_environment(tmp_path / "none") == {}


def test_uses_what_the_environment_names_and_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    clamd = next(service for service in services.SERVICES_KNOWN if service.road is scanner)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        monkeypatch.setenv("CLAMD_ADDRESS", address)
        assert services.named_in_environment(clamd) == {"CLAMD_ADDRESS": address}
    assert services.named_in_environment(clamd) is None


def test_a_failure_says_which_service_and_why() -> None:
    outcome = services.Outcome(services.SERVICES_KNOWN[2], "failed", "no Java of 21 or later", {})
    assert outcome.failed
    assert "OpenSearch  failed   no Java of 21 or later" in list(services.table([outcome]))


def test_takes_the_next_port_when_the_usual_one_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        taken = listening.getsockname()[1]
        assert daemons.free_port(taken) > taken


def test_a_process_number_that_was_given_away_is_not_ours(tmp_path: Path) -> None:
    ours = daemons.Running(pid=os.getpid(), began="0", port=1)
    assert not ours.alive()
    (tmp_path / "pid.json").write_text(f'[{os.getpid()}, "0", 1]')
    assert daemons.find(tmp_path) is None


def test_starts_finds_and_stops_a_process(tmp_path: Path) -> None:
    running = daemons.start(command=["sleep", "600"], home=tmp_path, port=1, who=OURSELVES)
    assert daemons.find(tmp_path) == running
    daemons.stop(running, home=tmp_path, with_signal=signal.SIGTERM, patience=5)
    assert daemons.find(tmp_path) is None
    assert not running.alive()


def test_a_process_that_ends_early_says_its_last_words(tmp_path: Path) -> None:
    running = daemons.start(command=["sh", "-c", "echo no such folder; exit 1"], home=tmp_path, port=1, who=OURSELVES)
    with pytest.raises(daemons.Failed, match="no such folder"):
        daemons.wait_until(lambda: False, running=running, home=tmp_path, seconds=10)


@pytest.mark.services
def test_the_scanner_takes_as_much_as_the_product_and_knows_the_test_virus() -> None:
    host, _, port = os.environ["CLAMD_ADDRESS"].rpartition(":")
    sample = bytes.fromhex(scanner.EICAR)
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(b"zINSTREAM\0" + len(sample).to_bytes(4, "big") + sample + bytes(4))
        assert line.recv(200).rstrip(b"\0").endswith(b"FOUND")
