"""The line to storage breaks at some byte of an upload: whatever way it came, nothing is left behind and a retry succeeds."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from docstore.audit.models import AuditEvent
from docstore.documents import parts, vault
from docstore.documents.models import Document
from docstore.documents.outages import VaultIsDown
from docstore.documents.vault import S3Vault
from docstore.intake import relaying
from docstore.intake.actions import take_document
from docstore.intake.models import Item, ItemState
from docstore.retention import orphans
from tests.courts import TwoCourts, incoming
from tests.faults.test_relayed_uploads import once_more
from tests.intake.sending import Sender
from tests.intake.test_uploads import add, begin

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.services,
    pytest.mark.skipif(not os.environ.get("S3_ENDPOINT_URL"), reason="needs a real S3 server"),
]

PART = 5 * 1024 * 1024  # the least that S3 takes
SMALL = os.urandom(300_000)
LARGE = os.urandom(1024) * (1024 * 5 + 300)  # a part and a piece of another
Attempt = Callable[[], int]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library tries again as often as ever, and pauses for less long."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.01)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A size that a test can send: the numbers are changed, not the code."""
    for module in (parts, relaying, vault):
        monkeypatch.setattr(module, "PART_BYTES", PART)
        monkeypatch.setattr(module, "LARGE", PART)
    yield
    relaying._relays.clear()


def whole(sender: Sender, courts: TwoCourts, content: bytes) -> Attempt:
    batch = sender.open(content)
    return lambda: int(sender.put(batch, 1, content).status_code)


def pieces(sender: Sender, courts: TwoCourts, content: bytes) -> Attempt:
    """What arrived of it stays on disk, so that a retry has nothing to send but asks once more."""
    place = begin(sender, sender.open(content))
    answers = iter((lambda: add(sender, place, 0, content), lambda: once_more(sender, place, len(content))))
    return lambda: int(next(answers)().status_code)


def filed(sender: Sender, courts: TwoCourts, content: bytes) -> Attempt:
    def attempt() -> int:
        arrived = incoming(b"RIFF\x24\0\0\0WAVEfmt " + content, "call.wav")
        try:
            take_document(by=courts.actor("clerk"), case_id=courts.case.pk, section="management", incoming=arrived)
        except VaultIsDown as refusal:
            return refusal.status
        return 201

    return attempt


def everything() -> tuple[set[str], list[parts.Begun]]:
    """Every key in the bucket, and every object that was begun in it: the listing whole, of no prefix."""
    there = vault.vault()
    assert isinstance(there, S3Vault)
    return {one.key for one in there.stored("")}, list(there.in_parts.begun(""))


@pytest.mark.requirement("REL-14")
@pytest.mark.parametrize(
    ("way", "content", "at"),
    [
        (whole, SMALL, 0),
        (whole, LARGE, PART - 1),
        (pieces, SMALL, 100_000),
        (pieces, LARGE, 100_000),
        (filed, SMALL, len(SMALL) - 1),
        (filed, LARGE, 0),
    ],
    ids=["whole", "whole in parts", "in pieces", "in pieces, sent on", "filed", "filed in parts"],
)
def test_an_upload_that_is_cut_leaves_nothing_behind(
    courts: TwoCourts,
    broken: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[..., Attempt],
    content: bytes,
    at: int,
) -> None:
    attempt = way(Sender(courts), courts, content)
    before, documents, events = everything(), Document.objects.count(), AuditEvent.objects.count()

    def cut(method: str, path: str) -> int | None:
        return at if method == "PUT" else None

    with broken(cut=cut) as between:
        assert attempt() == 503

    assert any(method == "PUT" for method, _ in between.asked)
    assert everything()[0] == before[0]
    assert not Item.objects.filter(state=ItemState.QUARANTINED).exists()
    assert (Document.objects.count(), AuditEvent.objects.count()) == (documents, events)
    monkeypatch.setattr(orphans, "GRACE_SECONDS", -60)
    kept = {one.assembly for one in everything()[1]} - {one.assembly for one in before[1]}
    assert not kept or way is pieces  # what goes on is the upload's, and is taken up again
    assert attempt() == 201
    orphans.let_go_of_parts()
    assert everything()[1] == []
