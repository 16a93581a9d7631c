"""From files to batches in the journal, and a journal that one agent holds at a time."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from station.folder import Folder
from station.gathering import gather
from station.journal import AlreadyRunning, Journal, JournalTrouble
from station.settings import Index, Settings

PDF = b"%PDF-1.4\n%%EOF\n"


def gathered(settings: Settings, journal: Journal) -> list[str]:
    settled, growing = Folder(settings.watch, settle_seconds=0, leave_out={settings.done, settings.failed}).look()
    return gather(settings, journal, settled, growing, timedelta(0))


def batches(journal: Journal) -> list[list[tuple[str, str]]]:
    return [
        [(item.path.name, item.reference) for item in journal.items(batch.id)] for batch in journal.batches_at_work()
    ]


def put(settings: Settings, *names: str) -> None:
    for name in names:
        (settings.watch / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.watch / name).write_bytes(PDF)


def test_a_second_agent_is_refused_while_the_first_works(settings: Settings, journal: Journal) -> None:
    with pytest.raises(AlreadyRunning):
        Journal(settings.state)


def test_loose_files_go_together_and_a_folder_is_a_batch(settings: Settings, journal: Journal) -> None:
    put(settings, "a.pdf", "b.tif", "bundle/1.pdf", "bundle/2.pdf")
    gathered(settings, journal)
    assert sorted(batches(journal)) == [[("1.pdf", ""), ("2.pdf", "")], [("a.pdf", ""), ("b.tif", "")]]
    gathered(settings, journal)
    assert len(batches(journal)) == 2


def test_a_batch_never_exceeds_the_limit(settings: Settings, journal: Journal) -> None:
    put(settings, *(f"{number}.pdf" for number in range(5)))
    gathered(replace(settings, most_items=2), journal)
    assert [len(one) for one in batches(journal)] == [2, 2, 1]


def test_the_case_can_stand_in_the_name(settings: Settings, journal: Journal) -> None:
    put(settings, "45MC1234542_letter.pdf", "letter.pdf")
    gathered(replace(settings, name_pattern=r"(?P<case>[0-9A-Z]{11})_"), journal)
    assert batches(journal) == [[("45MC1234542_letter.pdf", "45MC1234542"), ("letter.pdf", "")]]


def test_a_file_that_is_no_scan_is_set_aside_with_the_reason(settings: Settings, journal: Journal) -> None:
    put(settings, "virus.exe", "a.pdf")
    gathered(settings, journal)
    assert batches(journal) == [[("a.pdf", "")]]
    assert (settings.failed / "virus.exe").read_bytes() == PDF
    assert "NOT TAKEN. Keep the paper." in (settings.failed / "virus.exe.txt").read_text()


def test_an_index_waits_for_its_scans_and_then_makes_one_batch(settings: Settings, journal: Journal) -> None:
    chosen = replace(settings, index=(Index("*.csv", {"file": "f", "reference": "c"}),), loose_files="wait")
    (settings.watch / "i.csv").write_text("f,c\na.pdf,X1\nb.pdf,X2\n")
    put(settings, "a.pdf")
    assert gathered(chosen, journal) == ["i.csv waits for b.pdf."]
    put(settings, "b.pdf", "loose.pdf")
    assert gathered(chosen, journal) == ["loose.pdf waits for its index file."]
    assert batches(journal) == [[("a.pdf", "X1"), ("b.pdf", "X2")]]


def test_an_index_with_a_fault_stops_no_other(settings: Settings, journal: Journal) -> None:
    chosen = replace(settings, index=(Index("*.csv", {"file": "f", "reference": "c"}),))
    (settings.watch / "bad.csv").write_text("nothing\n")
    (settings.watch / "good.csv").write_text("f,c\na.pdf,X1\n")
    put(settings, "a.pdf")
    gathered(chosen, journal)
    assert batches(journal) == [[("a.pdf", "X1")]]
    assert "no column f" in (settings.failed / "bad.csv.txt").read_text()


def test_a_full_disk_is_said_and_loses_nothing(settings: Settings, journal: Journal) -> None:
    put(settings, "a.pdf")
    gathered(settings, journal)
    journal._db.execute("PRAGMA max_page_count = 1")  # SQLite's own way to have no room left
    with pytest.raises(JournalTrouble, match="Make room"):
        journal.remember("a fact", "x" * 4_000_000)
    assert batches(journal) == [[("a.pdf", "")]]


def test_control_numbers_are_kept_across_a_restart(settings: Settings) -> None:
    first = Journal(settings.state)
    put(settings, "a.pdf")
    gathered(settings, first)
    before = [item.control_number for item in first.items(1)]
    first.close()
    again = Journal(settings.state)
    gathered(settings, again)
    assert [item.control_number for item in again.items(1)] == before
    assert json.dumps(before).count('"') == 2
    again.close()


def test_the_folder_is_left_as_it_was(settings: Settings, journal: Journal) -> None:
    """Gathering writes in the journal alone; nothing is moved before a receipt."""
    put(settings, "a.pdf", "sub/b.pdf")
    before = sorted(Path(one) for one in settings.watch.rglob("*"))
    gathered(settings, journal)
    assert sorted(settings.watch.rglob("*")) == before
