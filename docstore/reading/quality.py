"""Judging the text that a file gives for a page: is it all of the page's text, and is it text at all (domain rules
for reading).

Pure functions over words and a few facts. Bound into the sandbox, therefore standard library only. No dictionary: a
few dozen
of the commonest English and Welsh words are enough to tell running text from a layer of shifted codes.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from docstore.reading.shapes import Method

HALF_INCH = 36.0
SMALL_PAGE = 250.0
ENOUGH_WORDS = 120
STAMP_WORDS = 25
FEW_WORDS = 10
MOST_OF_THE_PAGE = 0.5
SOME_OF_THE_PAGE = 0.12
MANY_CURVES = 300
MOSTLY_UNEXPLAINED = 0.5
LONGEST_STAMP_LINE = 26

STAMPS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # headers that filing systems print on every page
        r"^(?:appellate\s+)?(?:case|claim|appeal|usca\d*|no)\b.{0,60}\b(?:document|doc|dkt|page|pg|filed|entry)\b.*\d",
        r"^(?:document|doc|dkt)\W+\d.*\b(?:filed|page|pg|entered|pageid)\b",
        r"\bpage\s*id\b",
        r"^(?:e-?filed|filed|received|entered|lodged|sealed|served|issued|scanned|copy)\b.{0,60}\d",
        r"\bfiled\b.{0,20}\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}",
        r"^(?:e-?filed|filed|received|entered|lodged|sealed copy|certified copy|true copy|original|copy)\W*$",
        r"^(?:received|filed|stamped)\s+(?:by|at|in|on|with)\b",
        # page counts, bundle and exhibit numbers, barcodes
        r"^\W*(?:page|pg|p|tudalen)?\W*[a-z]?\d{1,5}(?:\s*(?:of|/|o)\s*\d{1,5})?\W*$",
        r"^\W*page\s+\d+\b.{0,40}$",
        r"^[A-Z]{0,3}[-\s]?\d{5,}\W*$",
        r"^\*[\w-]+\*$",
        # lone dates and times
        r"^\W*(?:\w{3,9}day,?\s*)?\d{1,2}(?:st|nd|rd|th)?[\s/.-]+(?:\d{1,2}|[a-z]{3,9})[\s/.,-]+\d{2,4}(?:\s+(?:at\s+)?\d{1,2}[:.]\d{2}.{0,12})?\W*$",
        r"^\W*[a-z]{3,9}\.?\s+\d{1,2},?\s+\d{4}(?:\s+\d{1,2}[:.]\d{2}.{0,12})?\W*$",
        r"^\W*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:am|pm|a\.m\.|p\.m\.|gmt|bst)?\W*$",
    )
)
COMMON = frozenset(
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
        "as",
        "with",
        "on",
        "be",
        "by",
        "this",
        "are",
        "or",
        "at",
        "from",
        "not",
        "have",
        "an",
        "which",
        "was",
        "has",
        "his",
        "her",
        "he",
        "she",
        "they",
        "their",
        "i",
        "you",
        "your",
        "we",
        "our",
        "will",
        "would",
        "may",
        "shall",
        "can",
        "no",
        "any",
        "all",
        "if",
        "but",
        "who",
        "when",
        "where",
        "there",
        "been",
        "were",
        "had",
        "than",
        "under",
        "upon",
        "into",
        "also",
        "court",
        "case",
        "order",
        "judge",
        "page",
        "date",
        "name",
        "dear",
        "re",
        "mr",
        "mrs",
        "ms",
        "y",
        "yr",
        "yn",
        "a",
        "ac",
        "ar",
        "i",
        "o",
        "ei",
        "eu",
        "mae",
        "wedi",
        "bod",
        "gan",
        "am",
        "at",
        "ddim",
        "sydd",
        "oedd",
        "roedd",
        "hyn",
        "hwn",
        "hon",
        "neu",
        "fel",
        "nid",
        "bydd",
        "llys",
        "achos",
    ]
)
MOJIBAKE = re.compile(r"(?:Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ]|â€.|Â[\xa0-\xbf])")
CID = re.compile(r"\(cid:\d+\)")
TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
LEADERS = re.compile(r"([._\-=*•·])\1{2,}|(?:\. ){3,}")


class Health(Enum):
    """Whether a text layer reads as text. DOUBTFUL is settled by reading the page and comparing."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text layer: its words, and its box in points of the page as displayed."""

    words: tuple[str, ...]
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a page before judging it. The callables cost time and are asked only where it matters."""

    width: float
    height: float
    lines: Sequence[Line]
    unmapped: float
    empty: bool
    pictured: Callable[[], float]
    curves: Callable[[], int]
    hidden: Callable[[], float]
    unexplained: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a page and why. `doubtful`: read it, then keep its own text if that proves to say the same."""

    method: Method
    because: str
    doubtful: bool = False


