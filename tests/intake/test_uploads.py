"""Items that arrive in pieces, by the IETF draft and by tus, over a line that is cut (design/api.md §4)."""

import base64
import fcntl
import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import UnreadablePostError

from docstore.core import clock
from docstore.documents.vault import vault
from docstore.intake import uploads
from docstore.intake.models import Item, Upload
from tests.courts import TwoCourts
from tests.intake.sending import Sender
from workers import upkeep

pytestmark = pytest.mark.django_db

SCAN = b"A long scan that is sent in pieces. " * 40
PIECE = "application/partial-upload"
TUS_PIECE = "application/offset+octet-stream"


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


@pytest.fixture
def batch(sender: Sender) -> str:
    return sender.open(SCAN)


def begin(sender: Sender, batch: str, seq: int = 1) -> str:
    answer = sender.send("POST", f"batches/{batch}/items/{seq}/uploads", Upload_Complete="?0")
    assert answer.status_code == 201
    return str(answer.headers["Location"]).removeprefix("/api/v1/")


def add(sender: Sender, place: str, offset: int, piece: bytes, kind: str = PIECE, **more: str) -> Any:
    return sender.send("PATCH", place, piece, kind, Upload_Offset=str(offset), **more)


def test_pieces_become_an_item(sender: Sender, batch: str) -> None:
    place = begin(sender, batch)
    assert sender.told(batch)["items"][0]["state"] == "receiving"
    first = add(sender, place, 0, SCAN[:500])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "500")
    asked = sender.send("HEAD", place)
    assert (asked.headers["Upload-Offset"], asked.headers["Upload-Complete"]) == ("500", "?0")
    assert "max-size=" in asked.headers["Upload-Limit"]
    last = add(sender, place, 500, SCAN[500:], Upload_Complete="?1")
    assert (last.status_code, last.json()["state"]) == (201, "quarantined")
    assert sender.told(batch)["received"] == 1
    assert add(sender, place, len(SCAN), b"more").json()["code"] == "upload-complete"
    assert not list(Path(settings.FILE_UPLOAD_TEMP_DIR, "uploads").glob(f"{place.rpartition('/')[2]}*"))


