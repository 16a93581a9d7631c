"""What a word looks like to a machine that reads badly: letters that OCR takes for each other become one.

0 and O; 1, l and I; 5 and S; 8 and B; rn and m; vv and w; cl and d. Used on pages that were read with little confidence,
and on nothing else: elsewhere "modern" is not "modem". Pure.
"""

from functools import lru_cache

UNCLEAR_BELOW = 80
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "j": "l", "5": "s", "8": "b"})


@lru_cache(maxsize=50_000)
def shape(term: str) -> str:
    """Return the shape of a term."""
    return term.translate(_ALIKE).replace("rn", "m").replace("vv", "w").replace("cl", "d")


def is_unclear(confidence: float | None) -> bool:
    """Whether a page was read with so little confidence that shapes are to be trusted more than letters."""
    return confidence is not None and confidence < UNCLEAR_BELOW
