"""Reading sessions: one warm, sandboxed child per document, a spare one in waiting. The API that the room's actions
use.

    with of_process().borrow(key=str(version.id), source=vault_opener, kind=Kind.PDF) as reader:
        reader.inspect() → Inspection (raises refusals)
        reader.open()    → tuple[Sheet, …]
        reader.natives() → Iterator[NativePage], one after another
        reader.page(3, languages=("eng",)) → PageReading

`source` is opened only if no child serves this key yet in this process, so a run of page jobs of one document copies
it once.
"""

import atexit
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from docstore.core import conf
from docstore.core.hashing import sha256_hex
from docstore.reading.child_process import Answer, ChildProcess, sweep
from docstore.reading.convert import convert
from docstore.reading.faults import KeptOnly, ReaderTimedOut, SandboxMissing
from docstore.reading.fonts import FontSet
from docstore.reading.formats import Kind
from docstore.reading.refusals import TakesTooLong
from docstore.reading.sandbox import MIB, Limits, is_available
from docstore.reading.shapes import (
    Attachment,
    Heading,
    Inspection,
    NativePage,
    PagePicture,
    PageReading,
    PageSurvey,
    Sheet,
)
from docstore.reading.thaw import (
    to_attachment,
    to_heading,
    to_inspection,
    to_native,
    to_page,
    to_picture,
    to_sheet,
    to_survey,
)

Source = Callable[[], BinaryIO]
INSPECT_SECONDS = 30.0
OPEN_SECONDS = 45.0
# What a page may use of a processor. On the clock it may take longer, because a busy machine is not the page's fault.
PAGE_SECONDS = 55.0
PATIENCE = 2.5
# A child that once needed this much gives nothing back: its next page gets a fresh one.
RECYCLE_AT = 450 * MIB
AT_ONCE = 4
SHAPES = {Kind.EML: "mail", Kind.MSG: "outlook", Kind.HTML: "page"}


