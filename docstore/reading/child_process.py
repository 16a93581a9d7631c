"""One child from outside.

Started, spoken to under a deadline, ended with everything it started. Knows frames, not documents.
"""

import os
import selectors
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from docstore.core.clock import monotonic
from docstore.core.errors import Refusal
from docstore.reading import refusals
from docstore.reading.child import wire
from docstore.reading.faults import (
    PageUnreadable,
    ReaderDied,
    ReaderOutOfMemory,
    ReaderTimedOut,
    ReadingFault,
)
from docstore.reading.sandbox import Limits, reader_command

MOST_NOISE = 4 * 1024 * 1024
PIECE = 1024 * 1024
START_SECONDS = 30.0
FAULTS: dict[str, type[ReadingFault]] = {
    fault.__name__: fault for fault in (PageUnreadable, ReaderDied, ReaderOutOfMemory, ReaderTimedOut)
}
REFUSALS: dict[str, type[Refusal]] = {
    refusal.__name__: refusal
    for refusal in (
        refusals.PasswordProtected,
        refusals.Malformed,
        refusals.TooManyPages,
        refusals.PageTooLarge,
        refusals.ArchiveInvalid,
    )
}
OUT_OF_TIME = {signal.SIGXCPU, signal.SIGALRM, signal.SIGPROF}
# How libraries written in C end when memory is refused to them.
OUT_OF_MEMORY = {signal.SIGKILL, signal.SIGTRAP, signal.SIGILL, signal.SIGABRT}

Answer = tuple[dict[str, Any], list[bytes]]


def sweep(folder: Path) -> None:
    """Throw away the scratch folders of processes that were killed before they could."""
    for left in folder.glob("*-*-*"):
        owner = left.name.split("-")[1]
        if left.is_dir() and owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)


class ChildProcess:
    """A started child and its scratch folder.

    Must be made on a thread that lives as long as the process (see Readers).
    """

    def __init__(self, folder: Path, limits: Limits, *, engine: str, warm: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.scratch = Path(tempfile.mkdtemp(prefix=f"reading-{os.getpid()}-", dir=folder))
        self._process = subprocess.Popen(
            reader_command(self.scratch, limits, engine=engine, warm=warm),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={},
            cwd="/",
        )
        self._noise = 0
        self._ready = False
        self.memory = 0
        os.set_blocking(cast(IO[bytes], self._process.stdout).fileno(), False)
        os.set_blocking(cast(IO[bytes], self._process.stderr).fileno(), False)

    @property
    def pid(self) -> int:
        """The process id of its outermost process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def take(self, source: BinaryIO, name: str = "source") -> None:
        """Copy a document into the scratch folder.

        Only while the child has seen nothing hostile: the folder is its own after that.
        """
        target = os.open(self.scratch / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(target, "wb") as kept, source:
            shutil.copyfileobj(source, kept, PIECE)

    def ask(self, request: dict[str, Any], *, seconds: float) -> Answer:
        """Send a request and return its one answer."""
        self._send(request)
        return self._answer(seconds)

    def ask_many(self, request: dict[str, Any], *, seconds: float) -> Iterator[Answer]:
        """Send a request and yield answers until the one that says it is the last; each has its own deadline."""
        self._send(request)
        while True:
            message, blobs = self._answer(seconds)
            if message.get("end"):
                return
            yield message, blobs

    def close(self) -> None:
        """End it and everything it started, and throw its scratch folder away."""
        if self.is_alive:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _send(self, request: dict[str, Any]) -> None:
        if not self._ready:
            self._receive(START_SECONDS)
            self._ready = True
        pipe = cast(IO[bytes], self._process.stdin)
        try:
            pipe.write(wire.pack(request))
            pipe.flush()
        except (BrokenPipeError, OSError) as error:
            raise self._why_ended() from error

    def _answer(self, seconds: float) -> Answer:
        message, blobs = self._receive(seconds)
        if "refused" in message:
            raise REFUSALS.get(message["refused"], refusals.Malformed)(
                **{"what": "it cannot be read", **message["facts"]}
            )
        if "fault" in message:
            raise FAULTS.get(message["fault"], PageUnreadable)(str(message["reason"])[:200])
        self.memory = int(message.pop("memory", 0))
        return message, blobs

    def _receive(self, seconds: float) -> Answer:
        until = monotonic() + seconds
        try:
            head = self._read(wire.HEAD.size, until, seconds)
            json_bytes, blob_bytes = wire.sizes(head)
            return wire.unpack(self._read(json_bytes, until, seconds), self._read(blob_bytes, until, seconds))
        except wire.BrokenWire as error:
            self.close()
            raise ReaderDied("it answered with nonsense") from error

    def _read(self, count: int, until: float, seconds: float) -> bytes:
        out, err = cast(IO[bytes], self._process.stdout).fileno(), cast(IO[bytes], self._process.stderr).fileno()
        parts: list[bytes] = []
        with selectors.DefaultSelector() as waiting:
            waiting.register(out, selectors.EVENT_READ)
            waiting.register(err, selectors.EVENT_READ)
            while count > 0:
                left = until - monotonic()
                ready = {key.fd for key, _ in waiting.select(max(0.0, left))} if left > 0 else set()
                if not ready:
                    self.close()
                    raise ReaderTimedOut(f"{seconds:.0f} seconds")
                if err in ready and not self._drain(err):
                    waiting.unregister(err)
                if out in ready:
                    piece = os.read(out, min(count, PIECE))
                    if not piece:
                        raise self._why_ended()
                    parts.append(piece)
                    count -= len(piece)
        return b"".join(parts)

    def _drain(self, err: int) -> bool:
        """Read and forget what libraries print; a flood of it ends the child. Whether there may be more."""
        piece = os.read(err, PIECE)
        self._noise += len(piece)
        if self._noise > MOST_NOISE:
            self.close()
            raise ReaderDied("it flooded its output")
        return bool(piece)

    def _why_ended(self) -> ReadingFault:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        self.close()
        # bubblewrap hands on a death by signal as 128 + signal, Python as its negative
        number = -code if code < 0 else code - 128
        if number in OUT_OF_TIME:
            return ReaderTimedOut("its share of processor time")
        if number in OUT_OF_MEMORY:
            return ReaderOutOfMemory(signal.Signals(number).name)
        return ReaderDied(f"code {code}")
