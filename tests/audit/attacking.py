"""What the database's owner can do: rewrite, and make everything in the database fit again."""

import hashlib

from docstore.audit import chain
from docstore.audit.merkle import leaf_hash
from docstore.audit.models import AuditEvent, AuditPayload, Checkpoint, StreamHead


def rewrite(stream: str, *, first_reason: str) -> None:
    """Change the first event's facts and make every hash of its stream fit again."""
    prev = chain.first_hash(stream)
    for event in AuditEvent.objects.filter(stream=stream).order_by("seq"):
        payload = AuditPayload.objects.get(pk=event.pk)
        told = chain.canonical({"reason": first_reason}) if event.seq == 1 else bytes(payload.payload)
        bound = chain.commitment(bytes(payload.salt), told)
        link = chain.event_hash(prev, bytes(event.header), bound)
        AuditPayload.objects.filter(pk=event.pk).update(payload=told)
        AuditEvent.objects.filter(pk=event.pk).update(prev_hash=prev, payload_commitment=bound, event_hash=link)
        prev = link
    StreamHead.objects.filter(pk=stream).update(hash=prev)


def retell_checkpoints() -> None:
    """And make the checkpoints in the database fit, too; those in locked storage the owner cannot reach."""
    hashes = [bytes(one) for one in AuditEvent.objects.order_by("log_index").values_list("event_hash", flat=True)]
    for one in Checkpoint.objects.all():
        root = edge(hashes[: one.size])
        Checkpoint.objects.filter(pk=one.pk).update(root=root)


def edge(hashes: list[bytes]) -> bytes:
    def top(nodes: list[bytes]) -> bytes:
        if len(nodes) == 1:
            return nodes[0]
        middle = 1 << (len(nodes) - 1).bit_length() - 1
        return hashlib.sha256(b"\x01" + top(nodes[:middle]) + top(nodes[middle:])).digest()

    return top([leaf_hash(one) for one in hashes])
