"""The supervisor, with real processes: it starts again what dies and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from ops.supervise import Part, claim, tell_where

ROOT = Path(__file__).resolve().parents[2]
# A main process that ignores polite requests and has a child of its own: the worst that a part can be.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
SUPERVISOR = """
import pathlib, sys
from ops import supervise
log = pathlib.Path(sys.argv[1])
part = supervise.Part("stubborn", [sys.executable, "-c", log.with_suffix(".py").read_text()], log)
sys.exit(supervise.Supervisor(before=[], parts=[part], port=9).run())
"""


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(condition: object, *, seconds: float) -> bool:
    assert callable(condition)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def pids_in(log: Path) -> list[int]:
    return [int(word) for word in log.read_text().split()] if log.exists() else []


@pytest.fixture
def stubborn_log(tmp_path: Path) -> Path:
    (tmp_path / "stubborn.py").write_text(textwrap.dedent(STUBBORN))
    return tmp_path / "stubborn.log"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_everything_within_ten_seconds(stubborn_log: Path, number: signal.Signals) -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(stubborn_log)], cwd=ROOT)
    assert wait_for(lambda: len(pids_in(stubborn_log)) == 2, seconds=20)
    began = time.monotonic()
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=10) == 0
    assert time.monotonic() - began < 10
    assert wait_for(lambda: not any(alive(pid) for pid in pids_in(stubborn_log)), seconds=1)


def test_ends_when_make_alone_is_interrupted(stubborn_log: Path, tmp_path: Path) -> None:
    recipe = f"run:\n\t@exec {sys.executable} {tmp_path / 'supervisor.py'} {stubborn_log}\n"
    (tmp_path / "Makefile").write_text(recipe)
    (tmp_path / "supervisor.py").write_text(SUPERVISOR)
    make = subprocess.Popen(
        # What a shell starts behind itself is deaf to interrupts, and all that it starts: not so what somebody has typed.
        ["env", "--default-signal=INT", "make", "-f", str(tmp_path / "Makefile"), "run"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    assert wait_for(lambda: len(pids_in(stubborn_log)) == 2, seconds=20)
    make.send_signal(signal.SIGINT)
    make.wait(timeout=10)
    assert wait_for(lambda: not any(alive(pid) for pid in pids_in(stubborn_log)), seconds=1)


def test_starts_again_what_died_after_a_longer_pause_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = Part("brief", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "brief.log")
    part.keep_up(time.monotonic())
    pauses = []
    for _ in range(3):
        assert part.process is not None
        part.process.wait()
        part.keep_up(time.monotonic())
        pauses.append(part.pause)
        part.keep_up(time.monotonic() + part.pause + 1)
    part.kill()
    assert pauses == [2, 4, 8]
    assert "brief ended (3); it starts again in 2 s" in capsys.readouterr().out


def test_work_that_is_done_is_not_started_again(tmp_path: Path) -> None:
    part = Part("once", [sys.executable, "-c", ""], tmp_path / "once.log", once=True)
    part.start()
    assert part.process is not None
    first = part.process
    first.wait()
    part.keep_up(time.monotonic())
    assert part.process is first


def test_two_runs_cannot_share_a_state(tmp_path: Path) -> None:
    held = claim(tmp_path)
    assert held is not None
    with held:
        assert claim(tmp_path) is None
    assert (tmp_path / "env").read_text() == "demo"


def test_reset_refuses_what_is_no_demo_court(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    done = subprocess.run(
        [str(ROOT / "ops" / "reset.sh")],
        env={**os.environ, "DOCSTORE_STATE": str(tmp_path), "YES": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "There is no demo court" in done.stderr
    assert (tmp_path / "vault").exists()


def test_reset_refuses_a_demo_court_that_runs_and_takes_one_that_does_not(tmp_path: Path) -> None:
    reset = [str(ROOT / "ops" / "reset.sh")]
    environment = {**os.environ, "DOCSTORE_STATE": str(tmp_path), "YES": "1", "STACK": "embedded"}
    held = claim(tmp_path)
    assert held is not None
    (tmp_path / "docstore.sqlite3").touch()
    (tmp_path / "downloads").mkdir()
    with held:
        assert subprocess.run(reset, env=environment, capture_output=True, check=False).returncode == 1
        assert (tmp_path / "docstore.sqlite3").exists()
    assert subprocess.run(reset, env=environment, capture_output=True, check=False).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"downloads", "run.lock"}


def test_leaves_word_which_demo_court_runs(tmp_path: Path) -> None:
    tell_where(tmp_path / "somewhere", root=tmp_path)
    assert (tmp_path / "var" / "running").read_text().splitlines()[0] == str(tmp_path / "somewhere")
