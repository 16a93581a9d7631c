"""The child's loop: one document, one request after another, until the wire closes or nothing comes for a while."""

import dataclasses
import os
import resource
import select
import signal
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from docstore.reading.child import wire
from docstore.reading.child.openers import opener_of
from docstore.reading.child.outcomes import Failed, Refused
from docstore.reading.child.reading import Tongues, draw, read_page
from docstore.reading.child.sources import Carries, Document, Outlined, Splits
from docstore.reading.ocr import OcrEngine, choose
from docstore.reading.shapes import Method, PageReading, Sheet, Word, WordColumns

IDLE_SECONDS = 60.0
# A child that is to be warm loads its engine once nobody has asked anything for so long: most papers need none.
WARM_AFTER_SECONDS = 1.0
# Reads printed codes: loaded only where somebody asks for them.
SURVEY = "docstore.reading.child.survey"
Answer = tuple[dict[str, Any], list[bytes]]


class Server:
    """Holds the one document that this child may ever see."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self._document: Document | None = None
        self._sheets: list[Sheet] = []
        self._engine: OcrEngine | None = None

    def answer(self, request: dict[str, Any]) -> Iterator[Answer]:
        """Answer one request, in one frame or many."""
        acts: dict[str, Callable[[dict[str, Any]], Iterator[Answer]]] = {
            "load": self._load,
            "inspect": self._inspect,
            "open": self._open,
            "outline": self._outline,
            "natives": self._natives,
            "page": self._page,
            "picture": self._picture,
            "survey": self._survey,
            "part": self._part,
            "attachments": self._attachments,
        }
        yield from acts[request["do"]](request)

    @property
    def is_loaded(self) -> bool:
        """Whether the document has arrived."""
        return self._document is not None

    def warm(self) -> None:
        """Load the engine and its models, which takes as long as starting the child did."""
        self._loaded_engine().read(_speck(), ("eng",), dpi=70)

    def _loaded_engine(self) -> OcrEngine:
        if self._engine is None:
            self._engine = choose(self._told["engine"])
        return self._engine

    def _load(self, request: dict[str, Any]) -> Iterator[Answer]:
        path = Path(self._told["scratch"]) / "source"
        self._document = opener_of(request["shape"])(path, self._told["pixels"])
        yield {}, []

    def _inspect(self, request: dict[str, Any]) -> Iterator[Answer]:
        del request
        yield dataclasses.asdict(self._opened().inspect()), []

    def _open(self, request: dict[str, Any]) -> Iterator[Answer]:
        del request
        yield {"sheets": [dataclasses.astuple(sheet) for sheet in self._all_sheets()]}, []

    def _outline(self, request: dict[str, Any]) -> Iterator[Answer]:
        del request
        document = self._opened()
        headings = document.outline() if isinstance(document, Outlined) else ()
        yield {"headings": [dataclasses.astuple(one) for one in headings]}, []

    def _natives(self, request: dict[str, Any]) -> Iterator[Answer]:
        sheets = self._all_sheets()
        for sheet in sheets[request["first"] - 1 : request["last"] or len(sheets)]:
            yield self._native(sheet)
        yield {"end": True}, []

    def _native(self, sheet: Sheet) -> Answer:
        told: dict[str, Any] = {"sheet": dataclasses.astuple(sheet)}
        try:
            page = self._opened().page(sheet.number)
        except Failed as failed:
            # told of again, as a fault, when the page itself is asked for
            return {**told, "text": "", "words": [], "decision": Method.OCR, "because": failed.reason}, [b""]
        try:
            native = page.native()
        finally:
            page.close()
        words = WordColumns.of(native.words)
        told |= {"text": native.text, "words": words.texts}
        told |= {"decision": native.decision.method, "because": native.decision.because}
        return told, [words.edges.tobytes()]

    def _picture(self, request: dict[str, Any]) -> Iterator[Answer]:
        page = self._opened().page(self._sheet(request["number"]).number)
        try:
            drawn = draw(page, turned=request["turned"])
        finally:
            page.close()
        yield {"width": drawn.width, "height": drawn.height}, [drawn.image, drawn.thumbnail]

    def _page(self, request: dict[str, Any]) -> Iterator[Answer]:
        sheet = self._sheet(request["number"])
        engine = self._loaded_engine()
        page = self._opened().page(sheet.number)
        try:
            told = read_page(
                page,
                sheet,
                engine,
                Tongues(request["languages"], request["known"]),
                dpi=request["dpi"],
                picture=request["picture"],
            )
        finally:
            page.close()
        yield _page_frame(told)

    def _survey(self, request: dict[str, Any]) -> Iterator[Answer]:
        del request
        surveyor = import_module(SURVEY).Surveyor()
        for sheet in self._all_sheets():
            try:
                page = self._opened().page(sheet.number)
            except Failed:
                yield {"number": sheet.number, "marks": [], "findings": []}, []
                continue
            try:
                yield surveyor.look_at(page, sheet), []
            finally:
                page.close()
        yield {"end": True}, []

    def _part(self, request: dict[str, Any]) -> Iterator[Answer]:
        document = self._opened()
        if not isinstance(document, Splits):
            raise Failed("PageUnreadable", "only scans can be split")
        turned = {int(number): int(degrees) for number, degrees in request["turned"].items()}
        content, media_type = document.part(request["pages"], turned)
        if len(content) > wire.MOST_BYTES:
            raise Failed("PageUnreadable", "the part is larger than can be handed over")
        yield {"media_type": media_type}, [content]

    def _attachments(self, request: dict[str, Any]) -> Iterator[Answer]:
        del request
        document = self._opened()
        carried = document.attachments() if isinstance(document, Carries) else ()
        for number, one in enumerate(carried, start=1):
            fits = len(one.content) <= wire.MOST_BYTES
            yield {"number": number, "name": one.name, "whole": fits}, [one.content if fits else b""]
        yield {"end": True}, []

    def _sheet(self, number: int) -> Sheet:
        sheets = self._all_sheets()
        if not 1 <= number <= len(sheets):
            raise Failed("PageUnreadable", "there is no such page")
        return sheets[number - 1]

    def _opened(self) -> Document:
        if self._document is None:
            raise Failed("ReaderDied", "no document was loaded")
        return self._document

    def _all_sheets(self) -> list[Sheet]:
        if not self._sheets:
            self._sheets = list(self._opened().sheets())
        return self._sheets


def serve(requests: BinaryIO, answers: BinaryIO, told: dict[str, Any]) -> None:
    """Answer until the wire closes; a child that has a document and hears nothing for a minute ends by itself."""
    server = Server(told)
    _send(answers, {"ready": os.getpid()}, [])
    if told["warm"] and not select.select([requests], [], [], WARM_AFTER_SECONDS)[0]:
        server.warm()
    while True:
        if server.is_loaded and not select.select([requests], [], [], IDLE_SECONDS)[0]:
            return
        frame = wire.receive(requests)
        if frame is None:
            return
        _answer(server, frame[0], answers)


def _answer(server: Server, request: dict[str, Any], answers: BinaryIO) -> None:
    """Answer one request; whatever goes wrong is told and ends nothing but this request.

    One that uses more processor time than it was given ends the child; the parent says so.
    """
    signal.setitimer(signal.ITIMER_PROF, float(request.get("seconds", 0)))
    try:
        for message, blobs in server.answer(request):
            _send(answers, {**message, "memory": _memory()}, blobs)
    except Refused as refused:
        _send(answers, {"refused": refused.name, "facts": refused.facts}, [])
    except Failed as failed:
        _send(answers, {"fault": failed.name, "reason": failed.reason}, [])
    except MemoryError:
        _send(answers, {"fault": "ReaderOutOfMemory", "reason": "its limit was reached"}, [])
    except Exception as error:  # noqa: BLE001 - whatever a parser throws at hostile bytes is this page's fault, not the child's
        _send(answers, {"fault": "PageUnreadable", "reason": type(error).__name__}, [])


def _send(answers: BinaryIO, message: dict[str, Any], blobs: list[bytes]) -> None:
    answers.write(wire.pack(message, blobs))
    answers.flush()


def _speck() -> Image.Image:
    """A picture to warm the engine with: its models are loaded on first use."""
    return Image.new("L", (64, 64), 255)


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _flat(words: tuple[Word, ...]) -> list[tuple[Any, ...]]:
    return [(w.text, w.left, w.top, w.right, w.bottom, w.confidence) for w in words]


def _page_frame(told: PageReading) -> Answer:
    apart = ("sheet", "words", "picture")
    message = {field.name: getattr(told, field.name) for field in dataclasses.fields(told) if field.name not in apart}
    message |= {"sheet": dataclasses.astuple(told.sheet), "words": _flat(told.words)}
    if told.picture is None:
        return message, []
    size = {"width": told.picture.width, "height": told.picture.height}
    return {**message, **size}, [told.picture.image, told.picture.thumbnail]
