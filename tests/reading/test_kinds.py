"""Content decides, names may only agree."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from docstore.core.errors import Refusal
from docstore.reading.formats import Kind
from docstore.reading.kinds import identify
from docstore.reading.refusals import ArchiveInvalid, EmptyFile, PasswordProtected, TypeMismatch, TypeNotAccepted
from tests.reading import papers

Put = Callable[[bytes], Path]
SMALL = Image.new("RGB", (20, 20), "white")
MAIL = b"From: clerk@court.example\r\nTo: counsel@chambers.example\r\nSubject: Listing\r\n\r\nTomorrow at ten.\r\n"

pytestmark = pytest.mark.requirement("SEC-16", "DOM-1.10")


@pytest.mark.requirement("DOM-3.10")
@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [
        ("order.pdf", papers.text_pdf(papers.BODY), Kind.PDF),
        ("junk-first.pdf", b"\r\n" + papers.text_pdf(papers.BODY), Kind.PDF),
        ("photo.jpeg", papers.encoded(SMALL, "JPEG"), Kind.JPEG),
        ("photo.PNG", papers.encoded(SMALL, "PNG"), Kind.PNG),
        ("scan.tif", papers.encoded(SMALL, "TIFF"), Kind.TIFF),
        ("photo.webp", papers.encoded(SMALL, "WEBP"), Kind.WEBP),
        ("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), Kind.HEIC),
        ("note.txt", "Nodyn i’r llys".encode(), Kind.TEXT),
        ("table.csv", b"name,amount\nA,1\n", Kind.CSV),
        ("letter.rtf", rb"{\rtf1 Dear Sir}", Kind.RTF),
        ("draft.docx", papers.docx(), Kind.DOCX),
        ("draft.wpd", b"\xffWPC" + bytes(60), Kind.WPD),
        ("message.eml", MAIL, Kind.EML),
        ("page.html", b"<!DOCTYPE html><p>Notice", Kind.HTML),
        ("page.htm", b"<html><body>Notice", Kind.HTML),
        ("interview.mp3", b"ID3\x04\0\0" + bytes(60), Kind.MP3),
        ("interview.wav", b"RIFF\x24\0\0\0WAVEfmt " + bytes(60), Kind.WAV),
        ("call.m4a", b"\0\0\0\x18ftypM4A \0\0\0\0M4A isom" + bytes(60), Kind.M4A),
        ("camera.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomavc1" + bytes(60), Kind.MP4),
        ("camera.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(60), Kind.MOV),
        ("camera.avi", b"RIFF\x24\0\0\0AVI LIST" + bytes(60), Kind.AVI),
        ("camera.webm", b"\x1aE\xdf\xa3" + bytes(60), Kind.MKV),
        ("no-extension", papers.text_pdf(papers.BODY), Kind.PDF),
    ],
)
def test_a_kind_is_told_by_its_bytes(file: Put, name: str, raw: bytes, kind: Kind) -> None:
    assert identify(file(raw), name=name, declared=None).kind is kind


@pytest.mark.parametrize(
    ("name", "raw", "declared"),
    [
        ("scan.jpeg", b"<!DOCTYPE html><html><body>hello</body></html>", None),
        ("note.txt", b"<!DOCTYPE html><html><body>hello</body></html>", None),
        ("order.mp3", papers.text_pdf(papers.BODY), None),
        ("draft.docx", papers.encoded(SMALL, "PNG"), None),
        ("order.pdf", b"MZ\x90\0" + bytes(80), None),
        ("order.exe", papers.text_pdf(papers.BODY), None),
        ("order.pdf", papers.text_pdf(papers.BODY), "image/png"),
        ("two-dots.pdf.html", papers.text_pdf(papers.BODY), None),
    ],
)
def test_a_file_that_lies_is_refused(file: Put, name: str, raw: bytes, declared: str | None) -> None:
    with pytest.raises(TypeMismatch) as refused:
        identify(file(raw), name=name, declared=declared)
    assert refused.value.code == "type-mismatch"
    assert name.split(".")[0] in str(refused.value)


@pytest.mark.requirement("SEC-30")
@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("page", b"<html><script>1</script></html>"),
        ("drawing.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("data.xml", b'<?xml version="1.0"?><a/>'),
        ("page.mht", b"From: <Saved by Blink>\r\nSubject: x\r\nDate: y\r\nContent-Type: multipart/related\r\n\r\n.mht"),
        ("program", b"\x7fELF" + bytes(60)),
        ("run.sh", b"#!/bin/sh\necho\n"),
        ("files.zip", papers.zipped(("a.txt", b"a"))),
        ("macros.docm", papers.docx(("word/vbaProject.bin", b"x"))),
        ("moving.gif", b"GIF89a" + bytes(30)),
    ],
)
def test_what_is_not_on_the_list_is_refused_by_name(file: Put, name: str, raw: bytes) -> None:
    with pytest.raises(TypeNotAccepted) as refused:
        identify(file(raw), name=name, declared=None)
    assert refused.value.status == 415


def test_an_empty_file_is_refused(file: Put) -> None:
    with pytest.raises(EmptyFile):
        identify(file(b""), name="order.pdf", declared=None)


@pytest.mark.requirement("SEC-29")
def test_a_pdf_behind_a_web_page_is_refused(file: Put) -> None:
    raw = b"<html><script>alert(1)</script>" + papers.text_pdf(papers.BODY)
    with pytest.raises(Refusal):
        identify(file(raw), name="order.pdf", declared="application/pdf")


@pytest.mark.requirement("SEC-28")
def test_a_locked_office_document_is_refused(file: Put) -> None:
    manifest = b'<manifest:encryption-data manifest:checksum-type="x"/>'
    kept = papers.zipped(("mimetype", Kind.ODT.value.encode()), ("META-INF/manifest.xml", manifest))
    with pytest.raises(PasswordProtected):
        identify(file(kept), name="draft.odt", declared=None)


@pytest.mark.requirement("SEC-21")
@pytest.mark.parametrize(
    "entry",
    ["/etc/passwd", "\\up.xml", "../up.xml", "a/../../up.xml", "C:/up.xml", "C:\\up.xml", "..\\up.xml", "cut\0off.xml"],
)
def test_an_entry_that_would_leave_its_folder_is_refused(file: Put, entry: str) -> None:
    marked = "cut_off.xml" if "\0" in entry else entry
    raw = papers.docx((marked, b"x")).replace(marked.encode(), entry.encode())
    with pytest.raises(ArchiveInvalid):
        identify(file(raw), name="draft.docx", declared=None)


@pytest.mark.requirement("SEC-21")
@pytest.mark.parametrize("kind", papers.NO_FILES, ids=papers.NO_FILES)
def test_a_link_or_a_device_is_refused(file: Put, kind: str) -> None:
    raw = papers.docx_with_entry_of(papers.NO_FILES[kind])
    with pytest.raises(ArchiveInvalid):
        identify(file(raw), name="draft.docx", declared=None)


@pytest.mark.requirement("SEC-21")
def test_two_entries_of_one_name_are_refused(file: Put) -> None:
    with pytest.raises(ArchiveInvalid):
        identify(file(papers.docx(("Word/Document.xml", b"x"))), name="draft.docx", declared=None)


@pytest.mark.requirement("SEC-20")
def test_an_entry_that_unpacks_to_far_more_than_it_is_is_refused(file: Put) -> None:
    with pytest.raises(ArchiveInvalid):
        identify(file(papers.docx(("word/media/a.bin", bytes(40_000_000)))), name="draft.docx", declared=None)


@pytest.mark.requirement("SEC-20")
def test_too_many_entries_are_refused_before_they_are_read(file: Put) -> None:
    raw = papers.docx(*((f"word/media/{at}", b"") for at in range(10_050)))
    with pytest.raises(ArchiveInvalid):
        identify(file(raw), name="draft.docx", declared=None)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
FETCHES = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'
ELSEWHERE = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "https://elsewhere.example/l.dtd"><l/>'
LATE = b"<!--" + b" x" * 35_000 + b" -->" + LAUGHS.partition(b"?>")[2]
WIDE = LAUGHS.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")


@pytest.mark.requirement("SEC-37")
@pytest.mark.parametrize(
    "part", [LAUGHS, FETCHES, ELSEWHERE, LATE, WIDE], ids=["laughs", "file", "url", "late", "wide"]
)
@pytest.mark.parametrize("entry", ["word/styles.xml", "word/_rels/document.xml.rels", "customXml/item1.bin"])
def test_a_part_that_declares_entities_is_refused_and_nothing_is_expanded(file: Put, part: bytes, entry: str) -> None:
    with pytest.raises(ArchiveInvalid, match="declares a document type"):
        identify(file(papers.docx((entry, part))), name="draft.docx", declared=None)


@pytest.mark.requirement("SEC-37")
def test_a_part_without_end_before_its_content_is_refused(file: Put) -> None:
    endless = b"<!--" + b"x y " * 300_000
    with pytest.raises(ArchiveInvalid, match="never comes to its content"):
        identify(file(papers.docx(("word/styles.xml", endless))), name="draft.docx", declared=None)


@pytest.mark.requirement("SEC-37")
@pytest.mark.parametrize(("part", "taken"), [(ELSEWHERE, True), (LAUGHS, False), (FETCHES, False)])
def test_a_document_type_is_named_in_an_early_manifest_and_never_declared(file: Put, part: bytes, taken: bool) -> None:
    kept = papers.zipped(("mimetype", Kind.ODT.value.encode()), ("META-INF/manifest.xml", part))
    if taken:
        assert identify(file(kept), name="draft.odt", declared=None).kind is Kind.ODT
    else:
        with pytest.raises(ArchiveInvalid):
            identify(file(kept), name="draft.odt", declared=None)
