"""Where things lie in a checkout, and how to be somebody less than root."""

import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"
VENV = ROOT / ".venv"
SERVICES = VAR / "services"
ENV_FILE = SERVICES / "env"
DOWNLOADS = Path(os.environ.get("DOCSTORE_DOWNLOADS", VAR / "downloads"))
SYSTEM_USER = "docstore-services"


def state() -> Path:
    """The folder that holds the demo court: STATE as given to make, else var."""
    return (ROOT / (os.environ.get("STATE") or os.environ.get("DOCSTORE_STATE") or "var")).resolve()


def is_root() -> bool:
    return os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a service runs as."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give a folder that was just made, and what is in it, to this person."""
        if is_root():
            subprocess.run(["chown", "-R", f"{self.uid}:{self.gid}", str(path)], check=True)


@cache
def servant() -> Person:
    """Ourselves; as root an account of its own, because PostgreSQL and OpenSearch refuse to run as root."""
    if not is_root():
        return Person(uid=os.geteuid(), gid=os.getegid())
    try:
        found = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=False,
            capture_output=True,
        )
        found = pwd.getpwnam(SYSTEM_USER if made.returncode == 0 else "nobody")
    return Person(uid=found.pw_uid, gid=found.pw_gid)


def _open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def reachable(path: Path) -> Path:
    """The same folder, or one outside when a servant could not walk to it (a checkout under /root)."""
    path.mkdir(parents=True, exist_ok=True)
    if not is_root() or _open_to_all(path):
        return path
    mark = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    elsewhere = Path("/var/tmp") / f"docstore-{mark}"
    elsewhere.mkdir(mode=0o755, exist_ok=True)
    if elsewhere.stat().st_uid != os.geteuid():
        raise PermissionError(f"{elsewhere} belongs to somebody else")
    return elsewhere
