"""Every code that a program can be told, and what each says to a person: what the pages behind `type` are made of.

Refusals tell their own codes. The rest are the usual answers of HTTP, and what an item bears once it has been judged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docstore.core.errors import USUAL, Refusal
from docstore.intake.envelopes import SUPPLIER_CODES

# Codes that no request is refused with: an item bears them once a worker or a person has judged it.
OF_ITEMS = {
    "virus-found": "The virus check found something. Nobody can open it; look for a clean original and scan it again.",
    "rescan-required": "A person at the court asks for a new scan; the reason is told with it.",
    "aborted": "A person at the court decided that this is not to be filed; the reason is told with it.",
    "superseded": "A later scan took its place.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One code: its sentences, the statuses that it comes with (none where only items bear it), the supplier's own code."""

    code: str
    statuses: tuple[int, ...]
    retryable: bool
    supplier_code: str
    sentences: tuple[str, ...]

    @property
    def title(self) -> str:
        """The code as words."""
        return self.code.replace("-", " ").capitalize()


def problems(kinds: Iterable[type[Refusal]] | None = None) -> dict[str, Problem]:
    """Return all codes in order; of these refusals, or of those that are loaded, as all are where requests are answered."""
    said: dict[str, list[type[Refusal]]] = {}
    for kind in kinds if kinds is not None else _loaded(Refusal):
        said.setdefault(kind.code, []).append(kind)
    usual = {code: (status, words) for status, (code, words) in USUAL.items() if code not in said}
    return {code: _problem(code, said.get(code, []), usual.get(code)) for code in sorted({*said, *usual, *OF_ITEMS})}


def _problem(code: str, kinds: list[type[Refusal]], usual: tuple[int, str] | None) -> Problem:
    told = sorted(kind.template() for kind in kinds)  # classes come in the order in which modules happen to be imported
    told += [usual[1]] if usual else []
    told += [OF_ITEMS[code]] if code in OF_ITEMS else []
    statuses = {kind.status for kind in kinds} | ({usual[0]} if usual else set())
    retryable = any(kind.retryable for kind in kinds)
    return Problem(code, tuple(sorted(statuses)), retryable, SUPPLIER_CODES.get(code, ""), tuple(dict.fromkeys(told)))


def _loaded(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for inner in kind.__subclasses__():
        if inner.__module__.startswith("docstore."):
            yield from _loaded(inner)
