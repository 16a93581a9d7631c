"""What has to be done about disposal lists from minute to minute: go on, try again, expire, clear backups, raise alarms."""

from docstore.access.actor import Actor, system
from docstore.retention import erasures, execution, gathering, lists, stubs


def tend(*, by: Actor | None = None) -> int:
    """Go on with lists that are being carried out and end those whose time is over; return how many were touched."""
    actor = by or system("disposal")
    touched = lists.expire(by=actor) + gathering.carry_out_automatic(by=actor) + execution.go_on()
    if (years := stubs.kept_years()) is not None:
        stubs.reduce_old(by=actor, years=years)
    return touched + erasures.reduce_old(by=actor)