def decide(facts: Facts) -> Decision:
    """Decide for one page: its own text, OCR, or nothing to read."""
    words = [word for line in facts.lines for word in line.words]
    if not words:
        return Decision(Method.NONE, "nothing on the page") if facts.empty else Decision(Method.OCR, "no text layer")
    health = judge(words, unmapped=facts.unmapped)
    if health is Health.GARBLED:
        return Decision(Method.OCR, "the text layer is garbled")
    rest = _rest(facts)
    if health is Health.DOUBTFUL:
        return Decision(Method.OCR, "the text layer may be garbled", doubtful=True)
    if rest >= ENOUGH_WORDS:
        return Decision(Method.NATIVE, "a full text layer")
    return _decide_short(facts, rest)


def _decide_short(facts: Facts, rest: int) -> Decision:
    """A page with little text: complete in itself, or the stamp on a scan?"""
    pictured = facts.pictured()
    if pictured >= MOST_OF_THE_PAGE:
        if rest >= 3 and facts.hidden() >= 0.5:
            return Decision(Method.NATIVE, "the scanner's own text layer")
        if rest < STAMP_WORDS:
            return Decision(Method.OCR, "a picture covers the page and its text is no more than a stamp")
        if facts.unexplained() > MOSTLY_UNEXPLAINED:
            return Decision(Method.OCR, "most of what is printed on the page is not in its text layer", doubtful=True)
        return Decision(Method.NATIVE, "its text layer covers what is printed")
    if pictured >= SOME_OF_THE_PAGE and rest < FEW_WORDS:
        return Decision(Method.OCR, "a picture with little text", doubtful=True)
    if rest < STAMP_WORDS and facts.curves() >= MANY_CURVES:
        return Decision(Method.OCR, "drawn curves with little text", doubtful=True)
    return Decision(Method.NATIVE, "a short text layer, complete in itself")


def _rest(facts: Facts) -> int:
    """How many words stand in the body; counted no further than it takes to tell a full page."""
    rest = 0
    for line in body(facts):
        rest += len(line.words)
        if rest >= ENOUGH_WORDS:
            break
    return rest


def body(facts: Facts) -> Iterator[Line]:
    """The lines that remain without stamps and without what stands in the outer half inch."""
    small = min(facts.width, facts.height) < SMALL_PAGE
    return (
        line for line in facts.lines if not is_stamp(" ".join(line.words)) and (small or not _in_margin(line, facts))
    )


def is_stamp(line: str) -> bool:
    """Whether a line is a filing header, a received stamp, a page count, a lone date or time."""
    text = " ".join(line.split())
    return len(text.split()) <= LONGEST_STAMP_LINE and any(pattern.search(text) for pattern in STAMPS)


def _in_margin(line: Line, facts: Facts) -> bool:
    across, down = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return not (HALF_INCH <= across <= facts.width - HALF_INCH and HALF_INCH <= down <= facts.height - HALF_INCH)


def judge(words: Sequence[str], *, unmapped: float = 0.0) -> Health:
    """Tell whether words read as text. `unmapped` is the share of characters for which the font names no letter."""
    text = LEADERS.sub(" ", " ".join(words))
    seen = Counter("".join(text.split()))
    if not seen:
        return Health.GOOD
    strange = _share(seen, _is_strange)
    if strange > 0.1 or unmapped > 0.3 or len(CID.findall(text)) * 8 > len(text) * 0.1:
        return Health.GARBLED
    if len(MOJIBAKE.findall(text)) * 3 > seen.total() * 0.05:
        return Health.DOUBTFUL
    return _judge_words(text, seen)


def _judge_words(text: str, seen: Counter[str]) -> Health:
    tokens = [token.lower() for token in TOKEN.findall(text)]
    if _share(seen, str.isdigit) > 0.5:
        return Health.GOOD
    if not tokens:
        return Health.DOUBTFUL
    letters = _share(seen, str.isalnum)
    common = sum(token in COMMON and len(token) > 1 for token in tokens) / len(tokens)
    if letters < 0.55 or (common < 0.03 and len(tokens) < 400) or (common < 0.005):
        return Health.DOUBTFUL
    return Health.GOOD


def _share(seen: Counter[str], holds: Callable[[str], bool]) -> float:
    """The share of letters of which this holds; each is looked at once, however often it stands there."""
    return sum(count for letter, count in seen.items() if holds(letter)) / seen.total()


def _is_strange(letter: str) -> bool:
    return letter == "\ufffd" or unicodedata.category(letter) in ("Cc", "Co", "Cn", "Cs")


def says_the_same(native: Iterable[str], read: Iterable[str]) -> bool:
    """Whether a page's own text holds most of what OCR is sure of: then the page's own text is the better one."""
    own = {_plain(word) for word in native} - {""}
    seen = [plain for word in read if (plain := _plain(word))]
    if not seen:
        return bool(own)
    joined = "".join(sorted(own)) if len(own) < 3 else ""
    return sum(word in own or (bool(joined) and word in joined) for word in seen) >= 0.6 * len(seen)


def _plain(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", word).lower() if letter.isalnum())
