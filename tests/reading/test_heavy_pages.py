"""Pages that need more memory than a page may use: tried once more at a lower resolution, then set aside for a person."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents.models import Document, PageState
from docstore.intake import work
from docstore.intake.actions import take_document
from docstore.reading import readers
from docstore.reading.actions import LIGHT_DPI
from docstore.reading.readers import Reader, Readers
from docstore.reading.sandbox import MIB, Limits
from docstore.reading.shapes import PageReading
from tests.api.client import Api, drain
from tests.courts import TwoCourts, incoming
from tests.reading import papers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def narrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    """Readers of this process whose children may use little."""
    made = Readers(folder=tmp_path / "reading", limits=Limits(memory=150 * MIB))
    monkeypatch.setattr(readers, "of_process", lambda: made)
    yield made
    made.close()


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Which page was read at which resolution."""
    seen: list[tuple[int, int]] = []
    read = Reader.page

    def noted(self: Reader, number: int, *, dpi: int = 300, **rest: object) -> PageReading:
        seen.append((number, dpi))
        return read(self, number, dpi=dpi, **rest)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(Reader, "page", noted)
    return seen


@pytest.mark.requirement("REL-28")
def test_a_page_whose_reader_is_killed_for_memory_is_tried_lighter_once_and_then_set_aside(
    courts: TwoCourts, narrow: Readers, tries: list[tuple[int, int]]
) -> None:
    small, heavy = papers.scan(size=(1000, 560)), Image.new("RGB", (6_000, 6_000), "white")
    raw = papers.encoded(
        small, "TIFF", save_all=True, append_images=[heavy, small], compression="tiff_deflate", dpi=(200, 200)
    )
    document = take(courts, raw, "bundle.tiff")
    neighbour = take(courts, papers.encoded(small, "PNG", dpi=(200, 200)), "letter.png")
    tries.clear()

    drain()

    assert [dpi for page, dpi in tries if page == 2] == [300, LIGHT_DPI]
    version = document.versions.get()
    assert [page.state for page in version.pages.order_by("number")] == [
        PageState.DONE,
        PageState.FAILED,
        PageState.DONE,
    ]
    assert "more memory" in version.pages.get(number=2).reason
    told = Api(courts, "clerk").get(f"documents/{document.pk}").json()
    assert (told["stage"], told["partial"], told["reason"]) == ("SEARCHABLE", True, "1 of 3 pages could not be read.")
    seen = work.board(Scope.of(courts.actor("clerk")), today=clock.today())
    assert [(one.document, one.number) for one in seen.failed] == [(document, 2)]
    assert Api(courts, "clerk").get(f"documents/{neighbour.pk}").json()["stage"] == "SEARCHABLE"


def take(courts: TwoCourts, raw: bytes, name: str) -> Document:
    return take_document(
        by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", incoming=incoming(raw, name)
    )
