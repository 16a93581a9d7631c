"""The supervisor behind `make run`: prepares the demo court, starts web, worker and scheduler, and ends them together.

A part that dies is started again, each time after a longer pause, and that is said. SIGINT or SIGTERM ends everything
within ten seconds.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STATE = Path(os.environ.get("DOCSTORE_STATE", ROOT / "var")).resolve()
POLITE_SECONDS = 7
LONGEST_PAUSE = 30
STEADY_SECONDS = 60
SIGN_INS = (
    "clerk  adviser  judge  usher  listing  prosecutor  defence  defence2  records  auditor  (clerk2: second court)"
)


@dataclass
class Part:
    """One process that belongs to the product."""

    name: str
    command: list[str]
    once: bool = False
    process: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    wait_until: float = field(default=0.0)

    def start(self) -> None:
        """Start in a process group of its own, so that its children end with it."""
        folder = STATE / "log"
        folder.mkdir(parents=True, exist_ok=True)
        self.log = (folder / f"{self.name}.log").open("ab")
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )
        self.started = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


class Supervisor:
    """Keeps the parts running until it is told to stop."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.stopping = False

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def watch(self) -> None:
        """Start again what has died, each time after a longer pause."""
        for part in self.parts:
            if part.is_running or (part.once and part.process and part.process.returncode == 0):
                continue
            if part.process is not None and part.wait_until == 0.0:
                steady = time.monotonic() - part.started > STEADY_SECONDS
                part.pause = 1.0 if steady else min(part.pause * 2, LONGEST_PAUSE)
                part.wait_until = time.monotonic() + part.pause
                print(
                    f"{part.name} ended ({part.process.returncode}); it starts again in {part.pause:.0f} s", flush=True
                )
            if time.monotonic() >= part.wait_until:
                part.wait_until = 0.0
                part.start()

    def end(self) -> None:
        """End everything: politely first, then for good."""
        for part in self.parts:
            part.signal(signal.SIGTERM)
        until = time.monotonic() + POLITE_SECONDS
        while any(part.is_running for part in self.parts) and time.monotonic() < until:
            time.sleep(0.1)
        for part in self.parts:
            part.signal(signal.SIGKILL)


def parts_for(port: int) -> list[Part]:
    """Return the parts of the product on this machine."""
    cores = str(os.cpu_count() or 2)
    web = [str(BIN / "gunicorn"), "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    web += ["--workers", "2", "--threads", "8", "--timeout", "120", "--graceful-timeout", "5"]
    celery = [str(BIN / "celery"), "-A", "workers.app"]
    return [
        Part("web", web),
        Part("worker", [*celery, "worker", "--concurrency", cores, "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]),
        Part("scheduler", [*celery, "beat", "--loglevel", "WARNING"]),
        Part("demo", [sys.executable, "manage.py", "demo", "--documents"], once=True),
    ]  # fmt: skip


def prepare() -> None:
    """Bring the database up to date and the people and cases of the demo court into it."""
    for folder in ("incoming", "broker/queue", "broker/control"):
        (STATE / folder).mkdir(parents=True, exist_ok=True)
    (STATE / "env").write_text("demo")
    for command in (["migrate", "--verbosity", "0"], ["demo"]):
        done = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=False)
        if done.returncode:
            sys.exit(done.returncode)


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> int:
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--port", type=int, default=8000)
    port = chosen.parse_args().port
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    supervisor = Supervisor(parts_for(port))
    signal.signal(signal.SIGINT, supervisor.stop)
    signal.signal(signal.SIGTERM, supervisor.stop)
    prepare()
    told = False
    try:
        while not supervisor.stopping:
            supervisor.watch()
            if not told and is_ready(port):
                told = True
                print(f"Docstore is ready at http://127.0.0.1:{port}/", flush=True)
                print(
                    f"Sign in as one of: {SIGN_INS}\nPassword for all: docstore-demo. Ctrl-C stops everything.",
                    flush=True,
                )
            time.sleep(0.3)
    finally:
        supervisor.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
