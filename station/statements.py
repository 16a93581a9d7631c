"""The daily statement: what this station says it sent the day before, for the court to set against what came."""

from datetime import date, datetime, timedelta
from typing import Any

from station import clock
from station.journal import Journal
from station.outcomes import Refused
from station.server import Server
from station.settings import Settings

FACT = "stated-up-to"


def post_if_due(journal: Journal, server: Server, settings: Settings, ahead: timedelta) -> None:
    """Post yesterday's statement once. A court that takes none is not asked again before the next day."""
    day = (clock.now() + ahead).date() - timedelta(days=1)
    known = journal.fact(FACT)
    if known >= day.isoformat():
        return
    told = statement(journal, day)
    if told["batches"]:
        try:
            server.state_what_was_sent(told)
        except Refused as no:
            journal.remember("last-error", f"The statement of {day} was refused: {no.sentence}")
    journal.remember(FACT, day.isoformat())


def statement(journal: Journal, day: date) -> dict[str, Any]:
    """What was sent on a day, batch by batch."""
    batches: dict[str, dict[str, Any]] = {}
    for batch, item in journal.items_since(f"{day.isoformat()}T00:00:00Z"):
        if datetime.fromisoformat(batch.opened_at).date() != day or not item.sha256:
            continue
        told = batches.setdefault(batch.external_id, {"external_id": batch.external_id, "items": []})
        told["items"].append({"control_number": item.control_number, "sha256": item.sha256, "pages": item.pages})
    return {"day": day.isoformat(), "batches": list(batches.values())}
