"""Writing events in tests the way an action does."""

from django.db import transaction

from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.record import Stamp

STAMP = Stamp(
    actor_id="3f0b6c1e-0000-4000-8000-000000000001",
    role="clerk",
    method="session",
    request_id="r-1",
    address="192.0.2.7",
)
CASE = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
DOCUMENT = "16fd2706-8baf-433b-82eb-8c7fada847da"
STREAM = f"case:{CASE}"


def withdraw(*, stream: str = STREAM, document: str = DOCUMENT, reason: str = "Scanned twice") -> AuditEvent:
    """Write down that a document was withdrawn."""
    with transaction.atomic():
        return record(
            Event.DOCUMENT_WITHDRAWN,
            stamp=STAMP,
            stream=stream,
            refs={"case": CASE, "document": document},
            facts={"reason": reason},
        )
