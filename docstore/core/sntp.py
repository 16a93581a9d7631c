"""Asking a time server how far this machine's clock is off: one datagram each way (RFC 4330).

An answer counts only if it is one to our own question and the server says that it is itself in step with a clock.
"""

import secrets
import socket
import struct
from datetime import timedelta

from docstore.core import clock
from docstore.core.errors import Unavailable

SECONDS = 3.0
PORT = 123
_ASK = 0b00_100_011  # no warning, version 4, client
_ANSWER, _MODE = 4, 0b111
_OUT_OF_STEP = 0b11
_WORST_STRATUM = 15
_SINCE_1900 = 2_208_988_800
_PACKET = struct.Struct("!BBbb11I")
_ERA = 2**32


class TimeServerSilent(Unavailable):
    """The time server {host} gave no answer that can be used: {why}."""

    code = "time-server-silent"


def offset(host: str) -> timedelta:
    """Return how far the server's clock is ahead of this machine's; negative where it is behind. `host` may end in :port."""
    name, _, port = host.partition(":")
    asked = secrets.token_bytes(8)
    try:
        kind, _protocol, _, _, address = socket.getaddrinfo(name, int(port or PORT), type=socket.SOCK_DGRAM)[0]
        with socket.socket(kind, socket.SOCK_DGRAM) as line:
            line.settimeout(SECONDS)
            line.connect(address)
            sent = clock.seconds()
            line.send(bytes([_ASK]) + bytes(39) + asked)
            answer = line.recv(1024)
            came = clock.seconds()
    except OSError as error:
        raise TimeServerSilent(host=host, why=str(error)) from error
    received, gave = _read(answer, asked, host)
    ahead = ((received - sent) + (gave - came)) / 2
    return timedelta(seconds=(ahead + _ERA / 2) % _ERA - _ERA / 2)  # its seconds begin anew in 2036


def _read(answer: bytes, asked: bytes, host: str) -> tuple[float, float]:
    """Return when the server received the question and when it answered, in seconds since 1970."""
    if len(answer) < _PACKET.size or answer[24:32] != asked:
        raise TimeServerSilent(host=host, why="it answered something else")
    first, stratum, *_, got, got_part, gave, gave_part = _PACKET.unpack(answer[: _PACKET.size])
    if first & _MODE != _ANSWER or first >> 6 == _OUT_OF_STEP or not 0 < stratum <= _WORST_STRATUM:
        raise TimeServerSilent(host=host, why="it says that it is itself out of step")
    return got + got_part / _ERA - _SINCE_1900, gave + gave_part / _ERA - _SINCE_1900
