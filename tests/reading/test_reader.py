"""Reading through a real child in the real sandbox, on papers made here."""

import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from docstore.reading.child_process import sweep
from docstore.reading.convert import PROGRAMS
from docstore.reading.faults import ReaderDied, ReaderOutOfMemory, ReaderTimedOut
from docstore.reading.kinds import Kind
from docstore.reading.readers import Readers
from docstore.reading.sandbox import MIB, Limits
from docstore.reading.shapes import Method, PageReading, Word
from tests.reading import papers
from tests.reading.conftest import Borrow


def find(reading: PageReading, text: str) -> Word:
    """The first word that is this text."""
    return next(word for word in reading.words if word.text.strip(".,") == text)


def _family(pid: int) -> list[int]:
    """A process and all that it started, itself first."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


@pytest.mark.requirement("DOM-4.1")
def test_a_stamped_scan_is_read_by_ocr_on_every_page(borrow: Borrow) -> None:
    with borrow(papers.stamped_scan_pdf(2)) as reader:
        pages = [reader.page(sheet.number) for sheet in reader.open()]
    assert [page.method for page in pages] == [Method.OCR, Method.OCR]
    for page in pages:
        assert "represented by counsel" in page.text
        assert page.native_text == papers.STAMP.replace("   ", " ")
        assert page.engine
        assert page.language == "eng"
        assert page.confidence is not None
        assert page.confidence > 80


@pytest.mark.requirement("DOM-4.1")
def test_typed_and_scanned_pages_of_one_file_are_each_read_as_they_need(borrow: Borrow) -> None:
    with borrow(papers.mixed_pdf(2, 2)) as reader:
        pages = [reader.page(number) for number in (1, 2, 3, 4)]
        decisions = [native.decision for native in reader.natives()]
    assert [page.method for page in pages] == [Method.NATIVE, Method.NATIVE, Method.OCR, Method.OCR]
    assert decisions == [page.method for page in pages]
    assert all("satisfied that the notice" in page.text for page in pages)


def test_words_are_boxed_where_they_stand(borrow: Borrow) -> None:
    with borrow(papers.text_pdf(papers.BODY)) as reader:
        typed = find(reader.page(1), "claimant")
    with borrow(papers.picture_pdf(papers.scan())) as reader:
        read = find(reader.page(1), "claimant")
    assert (typed.left, typed.top) == pytest.approx((93.6 / 595, 80 / 842), abs=0.02)
    assert (read.left, read.top) == pytest.approx((248 / 1654, 305 / 2339), abs=0.02)
    assert typed.confidence is None
    assert read.confidence is not None


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_follow_a_page_that_is_turned_for_display(borrow: Borrow, turn: int) -> None:
    def turned(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = turn

    raw = papers.text_pdf(papers.BODY)
    with borrow(raw, key=f"upright-{turn}") as reader:
        upright = find(reader.page(1), "claimant")
    with borrow(papers.changed(raw, turned), key=f"turned-{turn}") as reader:
        page = reader.page(1)
    word = find(page, "claimant")
    across, down = (upright.left + upright.right) / 2, (upright.top + upright.bottom) / 2
    expected = {90: (1 - down, across), 180: (1 - across, 1 - down), 270: (down, 1 - across)}[turn]
    assert ((word.left + word.right) / 2, (word.top + word.bottom) / 2) == pytest.approx(expected, abs=0.01)
    assert (page.sheet.width > page.sheet.height) is (turn != 180)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_that_lies_on_its_side_is_read_and_boxed_as_it_lies(borrow: Borrow, turn: int) -> None:
    image = papers.scan().rotate(-turn, expand=True)
    size = papers.A4 if turn == 180 else (papers.A4[1], papers.A4[0])
    with borrow(papers.picture_pdf(image, size=size)) as reader:
        page = reader.page(1)
    assert "represented by counsel" in page.text
    word = find(page, "Judgment")
    x, y = 432 / 1654, 622 / 2339
    expected = {90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[turn]
    assert ((word.left + word.right) / 2, (word.top + word.bottom) / 2) == pytest.approx(expected, abs=0.03)


def test_pages_have_pictures_without_metadata(borrow: Borrow) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    raw = papers.encoded(papers.scan().rotate(90, expand=True).convert("RGB"), "JPEG", exif=exif, dpi=(200, 200))
    with borrow(raw, Kind.JPEG) as reader:
        page = reader.page(1)
    assert page.picture is not None
    shown, small = (Image.open(io.BytesIO(raw)) for raw in (page.picture.image, page.picture.thumbnail))
    assert shown.format == small.format == "WEBP"
    assert not shown.getexif()
    assert b"taken at home" not in page.picture.image
    assert shown.height > shown.width
    assert abs(shown.width - 1240) <= 2
    assert abs(small.width - 180) <= 2
    assert "represented by counsel" in page.text


def test_a_tiff_has_a_page_for_each_frame_and_a_blank_one_is_no_failure(borrow: Borrow) -> None:
    blank = Image.new("1", (1654, 2339), 1)
    raw = papers.encoded(papers.scan(), "TIFF", save_all=True, append_images=[blank], dpi=(200, 200))
    with borrow(raw, Kind.TIFF) as reader:
        assert reader.inspect().pages == 2
        pages = [reader.page(1), reader.page(2)]
    assert [page.method for page in pages] == [Method.OCR, Method.NONE]
    assert pages[1].picture is not None
    assert pages[1].text == ""


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_way_of_keeping_pixels_is_read(borrow: Borrow, mode: str) -> None:
    page = papers.scan()
    if mode == "I;16":
        image = page.convert("I").point(lambda level: level * 200).convert("I;16")
    elif "A" in mode:
        image = Image.new("LA", page.size, (0, 0))
        image.paste(page.convert("LA"), mask=page.point(lambda level: 255 if level < 128 else 0))
        image = image.convert(mode)
    else:
        image = page.point(lambda level: 255 if level > 128 else 0).convert("RGB").convert(mode)
    with borrow(papers.encoded(image, "TIFF", dpi=(200, 200)), Kind.TIFF) as reader:
        assert "represented by counsel" in reader.page(1).text


def test_a_child_serves_one_document_and_is_thrown_away(borrow: Borrow) -> None:
    raw = papers.mixed_pdf(1, 0)
    with borrow(raw, key="one") as reader:
        reader.page(1)
        first = reader.pid
    with borrow(raw, key="one") as reader:
        reader.page(1)
        assert reader.pid == first
    with borrow(raw, key="two") as reader:
        reader.page(1)
        assert reader.pid != first
    with pytest.raises(ProcessLookupError):
        os.kill(first or 0, 0)


def test_a_child_that_dies_is_told_of_and_replaced(borrow: Borrow) -> None:
    with borrow(papers.mixed_pdf(2, 0)) as reader:
        reader.page(1)
        family = _family(reader.pid or 0)
        for one in family:  # so that it is sure to end while it is asked, not before
            os.kill(one, signal.SIGSTOP)
        end = threading.Timer(0.2, os.kill, (family[0], signal.SIGKILL))
        end.start()
        with pytest.raises((ReaderDied, ReaderOutOfMemory)) as died:
            reader.page(2)
        end.join()
        assert died.value.lighter
        assert "counsel" in reader.page(2, dpi=150).text


@pytest.mark.requirement("SEC-35")
def test_memory_has_a_limit(tmp_path: Path) -> None:
    readers = Readers(folder=tmp_path, limits=Limits(memory=200 * MIB))
    raw = papers.encoded(Image.new("RGB", (9_500, 9_500), "white"), "TIFF", compression="tiff_deflate")
    try:
        with (
            pytest.raises(ReaderOutOfMemory) as fault,
            readers.borrow(key="large", source=lambda: io.BytesIO(raw), kind=Kind.TIFF) as reader,
        ):
            reader.page(1)
        assert fault.value.lighter
        assert "more memory" in str(fault.value)
    finally:
        readers.close()


def test_time_has_a_limit(borrow: Borrow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docstore.reading.readers.PAGE_SECONDS", 0.05)
    with (
        pytest.raises(ReaderTimedOut) as late,
        borrow(papers.picture_pdf(papers.scan(papers.BODY * 4, step=55))) as reader,
    ):
        reader.page(1)
    assert late.value.lighter


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    readers = Readers(folder=tmp_path, limits=Limits())
    raw = papers.text_pdf(papers.BODY)
    with readers.borrow(key="x", source=lambda: io.BytesIO(raw), kind=Kind.PDF) as reader:
        reader.page(1)
        pid = reader.pid
    readers.close()
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    gone, mine = tmp_path / "reading-4194999-x", tmp_path / f"reading-{os.getpid()}-x"
    gone.mkdir()
    mine.mkdir()
    sweep(tmp_path)
    assert not gone.exists()
    assert mine.exists()


def test_children_belong_to_the_process_that_started_them(tmp_path: Path) -> None:
    """A worker forks after its parent made readers: it starts children of its own and ends only those."""
    script = f"""
