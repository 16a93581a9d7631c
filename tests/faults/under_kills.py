"""The acceptance sets, twice in a row each, while workers of the running product are ended at random (issue 4).

    make run PORT=8110 STATE=var/kills        # in one terminal; STACK=full for the real services
    python -m tests.faults.under_kills --port 8110 --state var/kills --sets ../shared/acceptance/public*.json

Prints a line for every run and exits with 0 only if every check held every time, and workers were really ended.
"""

import argparse
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.killer import Killer

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """One set, once: its exit code, what it said last, how long it took, and how many workers were ended meanwhile."""

    name: str
    code: int
    said: str
    seconds: float
    ended: int

    @property
    def line(self) -> str:
        verdict = "holds" if self.code == 0 else "FAILS"
        return f"{verdict}  {self.name}: {self.said}; {self.seconds:.0f} s, {self.ended} workers ended"


def run(acceptance: Path, *, base: str, keys: str, killer: Killer) -> Run:
    """Run one set against the product at `base`."""
    script = acceptance.with_name("main_job.py").resolve()
    command = [sys.executable, str(script), "--set", str(acceptance.resolve()), "--base", base, "--key-command", keys]
    before, begun = killer.ended, time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr, file=sys.stderr, flush=True)
    said = next((line for line in done.stdout.splitlines() if "checks hold" in line), "it did not come to its end")
    return Run(acceptance.name, done.returncode, said, time.monotonic() - begun, killer.ended - before)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sets", type=Path, nargs="+", required=True)
    options.add_argument("--state", type=Path, default=Path("var"), help="the folder given to make run as STATE")
    options.add_argument("--stack", choices=["embedded", "full"], default="embedded")
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--times", type=int, default=2)
    options.add_argument("--every", type=float, default=6, help="seconds between two deaths, in the mean")
    chosen = options.parse_args()
    keys = f"make -s key WHO={{who}} STATE={chosen.state} STACK={chosen.stack}"
    killer = Killer(chosen.state, chosen.every)
    thread = threading.Thread(target=killer.run)
    thread.start()
    runs = []
    try:
        for one in chosen.sets * chosen.times:
            runs.append(run(one, base=f"http://127.0.0.1:{chosen.port}", keys=keys, killer=killer))
            print(runs[-1].line, flush=True)
    finally:
        killer.stop()
        thread.join()
    return 0 if all(one.code == 0 and one.ended for one in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
