"""Which case a paper belongs to: by the reference that came with it, or by a number on its pages. What is not certain is a doubt.

Knows cases and texts; decides and writes nothing.
"""

import json
import string
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from docstore.cases.mentions import cases_by_party, cases_named, numbers_in, parties_named
from docstore.cases.models import Case, Reference, ReferenceKind
from docstore.core.references import normalise
from docstore.intake.models import Item
from docstore.intake.scan_models import Part

MOST_SUGGESTIONS = 5
NUMBER_STANDS = "The number {number} stands on the paper."
NAME_STANDS = "“{name}” is named on the paper and is a party."
WAS_DECLARED = "The station sent it for this case, as {number}."
NEARLY_DECLARED = "Its number {number} is the one that was sent but for one character."
LETTERS = string.digits + string.ascii_uppercase
SHORTEST_MISREAD, LONGEST_MISREAD = 6, 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that a paper may belong to, and the sentences that speak for it."""

    case: UUID
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a person must decide: a code, a sentence, and the cases that come into question, the likeliest first."""

    code: str
    reason: str
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def packed(self) -> str:
        """The suggestions as they are stored with an exception."""
        return json.dumps([{"case": str(one.case), "because": list(one.because)} for one in self.suggestions])


@dataclass(frozen=True, slots=True)
class Paper:
    """What matching looks at: the court, the words of the first pages, and the number that came with it, if any."""

    court: int
    text: str
    reference: str = ""

    @classmethod
    def of(cls, item: Item) -> "Paper":
        return cls(item.batch.court_id, item.text, item.case_reference or item.batch.case_reference)

    @classmethod
    def of_part(cls, part: Part) -> "Paper":
        item = part.item
        reference = part.reference or item.case_reference or item.batch.case_reference
        return cls(item.batch.court_id, part.text, reference)


def find_case(item: Item) -> Case | Doubt:
    """Return the one open case that an item belongs to, or the doubt that keeps it from one."""
    if item.expected_pages and item.pages and item.pages != item.expected_pages:
        said = f"It was declared with {item.expected_pages} pages and has {item.pages}. A page may be missing."
        return Doubt("page-count-mismatch", said, suggestions_for(item))
    if item.batch.envelope == "exception":
        return Doubt("sent-as-exception", "The supplier sent it as an exception.", suggestions_for(item))
    if item.replaces and item.replaces.case:
        return _if_open(item.replaces.case, Paper.of(item))
    return _find(Paper.of(item))


def find_case_of_part(part: Part) -> Case | Doubt:
    """Return the case of one paper in a divided item: its sheet's, the one that came with the item, or by its words."""
    if part.sheet is not None:
        return _guarded(part.sheet.case, Paper.of_part(part))
    return _find(Paper.of_part(part))


def suggestions_for(item: Item) -> tuple[Suggestion, ...]:
    """Return the cases that come into question, by what was declared and by numbers and names on the paper."""
    return _suggestions(Paper.of(item))


def _find(paper: Paper) -> Case | Doubt:
    return _by_reference(paper) if paper.reference else _by_text(paper)


def _suggestions(paper: Paper) -> tuple[Suggestion, ...]:
    because: dict[UUID, list[str]] = {}
    if paper.reference:
        known = _cases_of(paper.reference, paper.court)
        for case in known:
            because.setdefault(case.pk, []).append(WAS_DECLARED.format(number=paper.reference))
        for near in () if known else _nearly(paper.reference, paper.court):
            because.setdefault(near.case_id, []).append(NEARLY_DECLARED.format(number=near.value))
    for case, numbers in cases_named(paper.text, court_id=paper.court).items():
        because.setdefault(case.pk, []).extend(NUMBER_STANDS.format(number=one) for one in numbers)
    for case, names in cases_by_party(paper.text, court_id=paper.court).items():
        because.setdefault(case.pk, []).extend(NAME_STANDS.format(name=one) for one in names)
    ranked = sorted(because.items(), key=lambda entry: -len(entry[1]))
    return tuple(Suggestion(case, tuple(dict.fromkeys(said))) for case, said in ranked[:MOST_SUGGESTIONS])


