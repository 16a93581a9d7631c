"""Large items that are sent on to a real S3 server while they arrive: cut, left, amended, and on a server that fails."""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from typing import Any

import pytest

from docstore.documents import parts
from docstore.documents.vault import S3Vault, vault
from docstore.intake import relaying, uploads
from docstore.intake.models import Item, Upload
from docstore.intake.relaying import key_of
from docstore.retention import orphans
from tests.courts import TwoCourts
from tests.faults.s3_between import Reply, slow_down
from tests.intake.sending import Sender, item
from tests.intake.test_uploads import PIECE, add, begin

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.services,
    pytest.mark.skipif(not os.environ.get("S3_ENDPOINT_URL"), reason="needs a real S3 server"),
]

PART = 5 * 1024 * 1024  # the least that S3 takes
SCAN = os.urandom(1024) * (2 * 1024 * 5 + 300)
KEPT = len(SCAN) * 99 // 100
Broken = Callable[..., Any]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A size that a test can send: the numbers are changed, not the code."""
    for module in (parts, relaying):
        monkeypatch.setattr(module, "PART_BYTES", PART)
        monkeypatch.setattr(module, "LARGE", PART)
    yield
    relaying._relays.clear()


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


@pytest.fixture
def place(sender: Sender) -> str:
    return begin(sender, sender.open(SCAN))


def store() -> parts.S3Parts:
    there = vault()
    assert isinstance(there, S3Vault)
    return there.in_parts


def stored() -> bytes:
    item = Item.objects.get()
    return b"".join(vault().read(item.key))


def begun() -> list[parts.Begun]:
    return list(store().begun(f"batches/{Item.objects.get().batch_id}/"))


def all_sent_then_lost() -> None:
    """The process that took the pieces had the time to send what was whole of them, and then died."""
    upload = Upload.objects.get()
    wait([one.result() for one in relaying._relays[upload.pk]._passed_on])
    relaying.drop(upload)


def test_only_what_is_missing_is_sent_after_a_cut_even_by_another_process(
    sender: Sender, place: str, broken: Broken
) -> None:
    """The parts are in the vault before the last byte has come; who goes on finds them there."""
    assert add(sender, place, 0, SCAN[:KEPT]).status_code == 204
    all_sent_then_lost()
    held = store().sent(key_of(Item.objects.get()), Upload.objects.get().assembly)
    assert sorted(held or {}) == [1, 2]

    with broken() as between:
        last = add(sender, place, KEPT, SCAN[KEPT:])

    assert (last.status_code, last.json()["sha256"]) == (201, hashlib.sha256(SCAN).hexdigest())
    assert [path for method, path in between.asked if method == "PUT" and "partNumber" in path] == [
        path for _, path in between.asked if "partNumber=3" in path
    ]
    assert stored() == SCAN
    assert not begun()


def test_the_same_process_goes_on_as_if_nothing_had_happened(sender: Sender, place: str) -> None:
    for start in range(0, len(SCAN), 3_000_000):
        answer = add(sender, place, start, SCAN[start : start + 3_000_000])
    assert answer.status_code == 201
    assert stored() == SCAN
    assert not relaying._relays


def test_bytes_that_were_not_declared_get_no_name_and_leave_no_parts(sender: Sender, place: str) -> None:
    refused = add(sender, place, 0, SCAN[:-1] + bytes([SCAN[-1] ^ 1]))
    assert (refused.status_code, refused.json()["code"]) == (409, "different-content")
    assert not vault().has(key_of(Item.objects.get()))
    assert not begun()


def test_a_file_that_differs_from_what_was_sent_of_it_is_sent_again(sender: Sender, place: str) -> None:
    """A part of the vault that is not what lies on disk, as after a crash in the middle of a piece, counts for nothing."""
    add(sender, place, 0, SCAN[:KEPT])
    all_sent_then_lost()
    upload = Upload.objects.get()
    store().send(key_of(upload.item), upload.assembly, 1, b"x" * PART)
    assert add(sender, place, KEPT, SCAN[KEPT:]).status_code == 201
    assert stored() == SCAN


def test_an_attempt_that_the_server_has_forgotten_is_begun_anew(sender: Sender, place: str) -> None:
    add(sender, place, 0, SCAN[:KEPT])
    upload = Upload.objects.get()
    relaying.give_back(upload, key_of(upload.item))
    assert add(sender, place, KEPT, SCAN[KEPT:]).status_code == 201
    assert stored() == SCAN
    assert not begun()


def test_what_is_given_up_leaves_no_parts(
    sender: Sender, place: str, courts: TwoCourts, django_capture_on_commit_callbacks: Any
) -> None:
    add(sender, place, 0, SCAN[:KEPT])
    assert len(begun()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        uploads.give_up(by=courts.actor("station"), upload_id=Upload.objects.get().pk)
    assert not begun()


def test_what_came_of_an_item_that_is_amended_away_is_forgotten_at_once(
    sender: Sender, place: str, django_capture_on_commit_callbacks: Any
) -> None:
    add(sender, place, 0, SCAN[:KEPT])
    [left] = begun()
    batch = sender.told(str(Item.objects.get().batch_id))
    seen = sender.get(f"batches/{batch['id']}")["ETag"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = sender.patch(f"batches/{batch['id']}", {"items": [item(1, b"Another paper")]}, If_Match=seen)
    assert answer.status_code == 200, answer.content
    assert not list(store().begun(left.key))
    assert not relaying._relays


def test_what_is_being_added_to_is_not_forgotten_for_others(
    sender: Sender, courts: TwoCourts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One upload more than are remembered: the one in a request stays, and the one longest idle goes."""
    monkeypatch.setattr(relaying, "MOST", 2)
    scans = [SCAN[:-4] + bytes([at]) * 4 for at in range(3)]
    batch = sender.open(*scans)
    places = [begin(sender, batch, seq=seq) for seq in (1, 2, 3)]
    for at in (0, 1):
        add(sender, places[at], 0, scans[at][:KEPT])
    first, second = Upload.objects.order_by("created_at")[:2]
    with relaying.in_use(first):
        add(sender, places[2], 0, scans[2][:KEPT])
    assert first.pk in relaying._relays
    assert second.pk not in relaying._relays
    for at, place in enumerate(places):
        assert add(sender, place, KEPT, scans[at][KEPT:]).status_code == 201
    assert not relaying._relays


