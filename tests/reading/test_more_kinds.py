"""Photographs, web pages, recordings, and office documents for which there is no converter yet."""

import io
from pathlib import Path

import pillow_heif
import pytest

from docstore.core.jobs import Job
from docstore.documents.models import Stage, Version
from docstore.intake.actions import take_document
from docstore.reading import actions, convert
from docstore.reading.faults import KeptOnly
from docstore.reading.kinds import Kind
from docstore.reading.shapes import Method
from tests.api.client import drain
from tests.courts import TwoCourts, incoming
from tests.reading import papers
from tests.reading.conftest import Borrow

LETTER = rb"{\rtf1\ansi The tribunal heard the appeal and the order is set aside.\par}"
PAGE = b"""<!DOCTYPE html><html><head><title>not read</title><style>p{}</style></head>
<body><h1>Notice</h1><script>document.write('evil')</script><p>Hearing at <b>ten</b> o&rsquo;clock.</p>
<img src="http://127.0.0.1:9/beacon.png" onerror="alert(1)"><table><tr><td>Room</td><td>4</td></tr></table></body></html>"""


def test_a_photograph_from_a_telephone_is_read(borrow: Borrow) -> None:
    kept = io.BytesIO()
    pillow_heif.from_pillow(papers.scan().convert("RGB")).save(kept, quality=80)
    with borrow(kept.getvalue(), Kind.HEIC) as reader:
        assert reader.inspect().pages == 1
        page = reader.page(1)
    assert page.method is Method.OCR
    assert "represented by counsel" in page.text
    assert page.picture is not None


@pytest.mark.requirement("SEC-30")
def test_a_web_page_is_shown_as_its_words_and_nothing_else(borrow: Borrow) -> None:
    with borrow(PAGE, Kind.HTML) as reader:
        page = reader.page(1)
    assert page.method is Method.NATIVE
    assert "Hearing at ten o’clock." in page.text
    assert "Notice" in page.text
    assert not any(word in page.text for word in ("evil", "alert", "not read", "<", "beacon"))


@pytest.mark.parametrize("kind", [Kind.MP3, Kind.WAV, Kind.MP4, Kind.MOV])
def test_sound_and_film_are_kept_and_named_and_never_opened(borrow: Borrow, kind: Kind) -> None:
    with borrow(b"whatever it is", kind) as reader:
        assert reader.inspect().pages is None
        with pytest.raises(KeptOnly, match="kept as it came") as fault:
            reader.open()
        assert reader.pid is None
    assert kind.words in str(fault.value)


def take(courts: TwoCourts, raw: bytes, name: str) -> Version:
    file = incoming(raw, name)
    made = take_document(by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", incoming=file)
    drain()
    return made.versions.get()


@pytest.mark.requirement("DOM-3.10")
@pytest.mark.django_db(transaction=True)
def test_a_recording_ends_with_a_sentence_and_can_be_downloaded(courts: TwoCourts) -> None:
    version = take(courts, b"ID3\x04\0\0" + bytes(200), "interview.mp3")
    assert version.stage == Stage.UNREADABLE
    assert version.stage_reason.startswith("This is a sound recording (MP3). It is kept as it came")
    assert version.is_served
    assert not Job.objects.parked().exists()


@pytest.mark.requirement("DOM-3.10")
@pytest.mark.skipif(not any(Path(one).exists() for one in convert.PROGRAMS), reason="LibreOffice is not installed")
@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_converted_yet_waits_and_is_converted_when_the_converter_comes(
    courts: TwoCourts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(convert, "PROGRAMS", ("/nowhere/soffice",))
        version = take(courts, LETTER, "order.rtf")
        assert (version.stage, version.lacks) == (Stage.UNREADABLE, "converter")
        assert "as soon as LibreOffice is installed" in version.stage_reason
        assert actions.open_what_waited() == 0

    assert actions.open_what_waited() == 1
    assert actions.open_what_waited() == 0
    drain()

    version.refresh_from_db()
    assert (version.stage, version.lacks, version.stage_reason) == (Stage.SEARCHABLE, "", "")
