"""A time server on this machine, with a clock of its own."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SINCE_1900 = 2_208_988_800


@contextmanager
def time_server(*, ahead: float = 0, first: int = 0b00_100_100, stratum: int = 2, origin: bytes = b"") -> Iterator[str]:
    """A server on this machine whose clock is `ahead` seconds ahead; it answers one question."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))

        def answer() -> None:
            asked, address = line.recvfrom(1024)
            now = time.time() + ahead + SINCE_1900
            whole = int(now) % 2**32
            moment = struct.pack("!II", whole, int(now % 1 * 2**32))
            head = bytes([first, stratum, 6, 0xEC]) + bytes(20)
            line.sendto(head + (origin or asked[40:48]) + moment + moment, address)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"127.0.0.1:{line.getsockname()[1]}"
        thread.join(5)
