"""`make bench`: measure every promise, print the table and keep it. Names as arguments measure only those modules.

Exit code 1 where a promise was not kept.
"""

import importlib
import pkgutil
import signal
import sys
from datetime import date

import django

import benchmarks
from benchmarks.table import Row, as_markdown, write_down

TOOLS = {"__main__", "table", "product"}


def main(chosen: list[str]) -> int:
    """Run the chosen modules, or all, one after another."""
    django.setup()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended, too

    rows: list[Row] = []
    for name in sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__)):
        module = importlib.import_module(f"benchmarks.{name}") if name not in TOOLS else None
        if hasattr(module, "measure") and (not chosen or name in chosen):
            print(f"Measuring: {name} …", file=sys.stderr, flush=True)
            rows += module.measure()
    print(as_markdown(rows))
    print(f"\nKept in {write_down(rows, on=date.today())}", file=sys.stderr)
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
