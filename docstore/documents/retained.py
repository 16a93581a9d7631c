"""What stands on a closed case stays as it is: its time of keeping runs (RET-B5, ADR 93).

Adding is not changing: late papers come, a paper is shown on another case too, secrecy is tightened. A change of content,
taking a paper out of the file or moving it is for a records manager of the court, who says why.
"""

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases.models import Case
from docstore.core.errors import Conflict


class UnderRetention(Conflict):
    """The case is closed and the time for which it is kept runs, so what is on it stays as it is. A records manager of the court can change it and say why; or the case is opened again first."""

    code = "under-retention"


def may_change(by: Actor, case: Case) -> bool:
    """Whether this person may change papers that stand on the case, as far as its retention goes."""
    return case.is_open or any(
        Permission.MANAGE_RECORDS in one.role.permissions and one.court in ("", case.court.code) for one in by.roles
    )


def check_may_change(by: Actor, case: Case) -> None:
    """Raise UnderRetention unless the case is open, or the person manages its records."""
    if not may_change(by, case):
        raise UnderRetention
