"""Finding inside one document: how often, on which pages, and which comes next (DOM-4.10).

Asks the stored text and no engine, so it also works for earlier versions, for pages read a moment ago, and while search
is down. Says of a page what the engines say of it; the contract tests hold the three together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from docstore.access.actor import Actor
from docstore.cases.scope import Scope
from docstore.documents.models import Page, Version
from docstore.documents.queries import get_document, version_of
from docstore.documents.words import Box
from docstore.search.highlight import Part, boxes_of, hit_words, snippet
from docstore.search.matching import look_of, matches, said_on
from docstore.search.query import Query, parse
from docstore.search.tree import All, positives


@dataclass(frozen=True)
class PageFound:
    """A page with hits. `first` is the number of its first hit, counted from 1 through the document."""

    row: Page
    tree: All
    hits: int
    first: int

    @property
    def page(self) -> int:
        return self.row.number

    @cached_property
    def snippet(self) -> tuple[Part, ...]:
        return snippet(self.row.text, self.tree, look_of(self.row))

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Where the hits stand. Fetches the words of this page alone, when they are asked for."""
        return boxes_of(self.row, self.tree)


@dataclass(frozen=True, slots=True)
class Within:
    """What was found in one version of a document."""

    version: Version
    query: Query
    pages: tuple[PageFound, ...]

    @property
    def hits(self) -> int:
        """How many in all."""
        return sum(one.hits for one in self.pages)

    def after(self, page: int) -> PageFound | None:
        """The next page with a hit after this one; None at the end."""
        return next((one for one in self.pages if one.page > page), None)

    def before(self, page: int) -> PageFound | None:
        """The last page with a hit before this one; None at the beginning."""
        return next((one for one in reversed(self.pages) if one.page < page), None)

    def on(self, page: int) -> PageFound | None:
        """The hits on this page; None where it has none."""
        return next((one for one in self.pages if one.page == page), None)


def find_in_document(by: Actor, document_id: UUID, query: str, *, version: int | None = None) -> Within:
    """Find in a document that the actor may open, in its current version where none is named. Raises NotFound."""
    document = get_document(Scope.of(by), document_id)
    of, asked = version_of(document, version), parse(query)
    rows = _rows(of) if of.is_served and asked.tree.parts else ()
    found: list[PageFound] = []
    count = 1
    for row in rows:
        here = _hits(row, asked.tree)
        if here:
            found.append(PageFound(row, asked.tree, here, count))
            count += here
    return Within(of, asked, tuple(found))


def _rows(version: Version) -> Sequence[Page]:
    return list(Page.objects.filter(version=version).exclude(text="").defer("packed_words").order_by("number"))


def _hits(row: Page, tree: All) -> int:
    if not matches(tree, said_on(row)):
        return 0
    return max(1, len(hit_words(row.text.split(), tree, look_of(row)))) if positives(tree) else 1
