"""PostgreSQL: a cluster of our own under var/services, from Debian's binaries."""

import re
import shutil
import signal
from pathlib import Path

from ops import daemons, packages
from ops.daemons import Failed, Running
from ops.places import is_root, servant

NAME = "PostgreSQL"
PORT = 54329
USER = "docstore"
STOP = signal.SIGINT  # "fast": ends sessions; SIGTERM would wait for them


def _binaries() -> Path | None:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parts[-3])],
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def install() -> Path:
    """The folder of PostgreSQL's programs, installed where they are missing."""
    if _binaries() is None:
        packages.install(["postgresql"])
    bin_dir = _binaries()
    if bin_dir is None:
        raise Failed("the package postgresql brought no initdb")
    return bin_dir


def start(home: Path, secret: str) -> tuple[Running, str]:
    """Start the cluster; says by which road."""
    bin_dir = install()
    data = home / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(bin_dir, home, data, secret)
    port = daemons.free_port(PORT)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(home),
        "shared_buffers": "256MB",
        "max_connections": "200",
        "log_min_messages": "warning",
    }
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    running = daemons.start(command=[str(bin_dir / "postgres"), "-D", str(data), *options], home=home, port=port)
    daemons.wait_until(lambda: _says(bin_dir, port, secret, "SELECT 1") == "1", running=running, home=home, seconds=30)
    if _says(bin_dir, port, secret, "SELECT 1 FROM pg_database WHERE datname = 'docstore'") != "1":
        _says(bin_dir, port, secret, "CREATE DATABASE docstore")
    return running, f"own cluster with {bin_dir}"


def _initialise(bin_dir: Path, home: Path, data: Path, secret: str) -> None:
    who = servant()
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    password = home / "password"
    password.write_text(secret)
    password.chmod(0o600)
    who.own(home)
    command = [
        str(bin_dir / "initdb"), "-D", str(data), "-U", USER, f"--pwfile={password}",
        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
    ]  # fmt: skip
    drop = ["setpriv", f"--reuid={who.uid}", f"--regid={who.gid}", "--clear-groups"] if is_root() else []
    daemons.run([*drop, *command], seconds=120, cwd=home)
    password.unlink()


def _says(bin_dir: Path, port: int, secret: str, sql: str) -> str:
    command = [str(bin_dir / "psql"), "-X", "-A", "-t", "-h", "127.0.0.1", "-p", str(port), "-U", USER]
    try:
        return daemons.run(
            [*command, "-d", "postgres", "-c", sql], seconds=20, env={"PGPASSWORD": secret, "PGCONNECT_TIMEOUT": "3"}
        ).strip()
    except Failed:
        return ""


def environment(port: int, secret: str) -> dict[str, str]:
    return {"DATABASE_URL": f"postgres://{USER}:{secret}@127.0.0.1:{port}/docstore"}
