"""Real and hostile documents beside the checkout, where they are: each ends in exactly one way, and nothing falls."""

from pathlib import Path

import pytest

from docstore.core.errors import Refusal
from docstore.reading.faults import ReadingFault
from docstore.reading.kinds import identify
from docstore.reading.readers import Readers
from docstore.reading.sandbox import MIB

FOLDER = Path(__file__).parents[3] / "shared" / "samples"
FILES = sorted(path for path in FOLDER.glob("*/*") if path.parent.name != "LICENSES") if FOLDER.is_dir() else []

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not FILES, reason="there are no sample documents beside the checkout"),
]


@pytest.mark.requirement("SEC-35")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_ends_in_one_way(readers: Readers, path: Path) -> None:
    refusal: str | None = None
    outcomes: list[str] = []
    try:
        kind = identify(path, name=path.name, declared=None).kind
        with readers.borrow(key=str(path), source=lambda: path.open("rb"), kind=kind) as reader:
            reader.inspect()
            outcomes = [_outcome(reader.page, sheet.number) for sheet in reader.open()]
    except (Refusal, ReadingFault) as ended:
        refusal = str(ended)
    assert all(outcomes)
    assert refusal is None or len(refusal) > 20


def _outcome(read: object, number: int) -> str:
    try:
        return str(read(number).method)  # type: ignore[operator]
    except ReadingFault as fault:
        return str(fault)


@pytest.mark.requirement("SEC-35")
@pytest.mark.parametrize("name", ["hostile/bomb_giant.pdf", "scans/hugemono.pdf", "scans/enormous.pdf"])
def test_the_largest_stay_within_their_memory(readers: Readers, name: str) -> None:
    path = FOLDER / name
    kind = identify(path, name=path.name, declared=None).kind
    with readers.borrow(key=name, source=lambda: path.open("rb"), kind=kind) as reader:
        reader.inspect()
        reader.page(1)
        used = reader.memory
    assert used < 700 * MIB
