"""System packages from Debian or Ubuntu: installed where we may, else the exact command is said."""

import os
import shutil
import subprocess
import threading

from ops.daemons import Failed, run

_apt = threading.Lock()


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