class Reader:
    """One document, open in one child. Every call may raise a Refusal (the file's fault) or a ReadingFault (see
    faults).

    A child that died is replaced by the next call, so a caller may simply try a page again at a lower dpi.
    """

    def __init__(self, pool: "Readers", *, key: str, source: Source, kind: Kind) -> None:
        self.key = key
        self._pool = pool
        self._source = source
        self._kind = kind
        self._child: ChildProcess | None = None
        self._memory = 0
        self._loaded_for_pages = False

    def inspect(self) -> Inspection:
        """Check the file as filing demands."""
        if self._kind.is_kept_only:
            return Inspection(pages=None)
        try:
            if self._kind.is_office:
                self._load("source", "office", self._source)
            else:
                self._load_for_pages()
            return to_inspection(self._ask({"do": "inspect"}, INSPECT_SECONDS)[0])
        except ReaderTimedOut as fault:
            raise TakesTooLong(seconds=round(INSPECT_SECONDS)) from fault

    def open(self) -> tuple[Sheet, ...]:
        """List the pages with labels and displayed sizes."""
        self._load_for_pages()
        return tuple(to_sheet(raw) for raw in self._ask({"do": "open"}, OPEN_SECONDS)[0]["sheets"])

    def outline(self) -> tuple[Heading, ...]:
        """List the headings of the outline that the file brings; nothing where it brings none."""
        self._load_for_pages()
        return tuple(to_heading(raw) for raw in self._ask({"do": "outline"}, OPEN_SECONDS)[0]["headings"])

    def natives(self, *, first: int = 1, last: int | None = None) -> Iterator[NativePage]:
        """Yield the file's own text page by page with what is to be done about each.

        Earlier pages come while later ones wait.
        """
        for message, blobs in self._many({"do": "natives", "first": first, "last": last}):
            yield to_native(message, blobs)

    def attachments(self) -> Iterator[Attachment]:
        """Yield the files that came inside a message."""
        for message, blobs in self._many({"do": "attachments"}):
            yield to_attachment(message, blobs)

    def page(
        self,
        number: int,
        *,
        languages: tuple[str, ...] = ("eng",),
        known: tuple[str, ...] = (),
        dpi: int = 300,
        picture: bool = True,
    ) -> PageReading:
        """Read one page to the end: text, words, pictures. Give a lower dpi to try again after a fault that is `lighter`.

        `languages` are those to begin with; a page that turns out to be in others of the `known` is read in those.
        """
        self._load_for_pages()
        tongues = {"languages": list(languages), "known": list(known)}
        request = {"do": "page", "number": number, **tongues, "dpi": dpi, "picture": picture}
        reading = to_page(*self._ask(request, PAGE_SECONDS))
        self._memory = self._running().memory
        if self._memory > RECYCLE_AT:
            self.end()
        return reading

    def survey(self) -> Iterator[PageSurvey]:
        """Yield what can be seen of each page of a scan: marks printed for machines, and doubts about its quality."""
        for message, _ in self._many({"do": "survey"}):
            yield to_survey(message)

    def part(self, pages: Sequence[int], *, turned: Mapping[int, int]) -> tuple[bytes, str]:
        """Return some pages of a scan as a file of its own, and its type; some turned clockwise by quarter turns."""
        self._load_for_pages()
        request = {"do": "part", "pages": list(pages), "turned": {str(at): by for at, by in turned.items()}}
        message, blobs = self._ask(request, PAGE_SECONDS)
        return blobs[0], str(message["media_type"])

    def picture(self, number: int, *, turned: int = 0) -> PagePicture:
        """Draw one page without reading it, turned clockwise by so many degrees."""
        self._load_for_pages()
        request = {"do": "picture", "number": number, "turned": turned}
        return to_picture(*self._ask(request, PAGE_SECONDS))

    @property
    def pid(self) -> int | None:
        """The process id of the child, for those who watch it."""
        return self._child.pid if self._child is not None else None

    @property
    def memory(self) -> int:
        """The most memory, in bytes, that the last child of this reader has used."""
        return self._memory

    @property
    def is_reusable(self) -> bool:
        """Whether the child can serve the next page of this document."""
        return self._loaded_for_pages and self._child is not None and self._child.is_alive

    def end(self) -> None:
        """End the child; the next call starts another."""
        if self._child is not None:
            self._child.close()
        self._child = None
        self._loaded_for_pages = False

    def _load_for_pages(self) -> None:
        if self.is_reusable:
            return
        if self._kind.is_kept_only:
            raise KeptOnly(self._kind.words)
        if self._kind.is_office:
            made = convert(
                key=self.key, source=self._source, kind=self._kind, folder=self._pool.folder, fonts=self._pool.fonts
            )
            self._load("source", "pdf", lambda: made.open("rb"))
        else:
            self._load("source", _shape(self._kind), self._source)
        self._loaded_for_pages = True

    def _load(self, name: str, shape: str, source: Source) -> None:
        self.end()
        self._child = self._pool.take_child()
        self._child.take(source(), name)
        self._ask({"do": "load", "shape": shape}, OPEN_SECONDS)

    def _many(self, request: dict[str, Any]) -> Iterator[Answer]:
        self._load_for_pages()
        finished = False
        try:
            yield from self._running().ask_many(request, seconds=PATIENCE * PAGE_SECONDS)
            finished = True
        finally:
            if not finished:
                # answers still under way would be taken for those of the next request
                self.end()

    def _ask(self, request: dict[str, Any], seconds: float) -> Answer:
        patience = PATIENCE if seconds == PAGE_SECONDS else 1.0  # nobody waits for a page, but somebody for a check
        return self._running().ask({**request, "seconds": seconds}, seconds=patience * seconds)

    def _running(self) -> ChildProcess:
        if self._child is None:
            raise RuntimeError("a reader is asked before it has a child")
        return self._child


def _shape(kind: Kind) -> str:
    if kind is Kind.PDF:
        return "pdf"
    if kind.is_picture:
        return "picture"
    return SHAPES.get(kind, "text")


