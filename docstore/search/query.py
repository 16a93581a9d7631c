"""The query language: words (all must match), "a phrase", -not, OR, ( ), prefix*, word~, near/n, field:value, ranges.

Turns what a person typed into a typed tree. Nothing raises and nothing is dropped in silence: what was not understood
comes back with the place where it stands and what would be right, and the rest is searched. Lengths and counts are
bounded, so no query can cost more than a page of text would.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docstore.search import marks
from docstore.search.ranges import NotARange, read_range
from docstore.search.synonyms import alike
from docstore.search.text import terms
from docstore.search.tree import (
    All,
    Either,
    FieldName,
    Fuzzy,
    InField,
    InRange,
    Mark,
    Near,
    Not,
    OnCases,
    Part,
    Phrase,
    Prefix,
    RangeName,
    Trait,
    Word,
    positives,
)

__all__ = [
    "LONGEST",
    "MOST_PARTS",
    "All",
    "Either",
    "FieldName",
    "Fuzzy",
    "InField",
    "InRange",
    "Mark",
    "Near",
    "Not",
    "OnCases",
    "Part",
    "Phrase",
    "Prefix",
    "Problem",
    "Query",
    "RangeName",
    "Word",
    "parse",
    "positives",
]

LONGEST = 1000
MOST_PARTS = 40
DEEPEST = 8
SHORTEST_PREFIX = 2
SHORTEST_FUZZY = 3
FARTHEST = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not understood: its text, at which character it begins (from 1), and what would be right."""

    text: str
    at: int
    why: str


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood, and what was not. `is_empty` where nothing was asked."""

    tree: All
    problems: tuple[Problem, ...]

    @property
    def not_understood(self) -> tuple[str, ...]:
        """The pieces that were left out, as they were typed."""
        return tuple(one.text for one in self.problems)

    @property
    def is_empty(self) -> bool:
        return not self.tree.parts and not self.problems


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the query: what kind it is, its text, and where it begins."""

    kind: str
    text: str
    at: int
    mark: Mark | None = None


_PIECE = re.compile(
    r'(?P<open>-?\()|(?P<phrase>-?(?:[A-Za-z]+:)?"[^"]*")|(?P<quote>")|(?P<near>(?i:near|w)/\d+(?=\s|$))|(?P<bare>[^\s"]+)'
)
_WORD = re.compile(r'(?P<not>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"|(?P<bare>.+))', re.DOTALL)


# What a query says is one line, and its quotation marks may be printed ones.
_PLAIN = str.maketrans("“”\n\r", '""  ')


def parse(text: str) -> Query:
    """Return the query that `text` says."""
    parser = _Parser()
    if len(text) > LONGEST:
        parser.complain(f"everything after {LONGEST} characters", LONGEST, "Ask for less at a time.")
    parser.pieces = list(_pieces(text[:LONGEST].translate(_PLAIN)))
    if len(parser.pieces) > MOST_PARTS:
        after = parser.pieces[MOST_PARTS].at
        parser.complain(f"everything after {MOST_PARTS} words", after, "Ask for less at a time.")
        del parser.pieces[MOST_PARTS:]
    return Query(All(parser.read_all()), tuple(parser.problems))


