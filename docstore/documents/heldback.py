"""What nobody could look into before it was filed is shared with few until the wrong-case guard has looked (DOM-1.13).

Its place narrows to its filer's own party and the court, by the rule and index entry by which sides are kept apart, so that list,
search, picture and count agree. Knows places, not why one is narrowed; `doubting` widens them again.
"""

from django.db.models import F

from docstore.access.actor import Actor
from docstore.cases.models import Side
from docstore.cases.scope import Scope
from docstore.documents.change import own_partition
from docstore.documents.models import Document, Filing

HELD = f"side:{Side.COURT}"


def hold_back(document: Document, *, by: Actor) -> None:
    """Narrow the places of a document of which a version waits for the guard.

    Where it is shown beside its home, to the court. Called by the act that files, before the index follows.
    """
    if not document.versions.filter(unguarded=True).exists():
        return
    home = document.filings.select_related("case").get(is_home=True, ended_at__isnull=True)
    grants = Scope.of(by).grants_on(home.case)
    narrow(document)
    if grants and home.partition != HELD:
        Filing.objects.filter(pk=home.pk).update(partition=own_partition(grants))


def narrow(document: Document) -> None:
    """Keep for later who shares each place of a document, once, and leave it to the court."""
    live = document.filings.filter(ended_at__isnull=True)
    live.filter(partition_after__isnull=True).update(partition_after=F("partition"))
    live.update(partition=HELD)


def widen(document: Document) -> None:
    """Share a document as it was to be shared; nobody asks any more whether it lies on the right case."""
    live = document.filings.filter(ended_at__isnull=True)
    live.update(doubt="")
    live.filter(partition_after__isnull=False).update(partition=F("partition_after"), partition_after=None)
