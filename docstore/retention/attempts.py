"""What the database refused is written into the audit, raw SQL of a management shell included (RET-E10).

A refusal undoes the transaction it happens in, and a row of the audit with it. So it is written down by the next statement
outside of one: at once where there was none, else right after the rollback, at the latest when the process ends. Statements
themselves are not kept: they may hold names. Somebody at the database's own client is refused, too; of that the database's log tells.
"""

import atexit
import logging
import re
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from docstore.access.actor import system
from docstore.audit.events import Event
from docstore.audit.triggers import REFUSAL
from docstore.retention.guards import EMPTIED, FIXED, HELD
from docstore.retention.trail import tell_all

log = logging.getLogger(__name__)

SAID = (HELD, FIXED, EMPTIED, REFUSAL)
_ACT = re.compile(r"\s*(\w+)(?:\s+FROM|\s+INTO|\s+TABLE)?\s+\"?(\w+)", re.IGNORECASE)
# Refusals that no lasting statement has written down yet.
waiting: list[dict[str, object]] = []


def watch(**told: Any) -> None:
    """Look at every statement of a new connection."""
    wrappers = told["connection"].execute_wrappers
    if noted not in wrappers:
        wrappers.append(noted)


def noted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement; where a guard refuses it, remember that, and write it down as soon as that can last."""
    db: BaseDatabaseWrapper = context["connection"]
    if waiting and not db.in_atomic_block:
        write_down()
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        if why := next((one for one in SAID if one in str(error)), ""):
            _remember(sql, why)
            if not db.in_atomic_block:
                write_down()
        raise


def write_down() -> None:
    """Write what waits into the audit."""
    told, waiting[:] = list(waiting), []
    try:
        with transaction.atomic():
            for one in told:
                tell_all(Event.STATEMENT_REFUSED, system("database"), one)
    except DatabaseError:
        waiting[:0] = told
        raise


def _remember(sql: str, why: str) -> None:
    found = _ACT.match(sql)
    act, table = (found[1].upper(), found[2]) if found else ("", "")
    log.error("The database refused %s of %s: %s", act, table, why)
    waiting.append({"act": act, "table": table, "why": why})


@atexit.register
def _at_the_end() -> None:
    """What was refused last, in a process that said nothing more to the database."""
    if waiting and not connection.in_atomic_block:
        write_down()


connection_created.connect(watch)
