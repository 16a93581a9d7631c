"""Three layouts of capture software, and indices that cannot be used."""

from pathlib import Path

import pytest

from station.index_files import IndexWrong, Row, read_index
from station.settings import Index

SAMPLES = Path(__file__).parents[2] / "docs" / "how-to" / "station-indices"
HEADED = Index(
    match="*.csv",
    columns={"file": "FileName", "reference": "CaseNo", "type": "DocType", "control_number": "DCN", "pages": "Pages"},
)
BARE = Index(match="*.txt", columns={"file": 4, "reference": 1, "type": 2, "pages": 3}, delimiter="|", header=False)
XML = Index(
    match="*.xml",
    layout="xml",
    document="Document",
    field="IndexField",
    columns={"file": "FileName", "reference": "CaseNumber", "type": "Class", "pages": "PageCount"},
)


@pytest.mark.parametrize(("name", "index"), [("headed.csv", HEADED), ("bare.txt", BARE), ("released.xml", XML)])
def test_each_layout_says_the_same(name: str, index: Index) -> None:
    rows = read_index(SAMPLES / name, index)
    said = [(row.path.relative_to(SAMPLES).as_posix(), row.reference, row.type, row.pages) for row in rows]
    assert said == [
        ("0001.pdf", "45MC1234542", "statement", 3),
        ("images/0002.tif", "45MC1234542", "letter", 1),
        ("0003.pdf", "", "other", 12),
    ]


def test_control_numbers_come_from_the_index(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text("FileName,CaseNo,DocType,DCN,Pages\na.pdf,,,00012,\n")
    assert read_index(tmp_path / "i.csv", HEADED) == [Row(tmp_path / "a.pdf", control_number="00012")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FileName,CaseNo,DocType,DCN,Pages\n../../etc/passwd,,,1,\n", "not a file beside it"),
        ("FileName,CaseNo,DocType,DCN,Pages\nC:\\scans\\a.pdf,,,1,\n", "not a file beside it"),
        ("FileName,CaseNo,DocType,DCN,Pages\n/a.pdf,,,1,\n", "not a file beside it"),
        ("FileName,CaseNo,DocType,DCN,Pages\n,,,1,\n", "not a file beside it"),
        ("FileName,CaseNo,DocType,DCN,Pages\na.pdf,,,1,three\n", "number of pages"),
        ("FileName,CaseNo,DocType,DCN,Pages\na.pdf,,,1,\na.pdf,,,2,\n", "twice"),
        ("FileName,CaseNo,DocType,DCN,Pages\na.pdf,\n", "too few"),
        ("FileName,CaseNo,DocType,Pages\na.pdf,,,1\n", "no column DCN"),
        ("FileName,CaseNo,DocType,DCN,Pages\n", "names no scan"),
        ("", "no column"),
        ('FileName,CaseNo,DocType,DCN,Pages\n"a.pdf,,,1,\n', "cannot be read"),
    ],
)
def test_an_index_with_a_fault_says_which(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "i.csv").write_text(text)
    with pytest.raises(IndexWrong, match=said):
        read_index(tmp_path / "i.csv", HEADED)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_bytes(b"\xff\xfe\x00F")
    with pytest.raises(IndexWrong, match="not written in"):
        read_index(tmp_path / "i.csv", HEADED)


@pytest.mark.requirement("SEC-37")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>', "declares a document type"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "declares a document type"),
        ("<Batch><Document>", "not proper XML"),
        ("<Batch/>", "names no scan"),
    ],
)
def test_xml_with_declarations_or_faults_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "i.xml").write_text(text)
    with pytest.raises(IndexWrong, match=said):
        read_index(tmp_path / "i.xml", XML)
