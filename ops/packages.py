"""System programs from Debian or Ubuntu: what is missing, installing it where we may, else the exact command."""

import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from ops.daemons import Failed, run

_apt = threading.Lock()


@dataclass(frozen=True, slots=True)
class Need:
    """A package, and the file or program by which one sees that it is there."""

    package: str
    program: str = ""
    pattern: str = ""
    why: str = ""

    def missing(self) -> bool:
        if self.program:
            return shutil.which(self.program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is None
        return not any(Path("/").glob(self.pattern.lstrip("/")))


TESSDATA = "/usr/share/tesseract-ocr/*/tessdata"
TO_RUN = (
    Need("tesseract-ocr", program="tesseract", why="reads scanned pages"),
    Need("tesseract-ocr-eng", pattern=f"{TESSDATA}/eng.traineddata", why="reads English"),
    Need("tesseract-ocr-cym", pattern=f"{TESSDATA}/cym.traineddata", why="reads Welsh"),
    Need("tesseract-ocr-osd", pattern=f"{TESSDATA}/osd.traineddata", why="finds pages that lie on their side"),
    Need("bubblewrap", program="bwrap", why="the sandbox in which other people's files are opened"),
    Need("libreoffice-writer-nogui", pattern="/usr/lib/libreoffice/program/libswlo.so", why="turns Word into PDF"),
    Need(
        "libreoffice-calc-nogui", pattern="/usr/lib/libreoffice/program/libsclo.so", why="turns spreadsheets into PDF"
    ),
    Need("libreoffice-impress-nogui", pattern="/usr/lib/libreoffice/program/libsdlo.so", why="turns slides into PDF"),
)
TO_TEST = (
    Need("chromium", program="chromium", why="the browser that tests the pages"),
    Need("docker-compose", program="docker-compose", why="checks docker-compose.yml"),
)


def missing(needs: tuple[Need, ...]) -> list[Need]:
    return [need for need in needs if need.missing()]


def command(packages: list[str]) -> str:
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def _prefix() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install(packages: list[str]) -> None:
    """Install with apt, or say the command. One at a time: dpkg has a single lock, and says no rather than waits."""
    prefix = _prefix()
    if prefix is None or not shutil.which("apt-get"):
        raise Failed(f"not installed; run: {command(packages)}")
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    with _apt:
        run([*quiet, "update"], seconds=300)
        run([*quiet, "install", "-y", "--no-install-recommends", *packages], seconds=1200)
