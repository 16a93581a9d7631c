"""The embedded engine's index: its fields, and an entry as one of its documents."""

from uuid import UUID

import tantivy
from tantivy import SchemaBuilder

from docstore.search.engine import KEYWORDS, Entry, keywords_of
from docstore.search.rules import digest
from docstore.search.shapes import shape
from docstore.search.text import stem
from docstore.search.tree import Trait
from docstore.search.welsh import is_welsh, stems

SPLITS = "whitespace"
# Newest and oldest are told by the second of filing with the page behind it, so that pages of one paper stay in order.
PAGE_BITS = 12
LAST_PAGE = (1 << PAGE_BITS) - 1
COUNTED = frozenset({"document", "cases", "courts", "sections", "type", "parties", "year"})
# The page of the mark that stays of a document which was taken out; no entry has it.
MARK_PAGE = 0


PLACED = ("body", "stems", "shapes")
COUNTED_TERMS = ("welsh", "marks", "title", "filed_by")
ORDERS = ("moment", "newest")
NUMBERS = ("page", "rank", "sealed", "filed", "dated", "number", "seq")
RULES = digest([PLACED, COUNTED_TERMS, KEYWORDS, sorted(COUNTED), ORDERS, NUMBERS])


def make_schema() -> tantivy.Schema:
    """Return the fields of the index."""
    builder = SchemaBuilder()
    for name in PLACED:
        builder.add_text_field(name, tokenizer_name=SPLITS, index_option="position")
    for name in COUNTED_TERMS:
        builder.add_text_field(name, tokenizer_name=SPLITS, index_option="freq")
    for name in KEYWORDS:
        builder.add_text_field(
            name, tokenizer_name="raw", index_option="basic", fast=name in COUNTED, stored=name == "document"
        )
    for name in ORDERS:
        builder.add_unsigned_field(name, indexed=False, fast=True)
    for name in NUMBERS:
        builder.add_unsigned_field(name, indexed=True, fast=True, stored=name == "page")
    return builder.build()


def as_document(seq: int, entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("body", " ".join(entry.body))
    document.add_text("stems", " ".join(map(stem, entry.body)))
    if is_welsh(entry.language):
        document.add_text("welsh", " ".join(one for term in entry.body for one in stems(term)))
    if Trait.UNCLEAR in entry.traits:
        document.add_text("shapes", " ".join(map(shape, entry.body)))
    if entry.marks:
        document.add_text("marks", " ".join(entry.marks))
    document.add_text("title", " ".join(entry.title))
    document.add_text("filed_by", " ".join(entry.filed_by))
    for name, values in keywords_of(entry).items():
        for value in values:
            document.add_text(name, value)
    for name, number in (
        ("number", UUID(entry.document).int >> 65),  # counts documents faster than their names would
        ("seq", seq),
        ("page", entry.page),
        ("rank", entry.rank),
        ("sealed", int(entry.sealed)),
        ("filed", entry.filed),
        ("dated", entry.dated),
        ("moment", entry.moment << PAGE_BITS | min(entry.page, LAST_PAGE)),
        ("newest", entry.moment << PAGE_BITS | LAST_PAGE - min(entry.page, LAST_PAGE)),
    ):
        document.add_unsigned(name, number)
    return document


def as_mark(document: str, seq: int) -> tantivy.Document:
    """What stays of a document that was taken out: its name and when. It has no place, so nobody can find it."""
    mark = tantivy.Document()
    mark.add_text("document", document)
    mark.add_unsigned("page", MARK_PAGE)
    mark.add_unsigned("seq", seq)
    return mark
