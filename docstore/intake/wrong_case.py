"""The wrong-case guard (DOM-1.13): numbers and names that stand on a paper, against the case on which it is being filed.

Knows words and cases; decides and writes nothing. A paper that bears one of the case's own numbers is at home, whatever
else it mentions. Otherwise a number of another case, or a number of a police force that this case does not have, is a
doubt; and so are the parties of another case where nobody of this one is named. A person settles it, and that is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models.functions import Lower

from docstore.cases.mentions import Mention, numbers_in, parties_named
from docstore.cases.models import Case, Party, Reference, ReferenceKind
from docstore.cases.references import shown
from docstore.core.errors import Conflict

CODE = "wrong-case"
MOST_NAMES = 300
# A party of many cases, such as a prosecuting authority, says nothing about which case a paper belongs to.
TELLING_PARTIES = 3
_NAME = re.compile(r"[A-Z][\w'’\-]+(?: [A-Z][\w'’\-]+){1,3}")


class WrongCase(Conflict):
    """This paper {found}, and you are filing it on {target}. Look at it, and confirm if it belongs here all the same."""

    code = CODE


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What speaks against the case: the sentence's middle, the number or name as it stands, its page, and whose it is."""

    found: str
    number: str
    page: int
    other: UUID | None

    def refusal(self, case: Case) -> WrongCase:
        """Return the doubt as a person reads it."""
        return WrongCase(found=self.found, target=main_number(case))


def compare(case: Case, pages: Sequence[str]) -> Mismatch | None:
    """Return what speaks against filing these pages on the case, or None."""
    text = "\n".join(pages)
    own = {one.value for one in case.references.all()}
    numbers = numbers_in(text)
    if not text.strip() or _bears_own(own, numbers, text):
        return None
    parties = list(case.parties.all())
    named = bool(parties_named(text, [one for one in parties if one.side != "prosecution"]))
    return _by_number(pages, numbers, named=named) or (None if named else _by_name(case, parties, pages))


def main_number(case: Case) -> str:
    """Return the number by which people know the case, or its title where it has none."""
    ranked = sorted(case.references.all(), key=lambda one: one.kind == ReferenceKind.CCD)
    return shown(ranked[0].kind, ranked[0].value) if ranked else case.title


def _bears_own(own: set[str], numbers: Sequence[Mention], text: str) -> bool:
    return any(one.value in own for one in numbers) or any(value in text for value in own)


def _by_number(pages: Sequence[str], numbers: Sequence[Mention], *, named: bool) -> Mismatch | None:
    """A number of another case; or one of the police's that no case here has, where nobody of this case is named."""
    rows = Reference.objects.filter(value__in={one.value for one in numbers})
    known = {one.value: one.case_id for one in rows}
    for one in numbers:
        is_foreign = one.value in known or (one.kind is ReferenceKind.URN and not named)
        if is_foreign:
            number = shown(one.kind, one.value)
            return Mismatch(f"bears the number {number}", number, _page_of(one.value, pages), known.get(one.value))
    return None


def _by_name(case: Case, own: Sequence[Party], pages: Sequence[str]) -> Mismatch | None:
    """The full name of somebody who is a party elsewhere at this court, and of nobody here."""
    here = {one.name.lower() for one in own}
    names = {found.lower(): found for found in _names(pages)}
    rows = Party.objects.annotate(folded=Lower("name")).filter(folded__in=set(names) - here, case__court=case.court_id)
    elsewhere: dict[str, set[UUID]] = {}
    for folded, case_id in rows.values_list("folded", "case_id")[: MOST_NAMES * TELLING_PARTIES]:
        elsewhere.setdefault(folded, set()).add(case_id)
    for folded, cases in sorted(elsewhere.items()):
        if len(cases) < TELLING_PARTIES and case.pk not in cases:
            name = names[folded]
            return Mismatch(f"names {name} and no party of this case", name, _page_of(name, pages), min(cases))
    return None


def _names(pages: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in pages:
        for run in _NAME.findall(text.title() if text.isupper() else text):
            words = run.split()
            for length in range(2, len(words) + 1):
                for start in range(len(words) - length + 1):
                    found.setdefault(" ".join(words[start : start + length]))
    return list(found)[:MOST_NAMES]


def _page_of(value: str, pages: Sequence[str]) -> int:
    """The page on which it stands, from 1, however it is spaced there."""
    plain = _plain(value)
    return next((at for at, text in enumerate(pages, start=1) if plain in _plain(text)), 1)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
