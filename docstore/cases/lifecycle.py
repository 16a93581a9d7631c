"""How far a case or a document has come on its way from filing to its stub (design: the state machine of disposal).

Everybody may ask whether a record is gone; `retention` alone moves it there. Holds are no state and do not stand here.
"""

from enum import StrEnum

from docstore.core.errors import Refusal


class Lifecycle(StrEnum):
    """The states. From DESTROYING on nothing of a record is read any more, and there is no way back."""

    ACTIVE = "ACTIVE"
    RETAINING = "RETAINING"
    DUE = "DUE"
    IN_REVIEW = "IN_REVIEW"
    APPROVED = "APPROVED"
    BLOCKED_BY_LOCK = "BLOCKED_BY_LOCK"
    DESTROYING = "DESTROYING"
    DESTRUCTION_INCOMPLETE = "DESTRUCTION_INCOMPLETE"
    DESTROYED = "DESTROYED"
    TRANSFER_PENDING = "TRANSFER_PENDING"
    TRANSFERRED_UNCONFIRMED = "TRANSFERRED_UNCONFIRMED"
    TRANSFERRED = "TRANSFERRED"
    PARTLY_DESTROYED = "PARTLY_DESTROYED"


GONE = (Lifecycle.DESTROYING, Lifecycle.DESTRUCTION_INCOMPLETE, Lifecycle.DESTROYED)


class Destroyed(Refusal):
    """This was destroyed as the retention schedule lays down. Certificate {certificate} says what was destroyed, when and by whose decision."""

    code = "destroyed"
    status = 410


class BeingDestroyed(Refusal):
    """This is being destroyed as the retention schedule lays down and can no longer be read. Its certificate will follow."""

    code = "being-destroyed"
    status = 410


def gone(certificate: str) -> Refusal:
    """Return what those are told who could read a record before it went."""
    return Destroyed(certificate=certificate) if certificate else BeingDestroyed()
