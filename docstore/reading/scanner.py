"""The virus scan: a port with one real implementation (clamd) and an embedded default that says it is none.

Fails closed: whatever is not an explicit "clean" is not clean. Knows nothing of versions, stages or the vault.
"""

import io
import logging
import re
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from typing import BinaryIO, Protocol, cast

from docstore.core import clock, conf

log = logging.getLogger(__name__)

MIB = 1024 * 1024
CHUNK = 256 * 1024
LONGEST_ANSWER = 4_096
MOMENT = 1.0
TOO_LOW = (
    "files of {size:,} MiB are not checked, and the product takes files as large. Set StreamMaxLength and MaxFileSize in "
    "clamd.conf to at least that and AlertExceedsMax to yes, and restart clamd."
)
# The industry's harmless test string, in two parts so that no scanner takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
FRESH_DAYS = 7
FOUND = re.compile(r"^stream: (?P<name>.+) FOUND$")


class Outcome(StrEnum):
    """The four answers. NOT_SCANNED is the embedded default's alone and never means clean."""

    CLEAN = "clean"
    FOUND = "found"
    UNKNOWN = "unknown"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer: `detail` is the name of what was found, or why there is no answer, in words."""

    outcome: Outcome
    scanner: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the scanner may be relied on, and what an operator should do if not."""

    well: bool
    scanner: str
    detail: str


