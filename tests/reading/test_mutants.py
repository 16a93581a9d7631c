"""Damaged files end in one way each, and what reads them goes on. `python -m benchmarks hostile` does it a thousand times."""

from pathlib import Path

from docstore.core.errors import Refusal
from docstore.core.hashing import sha256_hex
from docstore.reading.faults import ReadingFault
from docstore.reading.kinds import Kind, identify
from docstore.reading.readers import Readers
from docstore.reading.sandbox import Limits
from tests.reading import papers
from tests.reading.conftest import Borrow
from tests.reading.mutants import mutant, mutants

COUNT = 25


def ending(readers: Readers, raw: bytes, path: Path) -> str:
    """Take a file as far as it goes, as the door and the workers would; say how it ended."""
    path.write_bytes(raw)
    try:
        kind = identify(path, name="paper.pdf", declared=None).kind
        with readers.borrow(key=sha256_hex([raw]), source=lambda: path.open("rb"), kind=kind) as reader:
            reader.inspect()
            sheets = reader.open()
            return f"read as {reader.page(sheets[0].number).method}"
    except Refusal as refusal:
        return f"refused: {refusal.code}"
    except ReadingFault as fault:
        return f"set aside: {type(fault).__name__}"


def test_the_same_number_makes_the_same_file() -> None:
    assert mutant(7) == mutant(7)
    assert len({raw for _, raw in mutants(20)}) == 20


def test_damaged_files_end_one_by_one_and_the_next_good_one_is_read(tmp_path: Path, borrow: Borrow) -> None:
    readers = Readers(folder=tmp_path / "reading", limits=Limits(), warm=False)
    try:
        endings = [ending(readers, raw, tmp_path / f"{number}") for number, raw in mutants(COUNT)]
    finally:
        readers.close()

    assert len(endings) == COUNT
    assert {one.partition(":")[0] for one in endings} <= {"read as native", "read as ocr", "read as none", "refused", "set aside"}  # fmt: skip
    assert sum(one.startswith("read") for one in endings) > COUNT // 4
    with borrow(papers.text_pdf(papers.BODY), Kind.PDF) as reader:
        assert "represented by counsel" in reader.page(1).text
