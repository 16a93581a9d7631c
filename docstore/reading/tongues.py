"""In which of the two languages of the courts a text is, told by the little words that running text cannot do without.

Bound into the sandbox, therefore standard library only. A heading or a name has too few of them to tell, and a third
language has none: nothing is said then. Languages go by the names that OCR engines have for them.
"""

import re
from collections import Counter

ENGLISH, WELSH = "eng", "cym"
# Fewer little words than these are chance; a language with less than a fifth of the other's is a quotation or a name.
LEAST = 3
SHARE = 5
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_WELSH = frozenset([
    "a'r", "ac", "ar", "bod", "bydd", "chi", "cyn", "ddim", "dim", "dros", "drwy", "drwy'r", "dydd", "ef", "ei",
    "eich", "ein", "eu", "fel", "fod", "fy", "gan", "gwelais", "gwnaeth", "gyda", "gyfer", "hefyd", "hi", "hon",
    "honno", "hwn", "hwnnw", "hyn", "hynny", "i'r", "i'w", "iddi", "iddo", "lle", "mae", "mae'r", "mewn", "na'r",
    "nad", "neu", "ni'n", "nid", "o'r", "oedd", "oes", "ohono", "ond", "pan", "rhwng", "roedd", "sy", "sydd",
    "trwy", "wedi", "wnes", "wrth", "yn", "ynghylch", "yr", "yw", "yw'r", "â'r",
])  # fmt: skip
_ENGLISH = frozenset([
    "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have", "he", "her", "his", "in",
    "is", "it", "not", "of", "on", "or", "she", "that", "the", "their", "there", "they", "this", "to", "was",
    "we", "were", "when", "which", "who", "will", "with", "would", "you",
])  # fmt: skip


def tally(text: str) -> tuple[int, int]:
    """Return how many little words of English and of Welsh a text has."""
    counted = Counter(word.replace("’", "'") for word in _WORD.findall(text.lower()))
    return sum(counted[word] for word in _ENGLISH), sum(counted[word] for word in _WELSH)


def languages_of(text: str) -> tuple[str, ...]:
    """Return the languages of a text, the one with more of it first; none where that cannot be told."""
    english, welsh = tally(text)
    counts = sorted(((english, ENGLISH), (welsh, WELSH)), reverse=True)
    most = counts[0][0]
    return tuple(name for count, name in counts if count >= LEAST and count * SHARE >= most)