class Scanner(Protocol):
    """Tells whether bytes carry a known virus."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """Read the stream to its end and give a verdict; never raises for anything the scanner does."""
        ...

    def health(self) -> Health:
        """Try the scanner for real: version, age of signatures, the EICAR test string, the size limit."""
        ...

    def turns_away_our_largest(self) -> bool:
        """Whether the scanner says that it does not take files as large as the product does; costs a moment."""
        ...


class NoScanner:
    """The embedded default: no scanner. Every page says so, and production refuses to start with it."""

    name = "none"

    def scan(self, stream: BinaryIO) -> Verdict:
        """Say that nothing was scanned."""
        del stream
        return Verdict(Outcome.NOT_SCANNED, self.name, "no virus scanner is set up")

    def health(self) -> Health:
        """Say what is missing."""
        return Health(
            False, self.name, "No virus scanner is set up. Start clamd and set CLAMD_ADDRESS to its host and port."
        )

    def turns_away_our_largest(self) -> bool:
        """No scanner turns nothing away."""
        return False


class _NoAnswer(Exception):
    """Why clamd gave no verdict."""


class Clamd:
    """clamd over its own protocol (INSTREAM): the bytes are streamed, nothing of the file's name is told."""

    name = "clamd"

    def __init__(
        self, *, address: str, timeout: float = 30.0, scan_timeout: float = 300.0, smallest_limit: int = 0
    ) -> None:
        host, _, port = address.rpartition(":")
        self._place = (host.strip("[]") or "127.0.0.1", int(port))
        self._timeout = timeout
        self._scan_timeout = scan_timeout
        self._smallest_limit = smallest_limit

    def scan(self, stream: BinaryIO) -> Verdict:
        """Stream the bytes and read one answer; anything but an explicit OK or FOUND is UNKNOWN (SEC-25)."""
        try:
            answer = self._instream(stream)
        except (OSError, _NoAnswer) as error:
            return Verdict(Outcome.UNKNOWN, self.name, self._in_words(error))
        if answer == "stream: OK":
            return Verdict(Outcome.CLEAN, self.name)
        if (found := FOUND.match(answer)) is not None:
            return self._found(found["name"])
        if "size limit exceeded" in answer:
            return Verdict(Outcome.UNKNOWN, self.name, "the file is larger than the virus scanner takes")
        return Verdict(Outcome.UNKNOWN, self.name, "the virus scanner could not check the file")

    def health(self) -> Health:
        """Ask for the version, have the test string caught, and try that limits are told of and not passed over
        (SEC-26).
        """
        version = self._version()
        if not version:
            return Health(False, self.name, "The virus scanner does not answer. Start clamd, or correct CLAMD_ADDRESS.")
        if (age := signature_age(version, clock.seconds())) is not None and age > FRESH_DAYS:
            return Health(False, self.name, f"The virus signatures are {age} days old. Make freshclam run.")
        if self.scan(cast(BinaryIO, _Given([EICAR]))).outcome is not Outcome.FOUND:
            return Health(
                False, self.name, f"{version} does not catch the EICAR test string. Load signatures and restart it."
            )
        if self._smallest_limit and (self.turns_away_our_largest() or not self._takes(self._smallest_limit)):
            return Health(False, self.name, f"{version}: {TOO_LOW.format(size=self._smallest_limit // MIB)}")
        return Health(True, self.name, version)

    def turns_away_our_largest(self) -> bool:
        """Announce a piece of the product's largest size and send none of it: a limit below that is told at once (REL-27).

        A scanner that is away or hangs says nothing of its limit: what waits for it waits in quarantine (REL-26).
        """
        if not self._smallest_limit:
            return False
        try:
            with socket.create_connection(self._place, timeout=MOMENT) as line:
                line.sendall(b"zINSTREAM\0" + struct.pack("!I", self._smallest_limit))
                line.shutdown(socket.SHUT_WR)
                return "size limit exceeded" in _read_answer(line)
        except (OSError, _NoAnswer):
            return False

    def _found(self, name: str) -> Verdict:
        # told instead of a virus where AlertExceedsMax is on: something was too large or too deep to look into
        if name.startswith("Heuristics.Limits.Exceeded"):
            return Verdict(
                Outcome.UNKNOWN, self.name, "the file is too large or too deeply packed for the virus scanner"
            )
        return Verdict(Outcome.FOUND, self.name, "".join(letter for letter in name if letter.isprintable())[:120])

    def _instream(self, stream: BinaryIO) -> str:
        with socket.create_connection(self._place, timeout=self._timeout) as line:
            try:
                line.sendall(b"zINSTREAM\0")
                while chunk := stream.read(CHUNK):
                    line.sendall(struct.pack("!I", len(chunk)) + chunk)
                line.sendall(struct.pack("!I", 0))
            except (BrokenPipeError, ConnectionResetError):
                # clamd says why before it hangs up
                return _read_answer(line) or "closed early"
            line.settimeout(self._scan_timeout)
            return _read_answer(line)

    def _version(self) -> str:
        try:
            with socket.create_connection(self._place, timeout=self._timeout) as line:
                line.sendall(b"zVERSION\0")
                return _read_answer(line)
        except (OSError, _NoAnswer):
            return ""

    def _takes(self, size: int) -> bool:
        """Whether a stream of this size gets a verdict at all; with AlertExceedsMax anything over a limit gets none."""
        zeros = bytes(CHUNK)
        pieces = (zeros for _ in range(size // CHUNK))
        return self.scan(cast(BinaryIO, _Given(pieces))).outcome is Outcome.CLEAN

    @staticmethod
    def _in_words(error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return "the virus scanner took too long"
        return str(error) if isinstance(error, _NoAnswer) else "the virus scanner does not answer"


class _Given(io.RawIOBase):
    """Pieces of bytes as something to read, so that a large test needs no memory."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces = iter(pieces)

    def read(self, size: int = -1) -> bytes:
        """Return the next piece, whatever size is asked for."""
        del size
        return next(self._pieces, b"")


def signature_age(version: str, now: float) -> int | None:
    """Return how many days old the signatures are, as the answer to VERSION tells; None where it does not tell."""
    parts = version.split("/")
    try:
        made = datetime.strptime(parts[2].strip(), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        return None
    return int(max(0.0, now - made.timestamp()) // 86_400)


def _read_answer(line: socket.socket) -> str:
    raw = b""
    while not raw.endswith(b"\0"):
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        raw += piece
        if len(raw) > LONGEST_ANSWER:
            raise _NoAnswer("the virus scanner answered with nonsense")
    if not raw:
        raise _NoAnswer("the virus scanner hung up without an answer")
    return raw.rstrip(b"\0\n").decode("utf-8", errors="replace").strip()


def takes_our_largest() -> bool:
    """Whether files as large as the product takes can be checked, or nobody says that they cannot. A fault is logged."""
    if configured().turns_away_our_largest():
        log.error("The virus scanner is set too low: %s", TOO_LOW.format(size=conf.get().limits.file_bytes // MIB))
        return False
    return True


def configured() -> Scanner:
    """Make the scanner that settings name."""
    port = conf.get().scanner
    module, _, name = port.backend.rpartition(".")
    made: Scanner = getattr(import_module(module), name)(**port.options)
    return made
