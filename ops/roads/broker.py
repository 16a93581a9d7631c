"""Redis without a memory: it only wakes workers, and losing it must lose nothing, so nothing of it is kept."""

import contextlib
import json
import shutil
import socket
from pathlib import Path

from ops import daemons, packages
from ops.daemons import Running
from ops.places import servant

NAME = "Redis"
PORT = 63799


def start(home: Path, secret: str) -> tuple[Running, str]:
    if shutil.which("redis-server") is None:
        packages.install(["redis-server"])
    port = daemons.free_port(PORT)
    settings = home / "redis.conf"  # a file and not arguments, which every user of the machine could read
    settings.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {secret}\nsave ""\nappendonly no\ndir {json.dumps(str(home))}\n'
    )
    settings.chmod(0o600)
    servant().own(home)
    running = daemons.start(command=["redis-server", str(settings)], home=home, port=port)
    daemons.wait_until(lambda: _pong(port), running=running, home=home, seconds=15)
    return running, "redis-server of the system, nothing kept on disk"


def _pong(port: int) -> bool:
    """Any Redis answer will do: with a password it says NOAUTH, which is as alive as PONG."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        line.sendall(b"PING\r\n")
        return line.recv(64)[:1] in (b"+", b"-")
    return False


def environment(port: int, secret: str) -> dict[str, str]:
    return {"REDIS_URL": f"redis://:{secret}@127.0.0.1:{port}/0"}
