"""Questions of the pages about transfers: what could go, what was chosen, and what became of the copies here."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from docstore.access.actor import Actor
from docstore.retention import lists
from docstore.retention.disposal_models import Decision, DisposalList, Ground, ItemState, ListItem
from docstore.retention.queries import managed_statuses
from docstore.retention.reach import managed_cases
from docstore.retention.trail import home_of
from docstore.retention.transfer_models import Transfer, TransferItem
from docstore.retention.transfers import MAY_GO
from docstore.retention.vocabulary import Outcome, Record, RecordKind

MOST = 100


def candidates(actor: Actor) -> list[Record]:
    """Return what is due for transfer by its rule, or was decided to be transferred on a disposal list."""
    going = TransferItem.objects.filter(kind=OuterRef("kind"), record_id=OuterRef("record_id")).filter(
        Q(is_open=True) | Q(transfer__confirmed_at__isnull=False)
    )
    decided = ListItem.objects.filter(
        kind=OuterRef("kind"), record=OuterRef("record_id"), decision=Decision.TRANSFER, state=ItemState.KEPT
    )
    rows = managed_statuses(actor).filter(~Q(Exists(going)))
    due = rows.filter(Q(outcome=Outcome.TRANSFER_DUE) | Q(Exists(decided), outcome__in=MAY_GO))
    return [one.record for one in due.order_by("due_on", "id")[:MOST]]


def chosen(keys: Iterable[str]) -> list[Record]:
    """Return the records that a page names as kind:id; what is no name is left out."""
    found = []
    for key in keys:
        kind, _, told = key.partition(":")
        try:
            found.append(Record(RecordKind(kind), UUID(told)))
        except ValueError:
            continue
    return found


def seen(actor: Actor, records: Iterable[Record]) -> list[Record]:
    """Return those of the records that somebody manages."""
    every = list(records)
    homes = {one: one.id if one.kind is RecordKind.CASE else home_of(one.id) for one in every}
    managed = set(
        managed_cases(actor).filter(pk__in=[one for one in homes.values() if one]).values_list("pk", flat=True)
    )
    return [one for one in every if homes[one] in managed]


def lists_after(actor: Actor, made: Transfer) -> list[DisposalList]:
    """Return the disposal lists on which the copies here of a confirmed transfer stand."""
    records = [one.record_id for one in made.items.all()]
    rows = lists.lists_of(actor).filter(ground=Ground.TRANSFERRED, items__record__in=records)
    return list(rows.distinct().order_by("made_at"))
