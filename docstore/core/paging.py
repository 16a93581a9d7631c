"""Keyset pages: a cursor says after which row to go on, so the thousandth page costs what the first does."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from docstore.core.errors import Invalid

MOST = 200

M = TypeVar("M", bound=Model)
T = TypeVar("T")


class CursorUnknown(Invalid):
    """This page of the list cannot be found. Start again from its first page."""

    code = "cursor-unknown"
    status = 400


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some rows of a list, and the cursor of what follows them."""

    rows: list[T]
    next: str | None


def encode(values: Sequence[object]) -> str:
    """Return an opaque cursor for JSON-able key values."""
    return base64.urlsafe_b64encode(json.dumps([str(v) for v in values]).encode()).decode().rstrip("=")


def decode(cursor: str, *, length: int) -> list[str]:
    """Return the key values of a cursor; raise CursorUnknown where it is none of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise CursorUnknown from error
    if not isinstance(values, list) or len(values) != length:
        raise CursorUnknown
    return [str(value) for value in values]


def page(rows: QuerySet[M], *, keys: Sequence[str], cursor: str | None, limit: int) -> Slice[M]:
    """Return up to `limit` rows after `cursor`, in order of `keys`.

    Each key is a field name, with a leading '-' to go downwards; together they must be unique.
    """
    limit = max(1, min(limit, MOST))
    names = [key.lstrip("-") for key in keys]
    if cursor:
        rows = rows.filter(_after(keys, decode(cursor, length=len(keys))))
    found = list(rows.order_by(*keys)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    last: list[Any] = [getattr(found[-1], name) for name in names] if more else []
    return Slice(found, encode(last) if more else None)


def _after(keys: Sequence[str], values: Sequence[str]) -> Q:
    """(a, b) after (x, y) is: a > x, or a = x and b > y."""
    condition = Q()
    equal = Q()
    for key, value in zip(keys, values, strict=True):
        name, comparison = (key[1:], "lt") if key.startswith("-") else (key, "gt")
        condition |= equal & Q(**{f"{name}__{comparison}": value})
        equal &= Q(**{name: value})
    return condition
