"""Which files count as finished scans."""

import os
import socket
import time
from pathlib import Path

import pytest

from station.folder import Folder, is_ignored

PDF = b"%PDF-1.4\n%%EOF\n"


def folder(root: Path, settle: float = 0.0) -> Folder:
    return Folder(root, settle_seconds=settle, leave_out={root / "done", root / "failed"})


def names(found: Folder) -> list[str]:
    return [one.path.name for one in found.look()[0]]


def test_a_file_that_still_grows_is_not_taken(tmp_path: Path) -> None:
    looking = folder(tmp_path, settle=0.3)
    scan = tmp_path / "a.pdf"
    for part in range(4):
        with scan.open("ab") as growing:
            growing.write(PDF)
        settled, growing_files = looking.look()
        assert settled == [], part
        assert growing_files == {scan}
        time.sleep(0.1)
    time.sleep(0.4)
    assert names(looking) == ["a.pdf"]


def test_a_clock_that_is_wrong_by_a_day_settles_files_all_the_same(tmp_path: Path) -> None:
    """The file's own time lies in the future or far back; only that it stands still counts."""
    looking = folder(tmp_path, settle=0.1)
    for name, days in (("ahead.pdf", 1), ("behind.pdf", -1)):
        (tmp_path / name).write_bytes(PDF)
        at = time.time() + days * 86400
        os.utime(tmp_path / name, (at, at))
    looking.look()
    time.sleep(0.2)
    assert names(looking) == ["behind.pdf", "ahead.pdf"]


def test_links_pipes_sockets_hidden_and_temporary_names_are_left_alone(tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret.pdf"
    secret.write_bytes(PDF)
    (tmp_path / "link.pdf").symlink_to(secret)
    (tmp_path / "folder-link").symlink_to(tmp_path.parent, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "s.pdf"))
        for name in (".hidden.pdf", "~$word.pdf", "a.pdf.part", "b.tmp", "c.crdownload", "Thumbs.db", "status.txt"):
            (tmp_path / name).write_bytes(PDF)
        (tmp_path / "real.pdf").write_bytes(PDF)
        assert names(folder(tmp_path)) == ["real.pdf"]


def test_what_was_moved_away_is_not_found_again(tmp_path: Path) -> None:
    for place in ("done", "failed", "sub"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "a.pdf").write_bytes(PDF)
    assert [one.path for one in folder(tmp_path).look()[0]] == [tmp_path / "sub" / "a.pdf"]


def test_a_pdf_without_its_end_gets_more_patience_and_not_for_ever(tmp_path: Path) -> None:
    looking = folder(tmp_path, settle=0.1)
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.4\nhalf")
    (tmp_path / "whole.pdf").write_bytes(PDF)
    looking.look()
    time.sleep(0.2)
    assert names(looking) == ["whole.pdf"]
    time.sleep(0.6)
    assert sorted(names(looking)) == ["cut.pdf", "whole.pdf"]


def test_a_folder_that_goes_away_is_an_empty_folder(tmp_path: Path) -> None:
    assert folder(tmp_path / "share").look() == ([], set())


@pytest.mark.parametrize("name", ["scan.pdf", "Scan 1.TIF", "a.b.jpg", "status.pdf"])
def test_ordinary_names_are_taken(name: str) -> None:
    assert not is_ignored(name)