def test_the_sweeper_lets_go_of_parts_that_are_nobodys(
    sender: Sender, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the server's answer and our row leaves one; those of uploads that go on stay."""
    add(sender, place, 0, SCAN[:KEPT])
    [under_way] = begun()
    orphan = store().begin(under_way.key, media_type="text/plain")
    orphans.let_go_of_parts()
    assert len(begun()) == 2  # a day has not passed
    monkeypatch.setattr(orphans, "GRACE_SECONDS", -60)
    orphans.let_go_of_parts()
    assert begun() == [under_way]
    assert orphan != under_way.assembly


def test_bytes_go_on_arriving_while_the_vault_is_away(sender: Sender, place: str, broken: Broken) -> None:
    def away(method: str, path: str) -> Reply:
        return slow_down(403, "AccessDenied")  # an answer that is not asked for again, which would take its time

    with broken(before=away):
        first = add(sender, place, 0, SCAN[:KEPT])
        last = add(sender, place, KEPT, SCAN[KEPT:])
    assert (first.status_code, last.status_code) == (204, 503)
    assert once_more(sender, place).status_code == 201
    assert stored() == SCAN


@pytest.mark.parametrize("lie", ["part", "whole"])
def test_a_server_that_loses_bytes_is_not_believed(sender: Sender, place: str, broken: Broken, lie: str) -> None:
    """It says that it has taken a part, or assembled the object, and has not."""

    def before(method: str, path: str) -> Reply | None:
        if lie == "part" and "partNumber=2" in path:
            return Reply(200, {"ETag": '"0"'}, b"")
        if lie == "whole" and method == "POST" and "uploadId" in path:
            return Reply(200, {}, b"<CompleteMultipartUploadResult/>")
        return None

    with broken(before=before):
        refused = add(sender, place, 0, SCAN)
    assert refused.status_code == 503
    assert once_more(sender, place).status_code == 201
    assert stored() == SCAN


def once_more(sender: Sender, place: str, size: int = len(SCAN)) -> Any:
    """Every byte is there, and the station asks again for the item to be taken."""
    return add(sender, place, size, b"", Content_Type=PIECE, Content_Length="0")
