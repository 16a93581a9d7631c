"""What a parser that has been taken over could reach: nothing."""

import io
import json
import os
import socket
import subprocess
from pathlib import Path

import pytest

from docstore.reading import readers as module
from docstore.reading import sandbox
from docstore.reading.convert import PROGRAMS, convert
from docstore.reading.faults import SandboxMissing
from docstore.reading.kinds import Kind
from docstore.reading.readers import Readers
from docstore.reading.sandbox import Limits, program_command, reader_command
from tests.reading import papers

PROBE = """
import json, os, resource, socket, sys
def tries(act):
    try:
        return bool(act())
    except Exception:
        return False
def connects(host, port):
    line = socket.socket(); line.settimeout(2); line.connect((host, port)); return True
def writes(path):
    open(path, "w").close(); return True
told = {
    "service": tries(lambda: connects("127.0.0.1", int(sys.argv[1]))),
    "metadata": tries(lambda: connects("169.254.169.254", 80)),
    "names": tries(lambda: socket.getaddrinfo("example.org", 80)),
    "secret file": tries(lambda: open(sys.argv[2]).read()),
    "other scratch": tries(lambda: os.listdir(sys.argv[3])),
    "passwords": tries(lambda: open("/etc/passwd").read()),
    "settings": tries(lambda: open("/app/config/settings/base.py").read()) or os.path.exists("/app/docstore/core"),
    "writes system": any(tries(lambda: writes(p)) for p in ("/usr/x", "/app/docstore/x", "/x")),
    "environment": sorted(os.environ),
    "processes": sorted(int(p) for p in os.listdir("/proc") if p.isdigit()),
    "root": os.getuid() == 0,
    "scratch": tries(lambda: writes("/scratch/mine")),
}
print(json.dumps(told))
"""

pytestmark = pytest.mark.skipif(not sandbox.is_available(), reason="bubblewrap is missing or may not make namespaces")


@pytest.mark.requirement("SEC-33")
def test_a_probe_inside_reaches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    mine, other, secret = tmp_path / "mine", tmp_path / "other", tmp_path / "secret"
    mine.mkdir()
    other.mkdir()
    secret.write_text("key")
    command = reader_command(mine, Limits(), engine="auto", warm=False)
    wall = len(command) - 1 - command[::-1].index("--")
    with socket.create_server(("127.0.0.1", 0)) as service:
        probe = [*command[: wall + 2], "-I", "-S", "-c", PROBE, str(service.getsockname()[1]), str(secret), str(other)]
        done = subprocess.run(probe, capture_output=True, text=True, timeout=30, check=False)
    told = json.loads(done.stdout or done.stderr)
    assert set(told.pop("environment")) <= {"PATH", "LANG", "HOME", "OMP_THREAD_LIMIT", "PWD", "LC_CTYPE"}
    assert len(told.pop("processes")) <= 2
    assert told.pop("scratch") is True
    assert not any(told.values()), told


@pytest.mark.requirement("SEC-33")
def test_a_reader_runs_behind_those_walls(tmp_path: Path) -> None:
    command = reader_command(tmp_path, Limits(), engine="auto", warm=False)
    assert "--unshare-all" in command
    assert "--clearenv" in command
    assert not any(str(tmp_path.parent) == part for part in command)


def test_the_converters_walls_have_no_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as service:
        port = service.getsockname()[1]
        asks = ["/bin/bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"]
        assert subprocess.run(asks, capture_output=True, check=False).returncode == 0
        walled = program_command(tmp_path, asks, Limits())
        assert subprocess.run(walled, capture_output=True, check=False).returncode != 0


@pytest.mark.skipif(not any(Path(place).exists() for place in PROGRAMS), reason="LibreOffice is not installed")
def test_converting_a_document_with_a_remote_picture_asks_for_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as service:
        service.settimeout(0.2)
        raw = papers.odt_with_remote_picture(f"http://127.0.0.1:{service.getsockname()[1]}/seal.png")
        made = convert(key="remote", source=lambda: io.BytesIO(raw), kind=Kind.ODT, folder=tmp_path)
        assert made.read_bytes().startswith(b"%PDF-")
        with pytest.raises(TimeoutError):
            service.accept()


@pytest.mark.requirement("SEC-34", "REL-30")
def test_without_a_sandbox_nothing_is_opened_where_one_is_required(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "is_available", lambda: False)
    readers = Readers(folder=tmp_path, limits=Limits(), required=True)
    assert not readers.sandboxed

    def source() -> None:
        raise AssertionError("the file was opened")

    with pytest.raises(SandboxMissing), readers.borrow(key="x", source=source, kind=Kind.PDF):  # type: ignore[arg-type]
        pass


@pytest.mark.requirement("SEC-79")
def test_no_command_holds_a_part_of_a_file_name(tmp_path: Path) -> None:
    assert all(isinstance(part, str) for part in reader_command(tmp_path, Limits(), engine="auto", warm=False))
    assert not any(
        part in ("sh", "-c", "bash") for part in reader_command(tmp_path, Limits(), engine="auto", warm=False)
    )
    assert os.path.isabs(reader_command(tmp_path, Limits(), engine="auto", warm=False)[0])
