"""Taking a document out of search for good, words and files included. Called when its destruction is carried out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from docstore.access.actor import system
from docstore.core import clock, locks
from docstore.search.engine import configured
from docstore.search.entries import as_of_now, gone_as_of
from docstore.search.models import Alert, IndexState
from docstore.search.rebuild import rebuild


class StillNeeded(RuntimeError):
    """A document can be taken out for good only after it is destroyed or withdrawn, or the next job would put it back."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What is left of a document in search: entries that could be found, and deleted text that is still in the files."""

    entries: int
    leftovers: bool

    @property
    def is_proven(self) -> bool:
        """Whether nothing of it is left anywhere."""
        return not self.entries and not self.leftovers


def remove_for_good(document_id: UUID) -> None:
    """Take a destroyed document out of the index, and out of alerts; its text leaves the files with `expunge`.

    Safe to repeat. A mark of when it went stays, so that a late writer cannot bring it back. Raises StillNeeded,
    SearchIsDown.
    """
    with locks.named(f"index:{document_id}"):
        now = as_of_now(document_id)
        if now.entries:
            raise StillNeeded(document_id)
        configured().put(str(document_id), now.seq, ())
        IndexState.objects.update_or_create(
            document_id=document_id,
            defaults={"applied": now.seq, "pages": 0, "applied_at": clock.now(), "sketch": None},
        )
        Alert.objects.filter(document_id=document_id).delete()


def remove_all_for_good(document_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Take destroyed documents out likewise, in one go; return how many pages of each the engine still finds.

    Raises StillNeeded where one of them is not destroyed, and then takes out none; SearchIsDown.
    """
    with locks.named_all([f"index:{one}" for one in document_ids]):
        seqs = gone_as_of(document_ids)
        if needed := set(document_ids) - set(seqs):
            raise StillNeeded(sorted(map(str, needed)))
        left = configured().take_out({str(one): seq for one, seq in seqs.items()})
        now = clock.now()
        rows = [
            IndexState(document_id=one, applied=seq, pages=0, applied_at=now, sketch=None) for one, seq in seqs.items()
        ]
        IndexState.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["document_id"],
            update_fields=["applied", "pages", "applied_at", "sketch"],
        )
        Alert.objects.filter(document_id__in=document_ids).delete()
    return {one: left[str(one)] for one in document_ids}


def expunge() -> None:
    """Make the text of everything deleted leave the index files. Once for many documents: it rewrites them."""
    if not configured().expunge():
        rebuild(by=system("expunge"))


def proof_of_removal(document_id: UUID) -> Gone:
    """Return what is left of a document, by asking the engine and looking at its files, for a certificate."""
    engine = configured()
    entries, _ = engine.held(str(document_id)).get(str(document_id), (0, 0))
    return Gone(entries, engine.state().leftovers > 0)
