"""The names and times of suppliers' envelopes. Their published patterns check the shape only; the calendar is checked here."""

import re
from datetime import UTC, datetime

_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_NAME = re.compile(r"[0-9]{1,40}_([0-9]{2}-[0-9]{2}-[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2})(?:\.test)?\.zip")


def stamp_of(text: str) -> datetime:
    """Return a supplier's time, in UTC with milliseconds; raise ValueError for any other form and any other day."""
    if not _STAMP.fullmatch(text):
        raise ValueError(text)
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def is_envelope_name(text: str) -> bool:
    """Whether a zip is called as suppliers call theirs, with a day that the calendar has."""
    found = _NAME.fullmatch(text)
    if found is None:
        return False
    try:
        datetime.strptime(found.group(1), "%d-%m-%Y-%H-%M-%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
