"""clamd with a configuration of our own, and a signature of our own where the machine has no signature database."""

import contextlib
import shutil
import signal
import socket
from pathlib import Path

from ops import daemons, packages
from ops.daemons import Running
from ops.places import servant

NAME = "clamd"
PORT = 33109
STOP = signal.SIGTERM
LARGEST_MB = 1100  # above the product's largest item (1 GiB), so that the product's limit is the one that is met
# The test file of the anti-malware industry as hexadecimal, so that no scanner takes this source for a virus.
EICAR = (
    "58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e44415244"
    "2d414e544956495255532d544553542d46494c452124482b482a"
)


def start(home: Path, secret: str) -> tuple[Running, str]:
    del secret  # clamd has none; it listens on loopback alone
    if shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin") is None:
        packages.install(["clamav-daemon"])
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin") or "clamd"
    port = daemons.free_port(PORT)
    signatures, road = _signatures(home)
    (home / "tmp").mkdir(exist_ok=True)
    (home / "clamd.conf").write_text(_configuration(home, port, signatures))
    servant().own(home)
    running = daemons.start(
        command=[program, "--config-file", str(home / "clamd.conf"), "--foreground"], home=home, port=port
    )
    daemons.wait_until(lambda: _pong(port), running=running, home=home, seconds=120)
    return running, road


def _signatures(home: Path) -> tuple[Path, str]:
    system = Path("/var/lib/clamav")
    if any(system.glob("main.c[vl]d")):
        return system, "clamd with the signatures of this machine"
    own = home / "signatures"
    own.mkdir(exist_ok=True)
    (own / "docstore.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR}\n")
    return own, "clamd with a test signature alone (run freshclam for the real ones)"


def _configuration(home: Path, port: int, signatures: Path) -> str:
    settings = {
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "DatabaseDirectory": signatures,
        "TemporaryDirectory": home / "tmp",
        "Foreground": "yes",
        "AlertExceedsMax": "yes",
        "StreamMaxLength": f"{LARGEST_MB}M",
        "MaxFileSize": f"{LARGEST_MB}M",
        "MaxScanSize": f"{LARGEST_MB + 200}M",
        "MaxScanTime": 300_000,
        "CommandReadTimeout": 30,
        "ReadTimeout": 300,
        "MaxThreads": 4,
    }
    return "".join(f"{key} {value}\n" for key, value in settings.items())


def _pong(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        line.sendall(b"zPING\0")
        return line.recv(16).startswith(b"PONG")
    return False


def environment(port: int, secret: str) -> dict[str, str]:
    del secret
    return {"CLAMD_ADDRESS": f"127.0.0.1:{port}"}
