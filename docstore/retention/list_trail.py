"""Where what happens to a disposal list is written down: a stream of its own for each."""

from docstore.access.actor import Actor
from docstore.audit import actions as audit
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.retention.disposal_models import DisposalList


def stream_of(made: DisposalList) -> str:
    """The audit stream of one list."""
    return f"disposal:{made.pk}"


def tell(event: Event, by: Actor, made: DisposalList, facts: dict[str, object]) -> AuditEvent:
    """Write an event on the list's stream."""
    return audit.record(event, stamp=by.stamp, stream=stream_of(made), refs={}, facts={"list": made.number, **facts})
