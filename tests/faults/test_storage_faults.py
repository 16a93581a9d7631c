"""Storage that fails, breaks off, lies and rots, between the product and a real S3 server."""

import base64
import hashlib
import os
import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from docstore.audit.models import AuditEvent
from docstore.core.errors import Unavailable
from docstore.documents.models import Document
from docstore.documents.outages import VaultIsDown
from docstore.documents.vault import ContentDamaged, S3Vault, in_memory, vault
from docstore.intake.actions import take_document
from tests.courts import TwoCourts, incoming
from tests.faults.s3_between import Reply, slow_down

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not os.environ.get("S3_ENDPOINT_URL"), reason="needs a real S3 server"),
]


def put(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    key = f"batches/faults/{uuid.uuid4()}-{digest}"
    vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type="text/plain")
    return key


def stored_versions(key: str) -> int:
    """How often the server itself has it, asked without the proxy."""
    there = vault()
    assert isinstance(there, S3Vault)
    return len(list(there._versions(key)))


@pytest.mark.requirement("REL-13")
def test_a_storage_that_fails_now_and_then_doubles_nothing(broken: Callable[..., Any]) -> None:
    """In three of ten calls it answers 500 or asks to slow down: before it has done anything, or after it has."""
    chance, kept, refused = random.Random(7), [], 0

    def before(method: str, path: str) -> Reply | None:
        return slow_down() if chance.random() < 0.15 else None

    def after(method: str, path: str, reply: Reply) -> Reply:
        return slow_down(500, "InternalError") if chance.random() < 0.15 else reply

    with broken(before=before, after=after) as made:
        for number in range(20):
            try:
                kept.append((put(f"Paper {number}".encode()), number))
            except VaultIsDown:
                refused += 1
    assert len(made.asked) > 2 * 20  # what failed was tried again
    assert len(kept) >= 15
    assert len(kept) + refused == 20
    for key, number in kept:
        assert stored_versions(key) == 1
        assert b"".join(vault().read(key)) == f"Paper {number}".encode()


@pytest.mark.requirement("REL-15")
@pytest.mark.parametrize("lie", ["missing", "short"])
def test_a_storage_that_claims_success_is_not_believed(broken: Callable[..., Any], lie: str) -> None:
    def before(method: str, path: str) -> Reply | None:
        return Reply(200, {"ETag": '"0"'}, b"") if method == "PUT" and lie == "missing" else None

    def after(method: str, path: str, reply: Reply) -> Reply:
        if method != "HEAD" or lie != "short":
            return reply
        return Reply(reply.status, {**reply.headers, "Content-Length": "3"}, b"")

    with broken(before=before, after=after), pytest.raises(Unavailable):
        put(b"These bytes are never there.")


@pytest.mark.django_db
@pytest.mark.requirement("REL-16")
@pytest.mark.parametrize("size", [5_000, 3_000_000], ids=["small", "large"])
def test_bytes_that_have_rotted_are_not_handed_out_as_genuine(
    courts: TwoCourts, broken: Callable[..., Any], size: int
) -> None:
    content = os.urandom(size // 2).hex().encode()
    clerk = courts.actor("clerk")
    document = take_document(
        by=clerk, case_id=courts.case.pk, section="management", incoming=incoming(content, "a.txt")
    )
    client = Client(headers={"Authorization": f"Bearer {courts.key('clerk')}"})

    def after(method: str, path: str, reply: Reply) -> Reply:
        flipped = reply.body[:-1] + bytes([reply.body[-1] ^ 1]) if method == "GET" and reply.body else reply.body
        return Reply(reply.status, reply.headers, flipped)

    with broken(after=after):
        answer = client.get(f"/api/v1/documents/{document.pk}/content")
        if size > 1_000_000:
            with pytest.raises(ContentDamaged):
                list(answer.streaming_content)
        else:
            assert (answer.status_code, answer.json()["code"]) == (503, "content-damaged")
    assert AuditEvent.objects.filter(type="content.damaged").count() == 1
    whole = client.get(f"/api/v1/documents/{document.pk}/content")
    assert b"".join(whole.streaming_content) == content


@pytest.mark.django_db
@pytest.mark.requirement("RET-M1")
def test_the_digest_is_taken_while_bytes_stream_in_and_has_to_be_the_storages_own(
    courts: TwoCourts, broken: Callable[..., Any]
) -> None:
    """What the storage says it has is held against what came; a storage that has something else gets no row."""
    clerk, content = courts.actor("clerk"), b"These bytes are what came."

    def file() -> Document:
        return take_document(
            by=clerk, case_id=courts.case.pk, section="management", incoming=incoming(content, "a.txt")
        )

    def lying(method: str, path: str, reply: Reply) -> Reply:
        other = base64.b64encode(hashlib.sha256(b"other bytes").digest()).decode()
        told = {name: value for name, value in reply.headers.items() if name.lower() != "x-amz-checksum-sha256"}
        return Reply(reply.status, {**told, "x-amz-checksum-sha256": other}, reply.body) if method == "HEAD" else reply

    with broken(after=lying), pytest.raises(ContentDamaged):
        file()
    assert not Document.objects.exists()
    with pytest.raises(VaultIsDown):  # bytes that changed on their way: the server itself refuses the put
        vault().put(
            f"batches/faults/{uuid.uuid4()}",
            in_memory(b"changed on the way"),
            sha256=hashlib.sha256(content).hexdigest(),
            size=18,
            media_type="text/plain",
        )
    version = file().versions.get()
    there = vault()
    assert isinstance(there, S3Vault)
    head = there.client.head_object(Bucket=there._bucket, Key=version.key, ChecksumMode="ENABLED")
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    assert base64.b64decode(head["ChecksumSHA256"]).hex() == version.sha256
