"""Which of the two languages a stretch of text is in, so that a screen reader takes the right voice (WCAG 3.1.2).

Counts the little words that running text cannot do without. A heading or a name has too few of them to tell: it is left
in the language of what stands around it. Knows words, nothing of documents.
"""

from docstore.search.text import terms

WELSH, ENGLISH = "cy", "en"
LEAST = 3
MORE = 2

_WELSH = frozenset(
    [
        "yn",
        "yr",
        "ac",
        "ar",
        "oedd",
        "mae",
        "wedi",
        "ei",
        "eu",
        "nid",
        "bod",
        "gan",
        "fod",
        "yw",
        "sydd",
        "ond",
        "hyn",
        "oes",
        "gyda",
        "cyn",
        "ef",
        "hi",
        "fy",
        "eich",
        "ein",
        "hwn",
        "hon",
        "sy",
        "roedd",
        "gwelais",
        "nad",
        "fel",
        "rhwng",
        "drwy",
        "dros",
        "wrth",
        "pan",
        "neu",
        "i'w",
        "a'r",
        "o'r",
        "i'r",
        "ni'n",
        "dydd",
        "gwnaeth",
        "wnes",
        "mewn",
        "am",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "that",
        "for",
        "it",
        "was",
        "with",
        "he",
        "she",
        "by",
        "on",
        "at",
        "from",
        "this",
        "had",
        "his",
        "her",
        "are",
        "be",
        "have",
        "not",
        "which",
        "they",
        "were",
        "has",
        "been",
        "would",
        "when",
        "who",
        "will",
        "their",
        "or",
        "as",
        "we",
        "you",
        "there",
    ]
)


def language_of(text: str, *, otherwise: str = "") -> str:
    """Return "cy" or "en" where the little words leave no doubt, else `otherwise`."""
    found = [word.replace("’", "'") for word in text.lower().split()]
    plain = terms(text)
    welsh = sum(word in _WELSH for word in plain) + sum("'" in word and word in _WELSH for word in found)
    english = sum(word in _ENGLISH for word in plain)
    if welsh >= LEAST and welsh >= MORE * english:
        return WELSH
    if english >= LEAST and english >= MORE * welsh:
        return ENGLISH
    return otherwise