def _by_reference(paper: Paper) -> Case | Doubt:
    reference = paper.reference
    found = _cases_of(reference, paper.court)
    if not found:
        said = f"No case of this court has the reference {reference}. It may be misread or not opened yet."
        return Doubt("case-unknown", said, _suggestions(paper))
    if len(found) > 1:
        said = f"The reference {reference} fits several cases."
        return Doubt("several-cases", said, _suggestions(paper))
    return _guarded(found[0], paper)


def _by_text(paper: Paper) -> Case | Doubt:
    named = cases_named(paper.text, court_id=paper.court)
    if len(named) == 1:
        [(case, numbers)] = named.items()
        if _is_certain(case, numbers, paper):
            return _if_open(case, paper)
    if len(named) > 1:
        said = "It came without a reference, and numbers of several cases stand on it."
        return Doubt("several-cases", said, _suggestions(paper))
    said = "It came without a reference, and nothing on it leads to one case for certain."
    return Doubt("unmatched", said, _suggestions(paper))


def _is_certain(case: Case, numbers: tuple[str, ...], paper: Paper) -> bool:
    """Sixteen digits check themselves; a number without a check digit counts only beside the name of a party."""
    rows = Reference.objects.filter(case=case, value__in=numbers)
    if rows.filter(kind=ReferenceKind.CCD).exists():
        return True
    return bool(parties_named(paper.text, case.parties.all()))


def _guarded(case: Case, paper: Paper) -> Case | Doubt:
    """The wrong-case guard (DOM-1.13): a paper that bears another case's number goes to a person, wherever it was sent."""
    own = set(case.references.values_list("value", flat=True))
    others = {one: numbers for one, numbers in cases_named(paper.text, court_id=case.court_id).items() if one != case}
    strange = [one.value for one in numbers_in(paper.text) if one.kind == ReferenceKind.CCD and one.value not in own]
    bears_own = any(one.value in own for one in numbers_in(paper.text))
    if (others or strange) and not bears_own:
        number = next((numbers[0] for numbers in others.values()), strange[0] if strange else "")
        said = f"It was sent for “{case.title}”, but the number {number} stands on it, which is another case’s."
        return Doubt("wrong-case", said, _suggestions(paper))
    return _if_open(case, paper)


def _if_open(case: Case, paper: Paper) -> Case | Doubt:
    if case.is_open:
        return case
    said = f"The case “{case.title}” is closed. Reopen it, or say where the paper belongs."
    return Doubt("case-closed", said, _suggestions(paper))


def _nearly(reference: str, court_id: int) -> Iterator[Reference]:
    """The numbers of a court that differ from this one in a single character: how a misread number shows itself."""
    number = normalise(reference).upper()
    if SHORTEST_MISREAD <= len(number) <= LONGEST_MISREAD and number.isascii() and number.isalnum():
        near = [f"{number[:at]}{letter}{number[at + 1 :]}" for at in range(len(number)) for letter in LETTERS]
        yield from Reference.objects.filter(value__in=near, case__court_id=court_id).order_by("id")[:MOST_SUGGESTIONS]


def _cases_of(reference: str, court_id: int) -> list[Case]:
    """The cases of a court with this number: case and police numbers first, then numbers of older systems (api.md §9)."""
    rows = Reference.objects.filter(case__court_id=court_id).select_related("case__case_type").order_by("id")
    for values, kinds in (
        ({normalise(reference)}, (ReferenceKind.CCD, ReferenceKind.URN, ReferenceKind.PROSECUTOR)),
        ({reference.strip()}, (ReferenceKind.LEGACY,)),
    ):
        found = {row.case_id: row.case for row in rows.filter(value__in=values, kind__in=kinds)}
        if found:
            return list(found.values())
    return []
