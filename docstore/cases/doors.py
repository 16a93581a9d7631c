"""What an address asks for before it answers, as data: for the access page, and for the test that tries every door.

The tables stand beside the addresses (api.access, web.access); nothing is decided from them. The decision is made by the
actions and by `scope`, and the matrix test holds the two against each other (SEC-1).
"""

from dataclasses import dataclass
from enum import StrEnum

from docstore.access.permissions import Permission
from docstore.access.roles import Role
from docstore.cases.models import Right


class Target(StrEnum):
    """What an address is about. What cannot be seen is not found, for everybody and by every method."""

    OPEN = "nothing, and needs no sign-in"
    OWN = "the caller"
    MINE = "something that the caller made for themselves, and that nobody else sees"
    CASE = "a case that the caller can see"
    DOCUMENT = "a document that the caller can see"
    BATCH = "a batch of the calling station"
    PERSON = "a person whom the caller looks after"
    SENT = "a batch that was sent to a court whose stations the caller can see"
    WEBHOOK = "a webhook that the caller manages"
    STATION = "a scanning station that the caller can see"
    EXCEPTION = "a paper that waits for a decision at a court where the caller may decide"
    SCAN = "a scanned page in doubt, at a court where the caller may decide, in a document that the caller can see"
    RECORD = "a document, seen or not"


@dataclass(frozen=True, slots=True)
class Door:
    """One method at one address: what it is about, the permission it needs and the right in the document's section.

    `refusal` is the answer to somebody who sees the thing and lacks the permission.
    """

    target: Target
    permission: Permission | None = None
    right: Right | None = None
    refusal: int = 403

    def opens_for(self, role: Role) -> bool:
        """Whether a role has the permission; rights in sections are in the tables of the case types."""
        return self.permission is None or self.permission in role.permissions


Routes = dict[str, dict[str, Door]]
