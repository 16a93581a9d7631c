"""A Docstore of its own for one measurement: fresh state, embedded engines, two workers, a web server on a free port.

Talks to it over HTTP as an outsider would. Whatever services the environment names are left out, so that a measurement
never touches anybody's data.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SERVICES = ("DATABASE_URL", "REDIS_URL", "OPENSEARCH_URL", "S3_", "CLAMD_ADDRESS")
START_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Product:
    """A running product and a clerk's key to it."""

    base: str
    key: str
    web: int
    environment: Mapping[str, str]

    def issue(self, who: str) -> str:
        """Return a new key for somebody else of the demo court."""
        return _demo_key(who, self.environment)

    def get(self, path: str) -> Any:
        """Return the JSON under `path`."""
        return self._send(urllib.request.Request(f"{self.base}/api/v1/{path}"))

    def has(self, path: str) -> bool:
        """Whether there is something to be read under `path` by now."""
        try:
            request = urllib.request.Request(f"{self.base}/api/v1/{path}")
            request.add_header("Authorization", f"Bearer {self.key}")
            with urllib.request.urlopen(request, timeout=60) as answer:
                return bool(answer.read(1))
        except urllib.error.HTTPError:
            return False

    def post(self, path: str, body: dict[str, object]) -> Any:
        """Post JSON and return the JSON answer."""
        data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        return self._send(urllib.request.Request(f"{self.base}/api/v1/{path}", data, headers))

    def file(self, case: str, section: str, name: str, content: bytes) -> Any:
        """File one paper and return the document."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="section"\r\n\r\n{section}\r\n'.encode(),
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
            b"Content-Type: application/pdf\r\n\r\n",
            content,
            f"\r\n--{mark}--\r\n".encode(),
        ]
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._send(
            urllib.request.Request(f"{self.base}/api/v1/cases/{case}/documents", b"".join(parts), headers)
        )

    def send_large(self, case: str, section: str, name: str, path: Path) -> None:
        """File one very large paper, sent from disk piece by piece."""
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="section"\r\n\r\n{section}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode()
        tail = f"\r\n--{mark}--\r\n".encode()
        address = urllib.parse.urlsplit(self.base)
        line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=600)
        line.putrequest("POST", f"/api/v1/cases/{case}/documents")
        line.putheader("Authorization", f"Bearer {self.key}")
        line.putheader("Content-Type", f"multipart/form-data; boundary={mark}")
        line.putheader("Content-Length", str(len(head) + path.stat().st_size + len(tail)))
        line.endheaders(head)
        with path.open("rb") as file:
            while piece := file.read(1024 * 1024):
                line.send(piece)
        line.send(tail)
        answer = line.getresponse()
        if answer.status != http.HTTPStatus.CREATED:
            raise RuntimeError(f"{answer.status}: {answer.read()[:300]!r}")

    def web_memory(self) -> int:
        """Return the most memory, in bytes, that any process of the web server has used."""
        pids = [self.web, *_children(self.web)]
        return max(_most_memory(pid) for pid in pids)

    def _send(self, request: urllib.request.Request) -> Any:
        request.add_header("Authorization", f"Bearer {self.key}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in told]


def _most_memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@contextmanager
def running(*, workers: int, extra: Mapping[str, str] | None = None) -> Iterator[Product]:
    """Start a product with so many worker processes; end it and forget its data afterwards.

    `extra` is added to its environment: a service that the measurement is about.
    """
    with tempfile.TemporaryDirectory(prefix="docstore-bench-") as folder:
        environment = _environment(Path(folder)) | dict(extra or {})
        port = _free_port()
        for command in (["migrate", "--verbosity", "0"], ["demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=-3)
        key = _demo_key("clerk", environment)
        web = [
            str(BIN / "gunicorn"),
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--threads",
            "4",
            "--log-level",
            "error",
        ]
        worker = [
            str(BIN / "celery"),
            "-A",
            "workers.app",
            "worker",
            "--concurrency",
            str(workers),
            "--loglevel",
            "ERROR",
        ]
        parts = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=-3, stderr=-3, start_new_session=True)
            for command in (web, worker)
        ]
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}/readyz")
            yield Product(f"http://127.0.0.1:{port}", key, parts[0].pid, environment)
        finally:
            _end(parts)


def _demo_key(who: str, environment: Mapping[str, str]) -> str:
    command = [sys.executable, "manage.py", "demo_key", who]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), check=True, capture_output=True)
    return done.stdout.decode().strip()


def _environment(state: Path) -> dict[str, str]:
    for folder in ("incoming", "broker/queue", "broker/control"):
        (state / folder).mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SERVICES)}
    return kept | {"DOCSTORE_STATE": str(state), "DOCSTORE_ENV": "demo"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=20):
            return
        time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer within {START_SECONDS} seconds")


def _end(parts: list[subprocess.Popen[bytes]]) -> None:
    for part in parts:
        part.terminate()
    for part in parts:
        try:
            part.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(part.pid, 9)
            part.wait()
