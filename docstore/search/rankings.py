"""Going on with a search: the order of its hits stands still from its second page on, so none comes twice or is lost.

What is filed meanwhile moves scores and places, so an offset into a fresh answer would repeat some hits and pass over
others. The first page costs nothing extra: its cursor carries a mark of each hit on it. Whoever goes on has the order of
the others kept, a stretch at a time; ids of documents and numbers of pages alone, looked up in the database as always.
"""

import base64
import hashlib
import json
import struct
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from docstore.access.actor import Actor
from docstore.core import clock
from docstore.core.paging import CursorUnknown, decode, encode
from docstore.search.asking import Asked, find
from docstore.search.engine import DEEPEST, Filters, Found, Match
from docstore.search.models import Ranking
from docstore.search.saved import packed

# So many places are kept at a time, beyond those that are asked for.
AHEAD = 400
KEPT_FOR = timedelta(hours=24)
PLACE = struct.Struct(">16sIf")
MARK_BYTES = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """The matches of one page of results, and the cursor of what follows; None at the end."""

    matches: tuple[Match, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where somebody goes on: in which ranking, after how many of its places, and what stood on the first page."""

    ranking: uuid.UUID
    offset: int
    seen: bytes


def question_of(by: Actor, query: str, filters: Filters, sort: str) -> str:
    """Return what a ranking is of, and whose, as a digest: its cursor is good for nothing else, and tells nothing."""
    asked = json.dumps([str(by.user_id), query, packed(filters), sort], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def begin(found: Found, question: str) -> Stretch:
    """Return the first page as it was found; nothing is kept yet."""
    if len(found.matches) >= min(found.pages, DEEPEST):
        return Stretch(found.matches, None)
    seen = b"".join(map(_mark, found.matches))
    return Stretch(found.matches, _written(_Cursor(uuid.uuid4(), 0, seen), question))


def go_on(asked: Asked, question: str, *, by: Actor, cursor: str, limit: int) -> Stretch:
    """Return a later page. Raises CursorUnknown where the cursor is another question's, another person's, or too old."""
    at = _read(cursor, question)
    row = Ranking.objects.filter(pk=at.ranking).first() or _opened(at, by, question)
    if row.owner_id != by.user_id or row.question != question:
        raise CursorUnknown
    end = at.offset + limit
    while not row.is_whole and row.count <= end:
        row = _longer(row, asked, end)
    here = tuple(_unpacked(bytes(row.places)[at.offset * PLACE.size : end * PLACE.size]))
    more = row.count > end or not row.is_whole
    return Stretch(here, _written(replace(at, offset=end, seen=b""), question) if more else None)


def forget_rankings() -> int:
    """Forget the orders that nobody goes on with any more; return how many."""
    return Ranking.objects.filter(made_at__lt=clock.now() - KEPT_FOR).delete()[0]


def _opened(at: _Cursor, by: Actor, question: str) -> Ranking:
    """Begin to keep a ranking. Its cursor may be followed twice at once; then one row serves both."""
    if not at.seen or by.user_id is None:
        raise CursorUnknown
    fresh = Ranking(pk=at.ranking, owner_id=by.user_id, question=question, seen=at.seen, made_at=clock.now())
    Ranking.objects.bulk_create([fresh], ignore_conflicts=True)
    return Ranking.objects.get(pk=at.ranking)


def _longer(row: Ranking, asked: Asked, least: int) -> Ranking:
    """Add what comes after the places that are kept; what another request has added meanwhile goes first."""
    known = {bytes(row.seen)[at : at + MARK_BYTES] for at in range(0, len(row.seen), MARK_BYTES)}
    known |= {_mark(one) for one in _unpacked(bytes(row.places))}
    depth = min(DEEPEST, len(known) + max(AHEAD, least - row.count + 1))
    matches: Sequence[Match] = ()
    if asked.request is not None:
        matches = find(replace(asked.request, facets=(), offset=0, limit=depth)).matches
    fresh = [one for one in matches if _mark(one) not in known]
    # Where others have come between, it may be that nothing new is this near the top: then there is more further down.
    is_whole = len(matches) < depth or depth == DEEPEST
    places = bytes(row.places) + b"".join(map(_packed, fresh))
    if not fresh and not is_whole:
        return _longer(row, asked, least + depth)
    Ranking.objects.filter(pk=row.pk, count=row.count).update(
        places=places, count=row.count + len(fresh), is_whole=is_whole
    )
    return Ranking.objects.get(pk=row.pk)


def _mark(match: Match) -> bytes:
    return hashlib.sha256(f"{match.document}:{match.page}".encode()).digest()[:MARK_BYTES]


def _packed(match: Match) -> bytes:
    return PLACE.pack(uuid.UUID(match.document).bytes, match.page, match.score)


def _unpacked(places: bytes) -> Iterator[Match]:
    for document, page, score in PLACE.iter_unpack(places):
        yield Match(str(uuid.UUID(bytes=document)), page, score)


def _written(at: _Cursor, question: str) -> str:
    return encode([at.ranking.hex, at.offset, base64.b64encode(at.seen).decode(), question[:16]])


def _read(cursor: str, question: str) -> _Cursor:
    ranking, offset, seen, of = decode(cursor, length=4)
    try:
        at = _Cursor(uuid.UUID(ranking), int(offset), base64.b64decode(seen, validate=True))
    except ValueError as error:
        raise CursorUnknown from error
    if of != question[:16] or not 0 <= at.offset <= DEEPEST or len(at.seen) % MARK_BYTES:
        raise CursorUnknown
    return at
