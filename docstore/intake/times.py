"""Times as they stand in JSON."""

from datetime import UTC, datetime


def moment(at: datetime | None) -> str | None:
    """Return a time as RFC 3339 in UTC, ending in Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None
