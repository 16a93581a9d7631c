"""What forms were refused during one request: a refusal that is shown beside a field is an attempt like any other."""

from contextvars import ContextVar

from docstore.core.errors import Refusal

_seen: ContextVar[list[Refusal] | None] = ContextVar("refused attempts", default=None)


def begin() -> list[Refusal]:
    """Begin a request; what its forms are refused will stand in the list."""
    seen: list[Refusal] = []
    _seen.set(seen)
    return seen


def note(refusal: Refusal) -> None:
    """Remember a refusal that a form shows."""
    seen = _seen.get()
    if seen is not None:
        seen.append(refusal)
