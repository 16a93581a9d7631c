"""The virus scan fails closed, whatever the scanner does."""

import io
import itertools
import os
import socket
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf
import pytest
from django.test import Client

from docstore.core import conf
from docstore.documents.models import Stage
from docstore.reading import readers
from docstore.reading.actions import examine
from docstore.reading.scanner import EICAR, MIB, Clamd, NoScanner, Outcome, Scanner, _Given, configured, signature_age
from tests.reading import papers

ADDRESS = os.environ.get("CLAMD_ADDRESS", "")


@contextmanager
def scripted(
    answer: bytes | None, *, hang: bool = False, early: bool = False, announced: bool = False
) -> Iterator[str]:
    """A server that takes a stream and says one thing, or nothing; early, or once it was told how much is to come."""
    server = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        line, _ = server.accept()
        with line:
            asked = line.recv(10)
            if announced:
                line.recv(4, socket.MSG_WAITALL)
            elif asked == b"zINSTREAM\0" and not early:
                while (size := struct.unpack("!I", line.recv(4, socket.MSG_WAITALL))[0]) > 0:
                    line.recv(size, socket.MSG_WAITALL)
            if hang:
                done.wait(10)
            elif answer is not None:
                line.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        done.set()
        thread.join()
        server.close()


def clamd(address: str) -> Clamd:
    """clamd at an address, not waited for long."""
    return Clamd(address=address, timeout=1, scan_timeout=1)


def test_an_explicit_ok_is_clean() -> None:
    with scripted(b"stream: OK\0") as address:
        assert clamd(address).scan(io.BytesIO(b"x" * 600_000)).outcome is Outcome.CLEAN


def test_a_virus_is_named() -> None:
    with scripted(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") as address:
        verdict = clamd(address).scan(io.BytesIO(b"x"))
    assert verdict.outcome is Outcome.FOUND
    assert verdict.detail == "Win.Test.EICAR_HDB-1"


@pytest.mark.requirement("SEC-25")
@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
        b"OK\0",
        b"stream: OK but not quite\0",
        b"\xff\xfe\0",
        b"x" * 9_000,
        b"",
        None,
    ],
)
def test_anything_else_is_no_verdict(answer: bytes | None) -> None:
    with scripted(answer) as address:
        verdict = clamd(address).scan(io.BytesIO(b"x"))
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.detail


@pytest.mark.requirement("SEC-25")
def test_a_scanner_that_is_slow_or_away_gives_no_verdict() -> None:
    with scripted(None, hang=True) as address:
        verdict = clamd(address).scan(io.BytesIO(b"x"))
    assert verdict.outcome is Outcome.UNKNOWN
    assert "too long" in verdict.detail
    assert clamd("127.0.0.1:1").scan(io.BytesIO(b"x")).outcome is Outcome.UNKNOWN
    with scripted(b"INSTREAM size limit exceeded. ERROR\0", early=True) as address:
        assert clamd(address).scan(io.BytesIO(bytes(20_000_000))).outcome is Outcome.UNKNOWN


def test_no_scanner_never_says_clean() -> None:
    scanner: Scanner = NoScanner()
    assert scanner.scan(io.BytesIO(b"x")).outcome is Outcome.NOT_SCANNED
    assert not scanner.health().well


def test_the_scanner_of_the_settings_is_made() -> None:
    assert isinstance(configured(), Clamd if ADDRESS else NoScanner)


@pytest.mark.requirement("SEC-26")
def test_health_tells_a_scanner_that_does_not_answer_or_catches_nothing() -> None:
    assert not clamd("127.0.0.1:1").health().well
    with scripted(b"ClamAV 1.0\0") as address:
        assert not clamd(address).health().well


@pytest.mark.requirement("SEC-26")
def test_the_age_of_signatures_is_told_where_the_scanner_tells_it() -> None:
    now = 1_790_000_000.0
    assert signature_age("ClamAV 1.4.3/27500/Mon Sep 14 08:00:00 2026", now) == 7
    assert signature_age("ClamAV 1.4.3", now) is None
    assert signature_age("ClamAV 1.4.3/1/never", now) is None


