"""Erasing the facts of an event lawfully: the chain stays whole, because it is bound to a commitment and not to them."""

from django.db import transaction

from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload, PayloadErasure
from docstore.audit.record import Stamp


@transaction.atomic
def erase_payload(event: AuditEvent, *, stamp: Stamp, reason: str) -> AuditEvent:
    """Erase the facts of `event` and say so in its own stream; verification then reads *erased*, not *tampered*."""
    said = record(
        Event.PAYLOAD_ERASED, stamp=stamp, stream=event.stream, refs={}, facts={"event": event.pk, "reason": reason}
    )
    PayloadErasure.objects.create(event_id=event.pk, by_event=said.pk)
    AuditPayload.objects.filter(pk=event.pk).delete()
    return said
