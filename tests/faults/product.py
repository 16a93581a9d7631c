"""The product as processes of its own, on embedded parts in a folder of its own, to be killed and started again."""

import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Any

from ops.supervise import preparations

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
SERVICES = ("DATABASE_URL", "REDIS_URL", "OPENSEARCH_URL", "S3_ENDPOINT_URL", "CLAMD_ADDRESS")


@dataclass
class Answer:
    """What the server said; status 0 where it hung up."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Product:
    """A court's own installation. `extra` is added to the environment of every process."""

    state: Path
    extra: dict[str, str] = field(default_factory=dict)
    port: int = 0
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in SERVICES}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DOCSTORE_STATE": str(self.state),
            "DOCSTORE_LEASE_SECONDS": "2",
            **self.extra,
            **more,
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def prepare(self, like: Path | None = None) -> None:
        """Make the demo court, or copy it from where it was made before: to make it takes half a minute."""
        if like:
            shutil.copytree(like, self.state, dirs_exist_ok=True)
            return
        for part in preparations(self.state):  # as `make run` does in an empty folder
            self.manage(*part.command[part.command.index("manage.py") + 1 :])

    def unfinished(self) -> list[tuple[object, ...]]:
        """The jobs that are not done, for whoever has to find out why."""
        with closing(sqlite3.connect(self.state / "docstore.sqlite3")) as rows:
            asked = (
                "SELECT name, subject, payload, state, attempts, faults, reason FROM docstore_job WHERE state <> 'DONE'"
            )
            return list(rows.execute(asked))

    def start_web(self, *, port: int = 0, **more: str) -> None:
        """Start the web process on a free port, or on one that clients know already."""
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = port or free.getsockname()[1]
        command = [str(BIN / "gunicorn"), "config.wsgi", "-b", f"127.0.0.1:{self.port}", "--workers", "1"]
        self._start("web", [*command, "--worker-class", "gthread", "--threads", "4"], **more)
        until = time.monotonic() + 60
        while self.get("/livez").status != 200:
            assert time.monotonic() < until, "the web process did not start"
            time.sleep(0.1)

    def start_worker(self, processes: int = 1, **more: str) -> None:
        command = [str(BIN / "celery"), "-A", "workers.app", "worker", "-c", str(processes), "-l", "WARNING"]
        self._start("worker", [*command, "--without-gossip", "--without-mingle"], **more)

    def start_scheduler(self) -> None:
        self._start("scheduler", [str(BIN / "celery"), "-A", "workers.app", "beat", "-l", "WARNING"])

    def _start(self, name: str, command: list[str], **more: str) -> None:
        with (self.state / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(**more), stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """End a part and its children as a power cut would."""
        process = self.running.pop(name)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            process.wait()

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def get(self, path: str, key: str = "") -> Answer:
        return self._send(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}"), key)

    @contextmanager
    def opening_pages(self, path: str, key: str) -> Iterator[list[float]]:
        """Somebody who opens a page again and again meanwhile: the seconds that each took."""
        took: list[float] = []
        stop = threading.Event()

        def read() -> None:
            while not stop.wait(0.2):
                begun = time.monotonic()
                assert self.get(path, key).status == 200
                took.append(time.monotonic() - begun)

        with ThreadPoolExecutor(1) as reader:
            reading = reader.submit(read)
            try:
                yield took
            finally:
                stop.set()
            reading.result()

    def post(self, path: str, body: Any, key: str) -> Answer:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        return self._send(request, key)

    def send(self, method: str, path: str, body: Any, key: str, headers: dict[str, str]) -> Answer:
        """Any request: bytes as they are, anything else as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", raw, method=method)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            request.add_header(name, value)
        return self._send(request, key)

    def upload(
        self, case: str, section: str, content: bytes, *, key: str, idempotency: str, name: str = "letter.txt"
    ) -> Answer:
        boundary = uuid.uuid4().hex
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="section"\r\n\r\n{section}\r\n'.encode()]
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode())
        body = b"".join(parts) + content + f"\r\n--{boundary}--\r\n".encode()
        path = f"http://127.0.0.1:{self.port}/api/v1/cases/{case}/documents"
        request = urllib.request.Request(path, body)
        request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        request.add_header("Idempotency-Key", idempotency)
        return self._send(request, key)

    def _send(self, request: urllib.request.Request, key: str) -> Answer:
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(request, timeout=30) as told:
                return Answer(told.status, _json(told.read()), dict(told.headers))
        except urllib.error.HTTPError as error:
            return Answer(error.code, _json(error.read()), dict(error.headers))
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError):
            return Answer(0)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
