"""Going through many rows a batch at a time, by key, so that what is changed on the way disturbs nothing."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

SIZE = 500

M = TypeVar("M", bound=Model)


def in_batches(rows: QuerySet[M], *, size: int = SIZE) -> Iterator[list[M]]:
    """Yield the rows in order of their key, `size` at a time."""
    ordered, last = rows.order_by("pk"), None
    while batch := list((ordered.filter(pk__gt=last) if last is not None else ordered)[:size]):
        yield batch
        last = batch[-1].pk
