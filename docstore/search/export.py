"""The list of results as a file: CSV that a spreadsheet cannot be tricked by, and that tells no more than the page did."""

import csv
import hashlib
from collections.abc import Iterator, Sequence

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import access_stream, record_alone
from docstore.audit.events import Event
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.search.asking import ask, every_match
from docstore.search.engine import Filters, Sort
from docstore.search.hits import Hit, allowed_hits

MOST_EXPORTED = 2_000
HEADINGS = ("reference", "case", "title", "section", "type", "dated", "filed", "page", "label", "text", "confidence", "document")  # fmt: skip
# What a spreadsheet takes for the beginning of a formula. A title is anybody's to choose.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class _Line:
    """Where the csv module writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def export_results(
    *, by: Actor, query: str, filters: Filters = Filters(), sort: str = Sort.RELEVANCE
) -> tuple[str, ...]:
    """Return the results as lines of CSV, at most 2,000 pages, each looked up in the database as it is for the page.

    Recorded as an act of its own before anything is handed out (WIN-12). Raises SearchIsDown, Forbidden.
    """
    by.require(Permission.SEARCH)
    scope = Scope.of(by)
    asked = ask(scope, query, filters, sort=Sort(sort))
    hits = [
        hit
        for matches in every_match(asked, most=MOST_EXPORTED)
        for hit in allowed_hits(scope, matches, asked.query.tree)
    ]
    _write_down(by, query, hits)
    return tuple(_lines(hits))


def _lines(hits: Sequence[Hit]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(HEADINGS)  # tells spreadsheets that this is UTF-8
    for hit in hits:
        yield writer.writerow([safe(one) for one in _cells(hit)])


def _cells(hit: Hit) -> list[str]:
    document, filing = hit.placed.document, hit.placed.filing
    return [
        hit.reference,
        filing.case.title,
        hit.title,
        filing.section.name,
        document.type,
        document.dated_on.isoformat() if document.dated_on else "",
        document.filed_at.date().isoformat(),
        str(hit.page),
        hit.label,
        "".join(part.text for part in hit.snippet),
        "" if hit.confidence is None else f"{hit.confidence:.0f}",
        str(hit.document),
    ]


def safe(cell: str) -> str:
    """Return a cell that is text in every spreadsheet: a leading apostrophe where it could be taken for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _write_down(by: Actor, query: str, hits: Sequence[Hit]) -> None:
    facts = {
        "query_sha256": hashlib.sha256(query.encode()).hexdigest(),
        "pages": len(hits),
        "documents": sorted({str(hit.document) for hit in hits}),
    }
    stream = access_stream(clock.now(), str(by.user_id))
    record_alone(Event.SEARCH_EXPORTED, stamp=by.stamp, stream=stream, refs={}, facts=facts)
