"""Reading sessions: one warm, sandboxed child per document, a spare one in waiting. The API that the room's actions use.

    readers = of_process()
    with readers.borrow(key=str(version.id), source=vault_opener, kind=Kind.PDF) as reader:
        reader.inspect() → Inspection (raises refusals)
        reader.open()    → tuple[Sheet, …]
        reader.natives() → Iterator[NativePage], one after another
        reader.page(3, languages=("eng",)) → PageReading

`source` is opened only if no child serves this key yet in this process, so a run of page jobs of one document copies it once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from docstore.reading.kinds import Kind
from docstore.reading.shapes import Inspection, NativePage, PageReading, Sheet

Source = Callable[[], BinaryIO]


class Reader:
    """One document, open in one child. Every call may raise a Refusal (the file's fault) or a ReadingFault (see faults)."""

    def inspect(self) -> Inspection:
        """Check the file as filing demands."""
        raise NotImplementedError

    def open(self) -> tuple[Sheet, ...]:
        """List the pages with labels and displayed sizes."""
        raise NotImplementedError

    def natives(self, *, first: int = 1, last: int | None = None) -> Iterator[NativePage]:
        """Yield the file's own text page by page with what is to be done about each; earlier pages come while later ones wait."""
        raise NotImplementedError

    def page(self, number: int, *, languages: tuple[str, ...] = ("eng",), dpi: int = 300, picture: bool = True) -> PageReading:
        """Read one page to the end: text, words, pictures. Give a lower dpi to try again after a fault that is `lighter`."""
        raise NotImplementedError


class Readers:
    """The children of this process: at most one at work, one spare. Safe after fork (children start lazily) and between threads."""

    @contextmanager
    def borrow(self, *, key: str, source: Source, kind: Kind) -> Iterator[Reader]:
        """Give the child that serves this document, starting with the spare where none does yet."""
        raise NotImplementedError
        yield Reader()

    def warm(self) -> None:
        """Start the spare child in the background; a worker calls this when it begins."""

    def close(self) -> None:
        """End every child; also done at exit."""

    @property
    def sandboxed(self) -> bool:
        """Whether children run inside bubblewrap. Where not, every page says so and production refuses to start."""
        raise NotImplementedError


def of_process() -> Readers:
    """The readers of this process, made from settings on first use."""
    raise NotImplementedError
