"""One act on several documents at once. Each is done or refused by itself: what one refuses holds up none of the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from docstore.access.actor import Actor
from docstore.cases.models import Classification
from docstore.core.errors import Refusal
from docstore.documents import actions
from docstore.documents.models import Document

MOST = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many were done, and which were not and why."""

    done: int
    refused: tuple[tuple[UUID, str], ...]


def withdraw_several(*, by: Actor, seen: Mapping[UUID, str], reason: str) -> Outcome:
    """Withdraw each, as its own page would; `seen` says which state of each the person looked at."""
    return _each(seen, lambda pk, etag: actions.withdraw(by=by, document_id=pk, seen=etag, reason=reason))


def reclassify_several(*, by: Actor, seen: Mapping[UUID, str], classification: Classification, reason: str) -> Outcome:
    """Change who may open each, as its own page would."""
    return _each(
        seen,
        lambda pk, etag: actions.reclassify(
            by=by, document_id=pk, seen=etag, classification=classification, reason=reason
        ),
    )


def _each(seen: Mapping[UUID, str], act: Callable[[UUID, str], Document]) -> Outcome:
    done, refused = 0, []
    for pk, etag in list(seen.items())[:MOST]:
        try:
            act(pk, etag)
        except Refusal as refusal:
            refused.append((pk, refusal.sentence))
        else:
            done += 1
    return Outcome(done, tuple(refused))
