"""`make bench`: measure every promise, print the tables and keep them. `make bench PARTS="search filing"` measures only those.

Each part runs in a process of its own and has its time; what it said is kept at once, so that a part that fails or hangs
takes nothing else with it. Exit code 1 where a promise was not kept or not measured.
"""

import importlib
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import django

from benchmarks.table import Part, Row, as_markdown, write_down

# The promises of reading and search come first: whoever has little time has those.
FIRST = ("search", "case_pages", "reading", "filing", "accuracy")
MEASURES = "def measure() -> list[Row]:"
MINUTES = float(os.environ.get("DOCSTORE_BENCH_MINUTES", "20"))
# How a run of another size than the usual one is called, such as "2,000,000 pages": it is kept beside the usual one.
SIZE = os.environ.get("DOCSTORE_BENCH_SIZE", "")
LONGEST_SECONDS = float(os.environ.get("DOCSTORE_BENCH_PART_SECONDS", "420"))


def main(chosen: list[str]) -> int:
    """Measure the chosen parts, or all, one after another, and stop when the time is over."""
    known = parts()
    if unknown := set(chosen) - set(known):
        print(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    ends, kept = time.monotonic() + MINUTES * 60, True
    for name in chosen or known:
        print(f"Measuring: {name} …", file=sys.stderr, flush=True)
        part = _measured(name, min(LONGEST_SECONDS, ends - time.monotonic()))
        target = write_down(part, on=date.today())
        print(f"\n## {name}, {part.seconds:.0f} s\n\n{as_markdown(part.rows)}", flush=True)
        kept = kept and all(row.kept for row in part.rows)
    print(f"\nKept in {target}", file=sys.stderr)
    return 0 if kept else 1


def parts() -> list[str]:
    """Every module beside this one that measures something, in the order in which they are run."""
    found = [one.stem for one in sorted(Path(__file__).parent.glob("*.py")) if MEASURES in one.read_text()]
    return [*FIRST, *(one for one in found if one not in FIRST and one != "__main__")]


def _measured(name: str, seconds: float) -> Part:
    """Run one part in a process of its own; whatever becomes of it, there is something to write down."""
    load, begun = os.getloadavg()[0], time.monotonic()
    if seconds <= 0:
        return Part(name, (_nothing(name, "no time was left"),), 0, load, SIZE)
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks", "--part", name], stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        told, _ = child.communicate(timeout=seconds)
        failed = "" if child.returncode == 0 else f"it ended with {child.returncode}"
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGTERM)
        told, _ = child.communicate()
        failed = f"it was not done after {seconds:.0f} s"
    rows = [Row.read(line) for line in told.decode().splitlines() if line.startswith("{")]
    rows += [_nothing(name, failed)] if failed else []
    return Part(name, tuple(rows), time.monotonic() - begun, load, SIZE)


def _nothing(name: str, why: str) -> Row:
    return Row(promise=name, limit="–", measured=f"not measured: {why}", target="–", kept=False)


def _run(name: str) -> int:
    """Measure one part here and say its rows, one a line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended, too
    for row in importlib.import_module(f"benchmarks.{name}").measure():
        print(row.written(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(_run(sys.argv[2]) if sys.argv[1:2] == ["--part"] else main(sys.argv[1:]))