@pytest.mark.requirement("REL-20", "DOM-1.21")
@pytest.mark.parametrize("kept", [0, 1, 777, len(SCAN) * 99 // 100])
def test_a_line_that_is_cut_goes_on_from_where_it_stood(
    sender: Sender, batch: str, kept: int, courts: TwoCourts
) -> None:
    place = begin(sender, batch)
    by, upload_id = courts.actor("station"), Upload.objects.get().pk

    uploads.append(by=by, upload_id=upload_id, offset=0, read=cut_after(kept), length=len(SCAN))

    stands = int(sender.send("HEAD", place).headers["Upload-Offset"])
    assert stands == kept
    assert add(sender, place, stands, SCAN[stands:]).status_code == 201
    assert Item.objects.get().sha256 == hashlib.sha256(SCAN).hexdigest()


def cut_after(kept: int) -> Any:
    """A body of which so many bytes arrive before the line breaks."""
    body = io.BytesIO(SCAN[:kept])

    def read(size: int) -> bytes:
        if piece := body.read(min(size, 64)):
            return piece
        raise UnreadablePostError("the line is gone")

    return read


@pytest.mark.requirement("REL-21")
def test_of_two_writers_one_is_told_where_the_upload_stands(sender: Sender, batch: str) -> None:
    place = begin(sender, batch)
    add(sender, place, 0, SCAN[:300])
    with Path(settings.FILE_UPLOAD_TEMP_DIR, "uploads", f"{Upload.objects.get().pk}.part").open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        busy = add(sender, place, 300, SCAN[300:])
    late = add(sender, place, 0, SCAN[:300])
    assert (busy.status_code, busy.headers["Upload-Offset"], busy.json()["code"]) == (409, "300", "wrong-offset")
    assert (late.status_code, late.headers["Upload-Offset"]) == (409, "300")
    assert add(sender, place, 300, SCAN[300:]).status_code == 201


def test_wrong_bytes_in_the_end_keep_nothing(sender: Sender, batch: str) -> None:
    place = begin(sender, batch)
    refused = add(sender, place, 0, SCAN[:-1] + b"!")
    assert (refused.status_code, refused.json()["code"]) == (409, "different-content")
    assert sender.send("HEAD", place).status_code == 404
    assert sender.told(batch)["items"][0]["state"] == "expected"


def test_what_lies_beyond_the_told_offset_after_a_crash_is_cut_off(sender: Sender, batch: str) -> None:
    place = begin(sender, batch)
    add(sender, place, 0, SCAN[:100])
    with Path(settings.FILE_UPLOAD_TEMP_DIR, "uploads", f"{Upload.objects.get().pk}.part").open("ab") as file:
        file.write(b"written and never told of")
    assert add(sender, place, 100, SCAN[100:]).status_code == 201


def test_an_upload_is_given_up_and_another_stations_does_not_exist(
    courts: TwoCourts, sender: Sender, batch: str
) -> None:
    place = begin(sender, batch)
    assert Sender(courts, "station2", courts.second).send("HEAD", place).status_code == 404
    assert sender.send("DELETE", place).status_code == 204
    assert sender.send("HEAD", place).status_code == 404
    assert sender.told(batch)["items"][0]["state"] == "expected"


@pytest.mark.requirement("SEC-18")
def test_so_many_uploads_and_no_more_are_under_way_at_once(sender: Sender, settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "INTAKE": {**settings.DOCSTORE["INTAKE"], "PARALLEL_UPLOADS": 1}}
    batch = sender.open(SCAN, b"a letter")
    first = sender.send("POST", f"batches/{batch}/items/1/uploads", Upload_Complete="?0")
    second = sender.send("POST", f"batches/{batch}/items/2/uploads", Upload_Complete="?0")
    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 429, "too-many-uploads")
    assert int(second.headers["Retry-After"]) > 0
    assert add(sender, first.headers["Location"].removeprefix("/api/v1/"), 0, SCAN).status_code == 201
    assert sender.send("POST", f"batches/{batch}/items/2/uploads", Upload_Complete="?0").status_code == 201


def test_bad_pieces_are_refused(sender: Sender, batch: str) -> None:
    place = begin(sender, batch)
    answers = [
        add(sender, place, 0, SCAN, "application/json"),
        sender.send("PATCH", place, SCAN, PIECE),
        add(sender, place, 0, SCAN + b"more"),
        add(sender, place, 0, SCAN[:10], Upload_Complete="?1"),
        sender.send("POST", f"batches/{batch}/items/1/uploads", Upload_Length="5"),
    ]
    assert [one.status_code for one in answers] == [415, 400, 422, 400, 422]


def test_tus_speaks_over_the_same_store(sender: Sender, batch: str) -> None:
    told = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in (("batch", batch), ("seq", "1"))
    )
    tus = {"Tus_Resumable": "1.0.0"}
    assert sender.send("OPTIONS", "uploads/tus").headers["Tus-Extension"] == "creation,checksum,expiration,termination"
    assert sender.send("POST", "uploads/tus", Upload_Metadata=told).status_code == 412
    made = sender.send("POST", "uploads/tus", Upload_Length=str(len(SCAN)), Upload_Metadata=told, **tus)
    place = made.headers["Location"].removeprefix("/api/v1/")

    right = base64.b64encode(hashlib.sha1(SCAN[:400]).digest()).decode()
    wrong = add(sender, place, 0, SCAN[:400], TUS_PIECE, Upload_Checksum=f"sha1 {right[:-4]}AAA=", **tus)
    first = add(sender, place, 0, SCAN[:400], TUS_PIECE, Upload_Checksum=f"sha1 {right}", **tus)
    stands = sender.send("HEAD", place, **tus)
    last = add(sender, place, 400, SCAN[400:], TUS_PIECE, **tus)

    assert made.status_code == 201
    assert (wrong.status_code, first.status_code, last.status_code) == (460, 204, 204)
    assert (stands.headers["Upload-Offset"], stands.headers["Upload-Length"]) == ("400", str(len(SCAN)))
    assert first.headers["Tus-Resumable"] == "1.0.0"
    assert sender.told(batch)["items"][0]["state"] == "quarantined"


def test_unfinished_uploads_are_swept(sender: Sender, batch: str) -> None:
    begin(sender, batch)
    Upload.objects.update(expires_at=Upload.objects.get().created_at)
    assert uploads.sweep_uploads() >= 1
    assert sender.told(batch)["items"][0]["state"] == "expected"


@pytest.mark.requirement("DOM-1.12")
def test_what_is_on_no_case_after_a_day_is_swept_by_the_usual_jobs(
    courts: TwoCourts, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One item came whole and one in part; neither was ever declared to be all, so neither came to a case."""
    batch = sender.open(SCAN, b"a letter")
    assert sender.put(batch, 2, b"a letter").status_code == 201
    place = begin(sender, batch)
    add(sender, place, 0, SCAN[:300])
    pieces = Path(settings.FILE_UPLOAD_TEMP_DIR, "uploads", f"{Upload.objects.get().pk}.part")
    kept, now = Item.objects.get(seq=2).key, clock.now()

    def after(hours: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=hours))
        monkeypatch.setattr(clock, "seconds", lambda: (now + timedelta(hours=hours)).timestamp())
        for job in (upkeep.watch_intake, upkeep.sweep, upkeep.sweep_vault):
            job()

    after(hours=23)
    assert (pieces.exists(), sender.told(batch)["state"]) == (True, "open")
    after(hours=25)
    assert (pieces.exists(), sender.told(batch)["state"]) == (False, "expired")
    assert sender.send("HEAD", place).status_code == 404
    after(hours=25 + 73)
    assert not vault().has(kept)
    assert vault().has(f"lost+found/{kept}")  # for a month more, should somebody come and ask
