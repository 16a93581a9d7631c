"""The registry of problem codes: what the API answers where it says no (RFC 9457), and what an item is rejected with."""

from collections.abc import Iterator, Mapping, Sequence

from docstore.api.problems import WORDS
from docstore.core.errors import Refusal
from docstore.intake.envelopes import SUPPLIER_CODES
from docstore.management.references.markdown import page, table
from docstore.management.sentences import refusals

# Codes that no request is refused with: an item bears them once a worker or a person has judged it.
OF_ITEMS = {
    "virus-found": "The virus check found something. Nobody can open it; look for a clean original and scan it again.",
    "rescan-required": "A person at the court asks for a new scan; the reason is told with it.",
    "aborted": "A person at the court decided that this is not to be filed; the reason is told with it.",
    "superseded": "A later scan took its place.",
}


def render() -> str:
    """Return the page of codes."""
    heads = ("code", "status", "may be repeated unchanged", "HMCTS", "what it says")
    return page(
        "What a refusal says to a program",
        "Every refusal of the API is a problem document: `type` is `/docs/problems/` and the code, `detail` is a sentence for"
        " people, `code` never changes its meaning, `retryable` says whether the same request may succeed later, and"
        " `errors` names fields with JSON pointers. Words in braces are replaced by facts.",
        table(heads, _rows()),
    )


def _rows() -> Iterator[Sequence[str]]:
    said: dict[str, list[type[Refusal]]] = {}
    for kind in refusals():
        said.setdefault(kind.code, []).append(kind)
    usual = {code: (status, words) for status, (code, words) in WORDS.items() if code not in said}
    for code in sorted({*said, *usual, *OF_ITEMS}):
        kinds = said.get(code, ())
        sentences = "<br>".join(_sentences(code, kinds, usual))
        yield f"`{code}`", _statuses(code, kinds, usual), _may_repeat(kinds), SUPPLIER_CODES.get(code, "–"), sentences


def _statuses(code: str, kinds: Sequence[type[Refusal]], usual: Mapping[str, tuple[int, str]]) -> str:
    statuses = {kind.status for kind in kinds} | ({usual[code][0]} if code in usual else set())
    return ", ".join(str(one) for one in sorted(statuses)) or "an item is rejected"


def _may_repeat(kinds: Sequence[type[Refusal]]) -> str:
    return "yes" if any(kind.retryable for kind in kinds) else "no"


def _sentences(code: str, kinds: Sequence[type[Refusal]], usual: Mapping[str, tuple[int, str]]) -> list[str]:
    told = sorted(kind.template() for kind in kinds)  # classes come in the order in which modules happen to be imported
    told += [usual[code][1]] if code in usual else []
    return list(dict.fromkeys(told + ([OF_ITEMS[code]] if code in OF_ITEMS else [])))