@pytest.mark.django_db
@pytest.mark.requirement("REL-27")
def test_an_operator_who_lowers_the_limit_is_told_by_readiness(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def ready(address: str) -> tuple[int, bool]:
        options = {"address": address, "timeout": 1, "smallest_limit": 1024 * MIB}
        scanner = {"BACKEND": "docstore.reading.scanner.Clamd", "OPTIONS": options}
        settings.DOCSTORE = {**settings.DOCSTORE, "SCANNER": scanner}
        answer = client.get("/readyz")
        return answer.status_code, answer.json()["parts"]["virus scanner"]

    with scripted(b"INSTREAM size limit exceeded. ERROR\0", announced=True) as address:
        assert ready(address) == (503, False)
    assert "Set StreamMaxLength and MaxFileSize in clamd.conf" in caplog.text
    with scripted(None, announced=True) as address:
        assert ready(address) == (200, True)
    assert ready("127.0.0.1:1") == (200, True)  # away: papers wait in quarantine, and pages are served (REL-26)


@pytest.mark.services
@pytest.mark.skipif(not ADDRESS, reason="clamd is not running: CLAMD_ADDRESS is not set")
class TestRealClamd:
    """The same against the daemon."""

    def test_clean_bytes_are_clean(self) -> None:
        assert Clamd(address=ADDRESS).scan(io.BytesIO(b"an order of the court")).outcome is Outcome.CLEAN

    @pytest.mark.requirement("SEC-26")
    def test_the_daemon_is_well(self) -> None:
        health = Clamd(address=ADDRESS).health()
        assert health.well, health.detail
        assert "ClamAV" in health.detail

    @pytest.mark.requirement("REL-27", "SEC-26")
    def test_a_limit_below_ours_is_told_with_what_to_do(self) -> None:
        for size, fits in ((1024 * MIB, True), (2047 * MIB, False)):
            asked = Clamd(address=ADDRESS, smallest_limit=size)
            assert asked.turns_away_our_largest() is not fits
        health = asked.health()
        assert not health.well
        assert "Set StreamMaxLength and MaxFileSize in clamd.conf" in health.detail

    @pytest.mark.requirement("SEC-24", "SEC-27")
    @pytest.mark.parametrize("where", ["plain", "zip", "zip-in-zip", "docx", "at 99 % of the limit"])
    def test_the_test_string_is_caught_wherever_it_is(self, where: str) -> None:
        inner = _zip("eicar.txt", EICAR)
        hidden: dict[str, Callable[[], BinaryIO]] = {
            "plain": lambda: io.BytesIO(EICAR),
            "zip": lambda: io.BytesIO(inner),
            "zip-in-zip": lambda: io.BytesIO(_zip("inner.zip", inner)),
            "docx": lambda: io.BytesIO(papers.docx(("word/embeddings/oleObject1.bin", EICAR))),
            "at 99 % of the limit": lambda: _late(EICAR, conf.get().limits.pdf_bytes * 99 // 100),
        }
        assert Clamd(address=ADDRESS).scan(hidden[where]()).outcome is Outcome.FOUND

    @pytest.mark.requirement("SEC-27")
    def test_in_a_pdf_it_is_caught_though_the_scanner_alone_loses_its_way(self, tmp_path: Path) -> None:
        """A checksum before the filter is what most programs write, and is where clamd stops unpacking."""
        path = tmp_path / "bundle.pdf"
        path.write_bytes(_attached(EICAR))
        try:
            found = examine(
                path, name="bundle.pdf", declared=None, size=path.stat().st_size, may_confirm=True, confirmed=True
            )
        finally:
            readers.close_all()
        assert found.stage == Stage.QUARANTINED
        assert "Eicar" in found.reason


def _zip(name: str, content: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr(name, content)
    return kept.getvalue()


def _attached(content: bytes) -> bytes:
    """A PDF that carries a file."""
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.text_pdf(papers.BODY))) as pdf:
        pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, content, filename="a.txt")
        pdf.save(kept)
    return kept.getvalue()


def _late(content: bytes, offset: int) -> BinaryIO:
    """Zeros, and only then the content."""
    piece = bytes(4 * MIB)
    pieces = itertools.chain(itertools.repeat(piece, offset // len(piece)), [bytes(offset % len(piece)), content])
    return cast(BinaryIO, _Given(pieces))
