"""Ends worker processes of one running product at random, as an operator, the kernel or a power cut might.

    python -m tests.faults.killer --state var --seconds 60 --every 3

It touches only processes whose environment names this very state folder, and says at the end how many it ended.
"""

import argparse
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Killer:
    """Ends one pool process of the workers every few seconds, until it has ended so many or is told to stop."""

    state: Path
    every: float
    most: int = 1_000_000
    chance: random.Random = field(default_factory=random.Random)
    ended: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while self.ended < self.most and not self._stop.wait(self.every * self.chance.uniform(0.5, 1.5)):
            victims = list(workers_of(self.state))
            if victims:
                with suppress(ProcessLookupError):
                    os.kill(self.chance.choice(victims), signal.SIGKILL)
                    self.ended += 1

    def stop(self) -> None:
        self._stop.set()


def workers_of(state: Path) -> Iterator[int]:
    """Yield the pool processes of this product's workers: children of a worker's main process."""
    found = {pid: parent for pid, parent in _processes() if _is_worker(pid, state)}
    yield from (pid for pid, parent in found.items() if parent in found)


def _processes() -> Iterator[tuple[int, int]]:
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            yield int(place.parent.name), int(place.read_text().rpartition(")")[2].split()[1])


def _is_worker(pid: int, state: Path) -> bool:
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        named = f"DOCSTORE_STATE={state.resolve()}".encode() in environment
        return named and b"workers.app" in command and b"worker" in command
    return False


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--state", type=Path, required=True)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--every", type=float, default=3)
    chosen = options.parse_args()
    killer = Killer(chosen.state, chosen.every)
    thread = threading.Thread(target=killer.run)
    thread.start()
    time.sleep(chosen.seconds)
    killer.stop()
    thread.join()
    print(f"ended {killer.ended} worker processes in {chosen.seconds:.0f} seconds")


if __name__ == "__main__":
    main()
