"""Processes that outlive the command that started them: begin, look after by pid and start time, end."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ops.places import Person, is_root, servant


class Failed(Exception):
    """A road that did not lead anywhere; the message says why."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process by number and by the moment it began, since numbers are used again.

    `command` is what it was started with, where this very process started it; /proc shows what it calls itself by then.
    """

    pid: int
    began: str
    port: int
    command: tuple[str, ...] = field(default=(), compare=False)

    def alive(self) -> bool:
        return _began(self.pid) == self.began


def _began(pid: int) -> str | None:
    """Field 22 of /proc/<pid>/stat, the start time in ticks since boot; None for a process gone or a zombie."""
    try:
        rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if rest[0] == "Z" else rest[19]


def start(
    *, command: list[str], home: Path, port: int, env: Mapping[str, str] | None = None, who: Person | None = None
) -> Running:
    """Start in a session of its own, as the servant, with its words in `home/log`; remember it in `home/pid.json`."""
    who = who or servant()
    drop = is_root()
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8", **(env or {})},
            start_new_session=True,
            user=who.uid if drop else None,
            group=who.gid if drop else None,
            extra_groups=[] if drop else None,
        )
    running = Running(pid=process.pid, began=_began(process.pid) or "", port=port, command=tuple(command))
    (home / "pid.json").write_text(json.dumps([running.pid, running.began, running.port]))
    return running


def find(home: Path) -> Running | None:
    """What `start` left behind in this folder, when it is still alive."""
    try:
        pid, began, port = json.loads((home / "pid.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    running = Running(pid=pid, began=began, port=port)
    return running if running.alive() else None


def stop(running: Running, *, home: Path, with_signal: signal.Signals = signal.SIGTERM, patience: float = 15) -> None:
    """Ask, wait, then insist. Only ever touches the process that `start` started."""
    deadline = time.monotonic() + patience
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, with_signal)
        while running.alive() and time.monotonic() < deadline:
            time.sleep(0.1)
        if running.alive():
            os.killpg(running.pid, signal.SIGKILL)
    (home / "pid.json").unlink(missing_ok=True)


def wait_until(ready: Callable[[], bool], *, running: Running, home: Path, seconds: float) -> None:
    """Poll a health check; a process that ends early fails at once, with the end of its log."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not running.alive():
            raise Failed(f"it ended at once: {last_words(home)}")
        if time.monotonic() > deadline:
            raise Failed(f"no healthy answer within {seconds:.0f} s: {last_words(home)}")
        time.sleep(0.2)


def last_words(home: Path) -> str:
    log = home / "log"
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return " / ".join(line.strip() for line in lines[-3:])[-400:] or "nothing in its log"


def answers(port: int, host: str = "127.0.0.1") -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def free_port(wanted: int) -> int:
    """The usual port, or the next free one: another checkout may have its own set running."""
    for port in range(wanted, wanted + 50):
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise Failed(f"no free port from {wanted} on")


def run(command: list[str], *, seconds: float, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run to its end; its output, or a failure that quotes the end of what it said."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            cwd=cwd,
            env={**os.environ, **(env or {})},
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Failed(f"{command[0]}: {problem}") from problem
    if done.returncode:
        said = " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:])[-400:]
        raise Failed(f"{' '.join(command[:3])} ended with {done.returncode}: {said}")
    return done.stdout
