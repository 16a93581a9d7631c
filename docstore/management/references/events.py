"""The catalogue of audit events."""

from docstore.audit.events import Event
from docstore.audit.kinds import CATALOGUE
from docstore.management.references.markdown import page, table


def render() -> str:
    """Return the page of events."""
    rows = (
        (f"`{event}`", CATALOGUE[event].sentence, ", ".join(f"`{fact}`" for fact in sorted(CATALOGUE[event].facts)))
        for event in sorted(Event)
    )
    return page(
        "What is written down",
        "Each event also says who, in which role, how they signed in, when in UTC, from where, in which request, and which"
        " case and document it is about. Facts are ids, numbers, codes and reasons, never names or text of documents.",
        table(("event", "reads as", "states"), rows),
    )