import io, os, sys
sys.path.insert(0, {str(Path.cwd())!r})
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
import django; django.setup()
from pathlib import Path
from docstore.reading.kinds import Kind
from docstore.reading.readers import Readers
from docstore.reading.sandbox import Limits
readers = Readers(folder=Path({str(tmp_path)!r}), limits=Limits(), warm=False)
raw = Path(sys.argv[1]).read_bytes()
def pid():
    with readers.borrow(key="k", source=lambda: io.BytesIO(raw), kind=Kind.PDF) as reader:
        reader.page(1)
        return reader.pid
mine = pid()
child = os.fork()
if child == 0:
    code = 0 if pid() != mine else 3
    readers.close()
    os._exit(code)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert pid() == mine
readers.close()
"""
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(papers.text_pdf(papers.BODY))
    done = subprocess.run([sys.executable, "-c", script, str(paper)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["paper.pdf"]


def test_plain_text_and_mail_become_pages(borrow: Borrow) -> None:
    with borrow("\n".join(f"line {at} of the note" for at in range(150)).encode(), Kind.TEXT) as reader:
        assert reader.inspect().pages == len(reader.open()) == 3
        page = reader.page(3)
    assert page.method is Method.NATIVE
    assert "line 149 of the note" in page.text
    assert page.picture is not None
    mail = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: =?utf-8?q?Gwrandawiad?=\r\nMIME-Version: 1.0\r\n"
    mail += b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>See you <b>at ten</b></p><script>evil()</script>"
    with borrow(mail, Kind.EML) as reader:
        text = reader.page(1).text
    assert "Subject: Gwrandawiad" in text
    assert "See you at ten" in text
    assert "evil" not in text


@pytest.mark.skipif(not any(Path(place).exists() for place in PROGRAMS), reason="LibreOffice is not installed")
def test_an_office_document_is_converted_and_read(borrow: Borrow) -> None:
    with borrow(rb"{\rtf1\ansi The tribunal heard the appeal and the order is set aside.\par}", Kind.RTF) as reader:
        assert reader.inspect().pages is None
        assert len(reader.open()) == 1
        assert "order is set aside" in reader.page(1).text


def test_a_word_that_a_file_breaks_at_the_end_of_a_line_stands_on_both(borrow: Borrow) -> None:
    raw = papers.text_pdf(["The parties asked for an adjourn-", "ment of the well-known case.", *papers.BODY])
    with borrow(raw) as reader:
        page = reader.page(1)
    assert "an adjourn-\nment of the well-known case" in page.text
    first, second = (next(one for one in page.words if one.text == part) for part in ("adjourn-", "ment"))
    assert first.bottom <= second.top
    assert first.left > second.right


def test_the_outline_that_a_file_brings_is_told_with_its_pages(borrow: Borrow) -> None:
    def outlined(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            part = pikepdf.OutlineItem("Part  A\tThe charges", 0)
            part.children.append(pikepdf.OutlineItem("Charge sheet", 1))
            outline.root += [part, pikepdf.OutlineItem("Nowhere")]

    with borrow(papers.changed(papers.text_pdf(papers.BODY, papers.BODY), outlined)) as reader:
        assert [(one.level, one.title, one.page) for one in reader.outline()] == [
            (0, "Part A The charges", 1),
            (1, "Charge sheet", 2),
        ]
    with borrow(papers.text_pdf(papers.BODY)) as reader:
        assert reader.outline() == ()
