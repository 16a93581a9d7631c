"""The demo court's clock, moved forward on request together with the nightly work that falls due by then.

Every process reads the same offset whenever it asks for the time, so all have it as soon as it is written.
"""

import re
from datetime import timedelta

from docstore.access.actions import record_clock
from docstore.access.actor import system
from docstore.audit.sealing import seal
from docstore.core import clock
from docstore.core.errors import Invalid
from docstore.intake.actions import forget_old_requests
from docstore.intake.upkeep import sweep_incoming
from docstore.retention.nightly import pass_night
from docstore.retention.tending import tend

_STEP = re.compile(r"([0-9]{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class StepNotUnderstood(Invalid):
    """“{text}” is not a step in time. Write a number and a unit: 90m, 12h, 30d or 2w."""

    code = "step-not-understood"


def advance(text: str) -> str:
    """Move the clock by a step such as '30d', do what the night would have done, and say what time it is."""
    step = _step(text)
    offset = clock.advance(step)
    record_clock(by=system("demo_clock"), seconds=int(step.total_seconds()))
    forget_old_requests()
    sweep_incoming()
    pass_night()
    tend()
    seal()
    return f"The demo court's clock is {offset} ahead: {clock.now().astimezone(clock.COURT_ZONE):%d %B %Y, %H:%M}."


def _step(text: str) -> timedelta:
    found = _STEP.fullmatch(text.strip().lower())
    if found is None:
        raise StepNotUnderstood(text=text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
