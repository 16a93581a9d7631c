"""Welsh words: what a word is before its first letter was softened, nasalised or breathed on, and before its ending.

A light stemmer: it undoes the mutations and the common plural and verbal endings, and no more. Where a letter can have
come from several, all are given, and two words count as one where they share any. Used on Welsh pages alone, because
English words would run into each other: "mill" is not "fill". Pure.
"""

from functools import lru_cache

# What the first letters of a word as it stands may have been.
_BEFORE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ngh", ("c",)),
    ("mh", ("p",)),
    ("nh", ("t",)),
    ("ch", ("c",)),
    ("ph", ("p",)),
    ("th", ("t",)),
    ("ng", ("g",)),
    ("dd", ("d",)),
    ("ll", ()),
    ("rh", ()),
    ("g", ("c",)),
    ("b", ("p",)),
    ("d", ("t",)),
    ("f", ("b", "m")),
    ("m", ("b",)),
    ("n", ("d",)),
    ("l", ("ll", "gl")),
    ("r", ("rh", "gr")),
)
_VOWELS = frozenset("aeiouwy")
_ENDINGS = ("iaethau", "iadau", "oedd", "iaeth", "iau", "ion", "wyr", "aid", "edd", "odd", "ydd", "iad", "au", "on", "od", "wr", "es", "ir", "wyd", "id")  # fmt: skip
_SHORTEST = 4


@lru_cache(maxsize=50_000)
def stems(term: str) -> tuple[str, ...]:
    """Return every stem that a Welsh term may have, itself included."""
    if len(term) < _SHORTEST:
        return (term,)
    return tuple(dict.fromkeys(_without_ending(one) for one in (term, *_radicals(term))))


def is_welsh(language: str) -> bool:
    """Whether a page or document in `language` (as `cym`, `cy` or `eng+cym`) has Welsh on it."""
    return "cy" in language


def _radicals(term: str) -> list[str]:
    for begin, before in _BEFORE:
        if term.startswith(begin):
            found = [one + term[len(begin) :] for one in before]
            break
    else:
        found = []
    if term[0] in _VOWELS or term[0] in "lrw":
        found.append("g" + term)  # a softened g vanishes
    return found


def _without_ending(term: str) -> str:
    for ending in _ENDINGS:
        if term.endswith(ending) and len(term) - len(ending) >= 3:
            return term[: -len(ending)]
    return term