def _pieces(text: str) -> Iterator[_Piece]:
    """Cut a query into pieces. What is one citation, date or sum is one piece, whatever spaces and brackets it has."""
    found = {one.start: one for one in marks.find(text) if _stands_free(text, one.start, one.end)}
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        here = at + 1 if text[at] == "-" and at + 1 in found else at
        if here in found:
            one = found[here]
            said = Mark(one.values[-1], tuple(terms(text[one.start : one.end])), one.loose)
            yield _Piece("-mark" if here > at else "mark", text[at : one.end], at, said)
            at = one.end + len(text[one.end :]) - len(text[one.end :].lstrip(".,;:!?"))
        elif text[at] == ")":
            yield _Piece("close", ")", at)
            at += 1
        elif match := _PIECE.match(text, at):
            kind, piece = str(match.lastgroup), match.group()
            if kind == "bare":
                piece = _without_closing(piece)
            yield _Piece(kind, piece, at)
            at += len(piece)


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether a mark is a piece by itself: not inside quotes, not the value of a field, not part of a longer word."""
    in_quotes = text.count('"', 0, start) % 2 == 1
    before = text[:start].rstrip("-(")[-1:]
    after = text[end:].lstrip(".,;:!?)")[:1]
    return not in_quotes and (not before or before.isspace()) and (not after or after.isspace())


def _without_closing(piece: str) -> str:
    """A word without the brackets at its end that close a group and no bracket of its own."""
    while len(piece) > 1 and piece.endswith(")") and piece.count(")") > piece.count("("):
        piece = piece[:-1]
    return piece


@dataclass
class _Parser:
    """Reads pieces into a tree, by recursive descent: OR binds closer than standing side by side."""

    pieces: list[_Piece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    next: int = 0

    def complain(self, text: str, at: int, why: str) -> None:
        self.problems.append(Problem(text, at + 1, why))

    def read_all(self, depth: int = 0) -> tuple[Part, ...]:
        """Parts until the end, or until the bracket that closes this group."""
        groups: list[list[Part]] = []
        joins = False
        while piece := self._take():
            if piece.kind == "close":
                if depth:
                    break
                self.complain(piece.text, piece.at, "There is no opening bracket for it.")
            elif piece.text == "OR":
                joins = bool(groups)
            elif piece.text != "AND" and (part := self._unit(piece, depth)):
                if joins:
                    groups[-1].append(part)
                else:
                    groups.append([part])
                joins = False
        return tuple(group[0] if len(group) == 1 else Either(tuple(group)) for group in groups)

    def _unit(self, piece: _Piece, depth: int) -> Part | None:
        if piece.text == "NOT" and (following := self._take()):
            inner = self._unit(following, depth)
            return Not(inner) if inner else None
        if piece.kind == "open":
            return self._group(piece, depth)
        part = self._simple(piece)
        while part is not None and self._peek() == "near":
            part = self._near(part, self._take())
        return part

    def _group(self, piece: _Piece, depth: int) -> Part | None:
        if depth >= DEEPEST:
            self.complain(piece.text, piece.at, f"Brackets can stand inside each other at most {DEEPEST} times.")
            return None
        parts = self.read_all(depth + 1)
        if self.next > len(self.pieces):
            self.complain(piece.text, piece.at, "There is no closing bracket for it.")
        if not parts:
            return None
        inner = parts[0] if len(parts) == 1 else All(parts)
        return Not(inner) if piece.text.startswith("-") else inner

    def _near(self, part: Part, sign: _Piece | None) -> Part | None:
        following = self._take()
        if sign is None:
            return part
        other = self._simple(following) if following else None
        apart = int(sign.text.partition("/")[2])
        if not (isinstance(part, Word) and isinstance(other, Word) and 1 <= apart <= FARTHEST):
            why = f"It stands between two single words, with a number from 1 to {FARTHEST}: knife near/5 floor."
            self.complain(sign.text, sign.at, why)
            return part if other is None else All((part, other))
        return Near(part, other, apart)

    def _simple(self, piece: _Piece) -> Part | None:
        if piece.mark is not None:
            return Not(piece.mark) if piece.kind == "-mark" else piece.mark
        if piece.kind in ("quote", "near", "close"):
            why = {"quote": "There is no closing quotation mark for it."}.get(piece.kind, "There is no word before it.")
            self.complain(piece.text, piece.at, why)
            return None
        match = _WORD.fullmatch(piece.text)
        part = self._worded(match, piece) if match else None
        if part is None and not (self.problems and self.problems[-1].at == piece.at + 1):
            self.complain(piece.text, piece.at, "There is no word in it to look for.")
        return Not(part) if part is not None and match is not None and match.group("not") else part

    def _worded(self, match: re.Match[str], piece: _Piece) -> Part | None:
        name, phrase, bare = match.group("field"), match.group("phrase"), match.group("bare")
        if name is not None:
            return self._in_field(name.lower(), phrase if phrase is not None else bare, piece)
        return _phrase(phrase) if phrase is not None else self._bare(bare, piece)

    def _in_field(self, name: str, value: str, piece: _Piece) -> Part | None:
        value = value.strip()
        if name in set(RangeName):
            try:
                return read_range(RangeName(name), value)
            except NotARange as problem:
                self.complain(piece.text, piece.at, str(problem))
                return None
        if name not in set(FieldName):
            self.complain(piece.text, piece.at, f"There is no field “{name}”. Put the words in quotation marks.")
            return None
        if name == FieldName.IS and value.lower() not in set(Trait):
            self.complain(piece.text, piece.at, f"After “is:” comes one of: {', '.join(Trait)}.")
            return None
        return InField(FieldName(name), value.lower() if name == FieldName.IS else value) if value else None

    def _bare(self, text: str, piece: _Piece) -> Part | None:
        core = text.rstrip("*~")
        sign, parts = text[len(core) :], terms(core)
        if not sign:
            return _words(core)
        if len(parts) != 1 or sign not in ("*", "~"):
            self.complain(piece.text, piece.at, "One * or ~ stands at the end of one word.")
            return None
        shortest = SHORTEST_PREFIX if sign == "*" else SHORTEST_FUZZY
        if len(parts[0]) < shortest:
            self.complain(piece.text, piece.at, f"Before {sign} come at least {shortest} letters.")
            return None
        return Prefix(parts[0]) if sign == "*" else Fuzzy(parts[0])

    def _take(self) -> _Piece | None:
        self.next += 1
        return self.pieces[self.next - 1] if self.next <= len(self.pieces) else None

    def _peek(self) -> str:
        return self.pieces[self.next].kind if self.next < len(self.pieces) else ""


def _phrase(text: str) -> Part | None:
    parts = terms(text)
    return Phrase(tuple(parts)) if parts else None


def _words(text: str) -> Part | None:
    """What punctuation joins stays together: well-known is looked for as a phrase."""
    parts = terms(text)
    return Word(parts[0], alike(parts[0])) if len(parts) == 1 else _phrase(text)
