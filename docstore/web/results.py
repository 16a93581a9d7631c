"""Results of a search as plain values: hits grouped by document, filters with what each would leave, and what was said.

Knows the search room's answers and nothing of requests. Shows only what that room has let through.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from docstore.documents import queries as documents
from docstore.documents.delivery import Purpose
from docstore.documents.models import Rendition
from docstore.search.matching import distance_for, within
from docstore.search.queries import Filters, Hit, Results
from docstore.search.text import terms
from docstore.web import dates, shown, words
from docstore.web.pagepicture import Rectangle, rectangle

FACETS = {
    "section": _("Section"),
    "case": _("Case"),
    "type": _("Kind of paper"),
    "party": _("Party"),
    "court": _("Court"),
    "year": _("Year of the paper"),
}
DAYS = {
    "dated_from": _("Dated from"),
    "dated_to": _("Dated to"),
    "filed_from": _("Filed from"),
    "filed_to": _("Filed to"),
}
FILTERS = (*FACETS, *DAYS)
SORTS = {"relevance": _("Best match"), "newest": _("Newest"), "oldest": _("Oldest")}
MOST_VALUES = 8
UNCLEAR_BELOW = 70
STRIPS_PER_DOCUMENT = 3
PAGES_PER_DOCUMENT = 3
# A strip of the page around the first box: nine times as wide as high, and most of a line long.
STRIP_SHAPE = 9
STRIP_WIDTH = 0.62


@dataclass(frozen=True, slots=True)
class Strip:
    """The line where the first hit stands: a window on the page's picture, so no other picture has to be made."""

    href: str
    view: str
    width: int
    height: int
    boxes: tuple[Rectangle, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow: its values with how many documents each would leave; the chosen one stays even with none."""

    name: str
    label: str
    values: tuple[tuple[str, str, int], ...]
    chosen: str
    more: int


def filters_of(chosen: Mapping[str, str]) -> Filters:
    """Return what a person narrowed the search to, as the search room takes it. Days that are none are left out."""
    days = {name: dates.parse_day(chosen.get(name, "")) for name in DAYS}
    year = chosen.get("year", "")
    if year.isdigit() and len(year) == len("2026"):
        days["dated_from"] = days["dated_from"] or date(int(year), 1, 1)
        days["dated_to"] = days["dated_to"] or date(int(year), 12, 31)
    return Filters(
        case=chosen.get("case"),
        section=chosen.get("section"),
        type=chosen.get("type"),
        party=chosen.get("party"),
        court=chosen.get("court"),
        dated_from=days["dated_from"],
        dated_to=days["dated_to"],
        filed_from=days["filed_from"],
        filed_to=days["filed_to"],
    )


def words_of(filters: Filters) -> dict[str, str]:
    """Return filters as the page's fields hold them: the other way round."""
    named = {name: getattr(filters, name) for name in (*FACETS, *DAYS) if hasattr(filters, name)}
    return {name: str(value) for name, value in named.items() if value is not None}


def wrong_days(chosen: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the fields whose day was not understood, for the error summary."""
    said = _("%(field)s: “%(day)s” is not a date and was left out. Enter it like this: 14 6 2026")
    return [
        {"href": f"#{name}", "name": name, "text": said % {"field": label, "day": chosen[name]}}
        for name, label in DAYS.items()
        if chosen.get(name) and dates.parse_day(chosen[name]) is None
    ]


def facets(found: Results, chosen: Mapping[str, str]) -> list[Facet]:
    """Return the filters worth offering: with a choice between values, or with a value chosen."""
    offered = []
    for name, label in FACETS.items():
        told = found.facets.get(name, ())
        values = tuple((one.value, _facet_name(name, one.name), one.documents) for one in told if one.value)
        taken = chosen.get(name, "")
        if len(values) > 1 or taken:
            kept = values[:MOST_VALUES]
            kept += tuple(one for one in values[MOST_VALUES:] if one[0] == taken)
            offered.append(Facet(name, str(label), kept, taken, len(values) - len(kept)))
    return offered


def _facet_name(facet: str, name: str) -> str:
    """Sections have names in the language of the page; titles and kinds of paper stay as they were written."""
    return gettext(name) if facet == "section" else name


def did_you_mean(query: str, word: str | None) -> str:
    """Return the whole query with `word` in the place of the word that it is nearest to."""
    if not word:
        return ""
    for part in query.split():
        own = terms(part)
        if len(own) == 1 and own[0] != word and within(own[0], word, distance_for(own[0])):
            return query.replace(part, word, 1)
    return word


def groups(hits: Iterable[Hit], tail: str) -> list[dict[str, Any]]:
    """Return hits by document, best first: a few pages with their line and snippet, the others as numbers."""
    rows = list(hits)
    pictures = documents.pictures_at((one.placed.current.pk, one.page) for one in rows)
    found = []
    for _document, inside in groupby(rows, key=lambda one: one.document):
        pages = list(inside)
        first = pages[0]
        strips = [pictures.get((one.placed.current.pk, one.page)) for one in pages[:STRIPS_PER_DOCUMENT]]
        found.append(
            {
                "title": first.title,
                "document": first.placed.document,
                "url": reverse("document", kwargs={"document_id": first.document}),
                "case": shown.case(first.placed.filing.case),
                "section": words.named(first.placed.filing.section),
                "dated": first.placed.document.dated_on,
                "pages_total": first.placed.current.pages_total,
                "badges": shown.document_badges(first.placed.document),
                "pages": [_page(one, tail, made) for one, made in zip(pages, strips, strict=False)],
                "more": [
                    {"number": one.label or one.page, "url": _url(one, tail)} for one in pages[PAGES_PER_DOCUMENT:]
                ],
            }
        )
    return found


def _page(hit: Hit, tail: str, made: Rendition | None) -> dict[str, Any]:
    return {
        "number": hit.label or hit.page,
        "url": _url(hit, tail),
        "snippet": hit.snippet,
        "unclear": f"{hit.confidence:.0f}" if hit.confidence is not None and hit.confidence < UNCLEAR_BELOW else "",
        "strip": _strip(hit, made) if made and hit.boxes else None,
    }


def _url(hit: Hit, tail: str) -> str:
    return f"{reverse('page', kwargs={'document_id': hit.document, 'number': hit.page})}{tail}"


def _strip(hit: Hit, made: Rendition) -> Strip:
    left, top, right, bottom = hit.boxes[0]
    width = made.width * STRIP_WIDTH
    height = width / STRIP_SHAPE
    x = min(max(0.0, (left + right) / 2 * made.width - width / 2), made.width - width)
    y = min(max(0.0, (top + bottom) / 2 * made.height - height / 2), max(0.0, made.height - height))
    url = reverse("picture", kwargs={"document_id": hit.document, "number": hit.page})
    return Strip(
        href=f"{url}?for={Purpose.STRIP}",
        view=f"{x:.0f} {y:.0f} {width:.0f} {height:.0f}",
        width=made.width,
        height=made.height,
        boxes=tuple(rectangle(box, made.width, made.height) for box in hit.boxes),
    )
