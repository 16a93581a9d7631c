"""Where one paper ends and the next begins in a pile that was scanned in one go. Looks at what was seen; decides nothing else.

A page that bears a separator sheet's code, or the text barcode PATCHT, stands between papers and belongs to none; so does
the empty back of it. Where a station wishes it, an empty page stands between papers too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from docstore.cases.mentions import numbers_in
from docstore.intake.sheets import is_sheet
from docstore.reading.shapes import PageSurvey

PATCH = "PATCHT"


@dataclass(frozen=True, slots=True)
class Pile:
    """Pages that belong together. `code` is the sheet's before them, `reference` a case number in a barcode before them."""

    code: str
    reference: str
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Divided:
    """The piles of an item in order. `is_whole` where nothing divides it; `odd` are pages with several sheets' codes."""

    piles: tuple[Pile, ...]
    is_whole: bool
    odd: tuple[int, ...] = ()


def divide(pages: Sequence[PageSurvey], *, at_blanks: bool) -> Divided:
    """Return the piles between separators. Separators without pages after them open nothing."""
    piles: list[tuple[str, str, list[int]]] = [("", "", [])]
    odd: list[int] = []
    parted, after_sheet = False, False
    for page in pages:
        codes = tuple(dict.fromkeys(one for one in page.marks if is_sheet(one)))
        if len(codes) > 1:
            odd.append(page.number)
        if codes or _is_patch(page):
            piles.append((codes[0] if codes else "", reference_in(page.marks), []))
            parted, after_sheet = True, True
        elif page.is_blank and (after_sheet or at_blanks):
            if not after_sheet:
                piles.append(("", "", []))
        else:
            piles[-1][2].append(page.number)
            after_sheet = False
    made = tuple(Pile(code, reference, tuple(numbers)) for code, reference, numbers in piles if numbers)
    return Divided(made, is_whole=not parted and len(made) < 2, odd=tuple(odd))


def reference_in(marks: Sequence[str]) -> str:
    """A case number that stands in a barcode, such as a Code 128 label; empty where there is none, or several."""
    found = {one.value for mark in marks if not is_sheet(mark) for one in numbers_in(mark)}
    return found.pop() if len(found) == 1 else ""


def _is_patch(page: PageSurvey) -> bool:
    return any(mark.strip().upper() == PATCH for mark in page.marks)
