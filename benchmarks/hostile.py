"""Promise: a thousand damaged PDFs cost no worker, and neither does ending workers' readers at random.

Every file is taken as the door and the workers take it: type, checks, pages, text, pictures, each in a child of its own.
Counted are the ways in which they end, the children that they ended, and the memory of the process that survives them all.
"""

import os
import resource
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import Row
from docstore.reading.readers import Readers
from docstore.reading.sandbox import MIB, Limits
from tests.reading import papers
from tests.reading.mutants import mutants
from tests.reading.test_mutants import ending

COUNT = int(os.environ.get("DOCSTORE_MUTANTS", "1000"))
MOST_GROWTH = 64 * MIB


def measure() -> list[Row]:
    """Return one row: how a thousand mutants ended."""
    with TemporaryDirectory(prefix="docstore-bench-") as folder:
        readers = Readers(folder=Path(folder) / "reading", limits=Limits(), warm=False)
        try:
            before, begun = _memory(), time.monotonic()
            endings = Counter(_class(ending(readers, raw, Path(folder) / "paper.pdf")) for _, raw in mutants(COUNT))
            spent, grown = time.monotonic() - begun, _memory() - before
            alive = ending(readers, papers.text_pdf(papers.BODY), Path(folder) / "good.pdf")
        finally:
            readers.close()
    told = ", ".join(f"{count} {how}" for how, count in endings.most_common())
    return [
        Row(
            promise=f"{COUNT:,} mutated PDFs, each in one final state and no worker lost",
            limit="–",
            measured=f"{told}; {spent:.0f} s; the worker grew by {grown / MIB:.0f} MiB; next good file {alive}",
            target=f"all ended, memory + ≤ {MOST_GROWTH // MIB} MiB",
            kept=endings.total() == COUNT and grown <= MOST_GROWTH and alive == "read as native",
        )
    ]


def _class(how: str) -> str:
    return how if how.startswith("set aside") else how.partition(":")[0]


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
