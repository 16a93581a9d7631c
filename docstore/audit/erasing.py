"""Erasing the facts of an event lawfully: the chain stays whole, because it is bound to a commitment and not to them."""

from django.db import connection, transaction

from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload, PayloadErasure
from docstore.audit.record import Stamp
from docstore.audit.triggers import ERASING


@transaction.atomic
def erase_payload(event: AuditEvent, *, stamp: Stamp, reason: str) -> AuditEvent:
    """Erase the facts of `event` and say so in its own stream; verification then reads *erased*, not *tampered*."""
    said = record(
        Event.PAYLOAD_ERASED, stamp=stamp, stream=event.stream, refs={}, facts={"event": event.pk, "reason": reason}
    )
    PayloadErasure.objects.create(event_id=event.pk, by_event=said.pk)
    _take(event.pk)
    return said


def _take(event_id: int) -> None:
    """The application's role on PostgreSQL has no right to delete; it asks the one function that may (see `grants`)."""
    if connection.vendor != "postgresql":
        AuditPayload.objects.filter(pk=event_id).delete()
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ERASING}(%s)", [event_id])