class Readers:
    """The children of this process: at most one kept at work for its document, one spare.

    Safe between threads and after fork. Children are started on one thread that lives as long as the process, because
    the kernel ends a sandbox together with the thread that started it.
    """

    def __init__(
        self,
        *,
        folder: Path,
        limits: Limits,
        engine: str = "auto",
        warm: bool = True,
        required: bool = False,
        fonts: FontSet = FontSet.PLAIN,
    ) -> None:
        self.folder = folder
        self.fonts = fonts
        self._limits = limits
        self._engine = engine
        self._warm = warm
        self._required = required
        self._forget()

    def _forget(self) -> None:
        """Begin anew in this process: what a parent process started is the parent's to end."""
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._kept: Reader | None = None
        self._spare: Future[ChildProcess] | None = None
        self._starter: ThreadPoolExecutor | None = None

    @contextmanager
    def borrow(self, *, key: str, source: Source, kind: Kind) -> Iterator[Reader]:
        """Give the reader that serves this document, starting with the spare child where none does yet."""
        self._check_process()
        if self._required and not self.sandboxed:
            raise SandboxMissing("bubblewrap is missing or may not make namespaces")
        with self._places:
            reader = self._kept_for(key) or Reader(self, key=key, source=source, kind=kind)
            try:
                yield reader
            except BaseException:
                reader.end()
                raise
            self._keep(reader)

    def warm(self) -> None:
        """Start the spare child in the background, engine loaded; a worker calls this when it begins.

        A process that only inspects files, as those of the web do, never needs the engine and does not load it.
        """
        self._check_process()
        self._warm = True
        self._have_spare()

    def _have_spare(self) -> None:
        with self._lock:
            if self._spare is None:
                self._spare = self._start()

    def take_child(self) -> ChildProcess:
        """Hand out the spare child, or a new one, and start the next spare. Only readers call this."""
        with self._lock:
            coming, self._spare = self._spare or self._start(), None
        child = coming.result()
        if not child.is_alive:
            child.close()
            child = self._start().result()
        self._have_spare()
        return child

    def close(self) -> None:
        """End every child; also done at exit."""
        if self._owner != os.getpid():
            return
        with self._lock:
            kept, self._kept = self._kept, None
            spare, self._spare = self._spare, None
            starter, self._starter = self._starter, None
        if kept is not None:
            kept.end()
        if spare is not None:
            with suppress(OSError, RuntimeError):
                spare.result().close()
        if starter is not None:
            starter.shutdown(wait=False)

    @property
    def sandboxed(self) -> bool:
        """Whether children run inside bubblewrap. Where not, every page says so and production refuses to start."""
        return is_available()

    def _start(self) -> Future[ChildProcess]:
        with self._lock:
            if self._starter is None:
                sweep(self.folder)
                self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading-starter")
            return self._starter.submit(ChildProcess, self.folder, self._limits, engine=self._engine, warm=self._warm)

    def _kept_for(self, key: str) -> Reader | None:
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None and kept.key == key and kept.is_reusable:
            return kept
        if kept is not None:
            kept.end()
        return None

    def _keep(self, reader: Reader) -> None:
        if not reader.is_reusable:
            reader.end()
            return
        with self._lock:
            other, self._kept = self._kept, reader
        if other is not None:
            other.end()

    def _check_process(self) -> None:
        if self._owner != os.getpid():
            self._forget()


_made: dict[str, Readers] = {}


def of_process() -> Readers:
    """The readers of this process, made from settings on first use."""
    config = conf.get()
    name = sha256_hex([str(config.state).encode(), config.ocr.backend.encode()])
    if name not in _made:
        _made[name] = Readers(
            folder=config.state / "reading",
            limits=Limits(pixels=config.limits.pixels),
            engine=config.ocr.backend,
            warm=False,
            required=config.sandbox_required,
            fonts=FontSet(config.office_fonts),
        )
    return _made[name]


def close_all() -> None:
    """End all children of this process."""
    for readers in _made.values():
        readers.close()


atexit.register(close_all)
