"""The supervisor behind `make run`: prepares the demo court, starts web, worker and scheduler, and ends them together.

A part that dies is started again, each time after a longer pause, and that is said. SIGINT, SIGTERM or the end of the
`make` that started it ends everything within ten seconds. Standard library only; knows commands and no Django.
"""

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
POLITE_SECONDS = 5.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
LOG_BYTES = 20 * 1024 * 1024
SIGN_INS = """
Sign in with the password docstore-demo as
  clerk, adviser, judge, usher, listing   staff of the first court (clerk2: of the second)
  prosecutor, defence, defence2           parties' lawyers
  records, records2                       records managers
  stations, auditor, support              scanning stations; the trail; no content
An API key: make -s key WHO=clerk. Logs: {log}. Ctrl-C stops everything."""


@dataclass(slots=True)
class Part:
    """One process that belongs to the product, with its whole process group."""

    name: str
    command: list[str]
    log: Path
    once: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    again_at: float | None = None

    def start(self) -> None:
        """Start in a session of its own: a Ctrl-C at the terminal reaches us alone, and we end the group in order."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.started = time.monotonic()
        self.again_at = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def is_done(self) -> bool:
        return self.once and self.process is not None and self.process.poll() == 0

    def tell(self, number: signal.Signals) -> None:
        """Tell the main process, which ends its children in order."""
        if self.process is not None and self.is_running:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End for good whoever is left in the group, children of a dead main process included."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def keep_up(self, now: float) -> None:
        """Start again what has died: at once the first time, then after longer and longer pauses."""
        if self.is_running or self.is_done:
            return
        if self.process is None or (self.again_at is not None and now >= self.again_at):
            self.start()
        elif self.again_at is None:
            self.kill()
            self.pause = 1.0 if now - self.started > STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
            self.again_at = now + self.pause
            say(f"{self.name} ended ({self.process.returncode}); it starts again in {self.pause:.0f} s, see {self.log}")


class Parent:
    """The `make` above us. It passes SIGTERM on, but takes a SIGINT sent to it alone for one that we have had, too.

    GNU make drops its handler when the signal comes; so a handler that is gone is an order to stop, as is its death.
    """

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._caught = self._catches_interrupt()

    def has_given_up(self) -> bool:
        return os.getppid() != self._pid or (self._caught and not self._catches_interrupt())

    def _catches_interrupt(self) -> bool:
        with suppress(OSError):
            for line in Path(f"/proc/{self._pid}/status").read_text().splitlines():
                if line.startswith("SigCgt:"):
                    return bool(int(line.split()[1], 16) & (1 << (signal.SIGINT - 1)))
        return False


class Supervisor:
    """Brings the parts up in order and keeps them until it is told to stop."""

    def __init__(self, *, before: list[Part], parts: list[Part], port: int) -> None:
        self._before, self._parts, self._port = before, parts, port
        self._parent = Parent()
        self._told = False

    def stop(self, number: int, frame: FrameType | None) -> None:
        self._told = True

    @property
    def stopping(self) -> bool:
        return self._told or self._parent.has_given_up()

    def run(self) -> int:
        """Prepare, start, tell when it is ready, watch; always leave nothing running."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        try:
            for part in self._before:
                if not self._finished(part):
                    return 0 if self.stopping else 1
            self._watch()
        finally:
            self._end()
        return 0

    def _finished(self, part: Part) -> bool:
        part.start()
        while part.is_running and not self.stopping:
            time.sleep(0.05)
        if not part.is_done and not self.stopping:
            say(f"{part.name} failed. The end of {part.log}:\n{last_lines(part.log)}")
        return part.is_done

    def _watch(self) -> None:
        ready = False
        while not self.stopping:
            for part in self._parts:
                part.keep_up(time.monotonic())
            if not ready and self._parts[0].is_running and is_ready(self._port):
                ready = True
                say(f"Docstore is ready at http://127.0.0.1:{self._port}/")
                say(SIGN_INS.format(log=self._parts[0].log.parent))
            time.sleep(0.2)

    def _end(self) -> None:
        """Politely first, then for good: five seconds and what is left of a group, well below the ten promised."""
        parts = [*self._before, *self._parts]
        for part in parts:
            part.tell(signal.SIGTERM)
        until = time.monotonic() + POLITE_SECONDS
        while any(part.is_running for part in parts) and time.monotonic() < until:
            time.sleep(0.05)
        for part in parts:
            part.kill()


def say(sentence: str) -> None:
    print(sentence, flush=True)


def last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:])


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def preparations(state: Path) -> list[Part]:
    """What must be done before anybody is let in: tables, people and cases of the demo court, an index of today's rules."""
    manage = [sys.executable, "manage.py"]
    return [
        Part("migrate", [*manage, "migrate", "--verbosity", "0"], state / "log" / "migrate.log", once=True),
        Part("restore", [*manage, "restore_check"], state / "log" / "restore.log", once=True),
        Part("demo-court", [*manage, "demo"], state / "log" / "demo.log", once=True),
        Part("index", [*manage, "reindex", "--if-needed"], state / "log" / "index.log", once=True),
    ]


def parts_for(state: Path, port: int) -> list[Part]:
    """Return the parts of the product on this machine; the first one is the web."""
    cores = str(os.cpu_count() or 2)
    web = [str(BIN / "gunicorn"), "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    web += ["--workers", "2", "--threads", "8", "--timeout", "120", "--graceful-timeout", "5"]
    celery = [str(BIN / "celery"), "-A", "workers.app"]
    work = [*celery, "worker", "--concurrency", cores, "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    log = state / "log"
    return [
        Part("web", web, log / "web.log"),
        Part("worker", work, log / "worker.log"),
        Part("scheduler", [*celery, "beat", "--loglevel", "WARNING", "--pidfile="], log / "scheduler.log"),
        Part("demo-papers", [sys.executable, "manage.py", "demo", "--documents"], log / "demo.log", once=True),
    ]


def claim(state: Path) -> IO[str] | None:
    """Mark the folder as a demo court and take it for ourselves; None where another run has it."""
    for folder in ("incoming", "broker/queue", "broker/control"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    lock = (state / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    (state / "env").write_text("demo")
    return lock


def tell_where(state: Path, root: Path = ROOT) -> None:
    """Leave word which demo court runs, for `make key` and its like; ops/demo.sh sees by the lock whether it still does."""
    (root / "var").mkdir(exist_ok=True)
    (root / "var" / "running").write_text(f"{state}\n{os.environ.get('STACK', 'embedded')}\n")


def main() -> int:
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--port", type=int, default=8000)
    port = chosen.parse_args().port
    state = Path(os.environ.get("DOCSTORE_STATE", ROOT / "var")).resolve()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # Tesseract's threads would fight over the cores with the workers
    if in_use(port):
        say(f"Port {port} is in use. Choose another: make run PORT={port + 1}")
        return 1
    lock = claim(state)
    if lock is None:
        say(
            f"Docstore is running on {state} already. Stop it first, or choose another folder: make run STATE=var/other"
        )
        return 1
    tell_where(state)
    with lock:
        return Supervisor(before=preparations(state), parts=parts_for(state, port), port=port).run()


if __name__ == "__main__":
    sys.exit(main())
