"""Questions of the pages about disposal lists: what a list adds up to, by which rules, and what proves each removal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.core import clock
from docstore.core.errors import NotFound
from docstore.retention import approvals, explain, lists, policy
from docstore.retention.disposal_models import (
    FINISHED_STATUSES,
    OPEN_STATUSES,
    Decision,
    DestructionTarget,
    DisposalList,
    ItemState,
    ListItem,
    ListStatus,
)
from docstore.retention.models import ClassVersion

RuleKey = tuple[str, str, int, int]
LEFT = (ItemState.KEPT, ItemState.WITHDRAWN, ItemState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a list adds up to now."""

    total: int
    undecided: int
    going: int
    kept: int
    destroyed: int
    first_due: date | None
    last_due: date | None


def figures_of(made: DisposalList) -> Figures:
    """Count a list, in one query."""
    going = Q(decision=Decision.APPROVE) & ~Q(state__in=LEFT)
    found = made.items.aggregate(
        total=Count("id"),
        undecided=Count("id", filter=Q(state=ItemState.LISTED, decision="")),
        going=Count("id", filter=going),
        kept=Count("id", filter=Q(state__in=LEFT)),
        destroyed=Count("id", filter=Q(state=ItemState.DESTROYED)),
        first_due=Min("due_on", filter=going),
        last_due=Max("due_on", filter=going),
    )
    return Figures(**found)


def key_of(item: ListItem) -> RuleKey:
    return (item.schedule, item.class_code, item.class_version, item.step)


def rules_of(items: Iterable[ListItem]) -> Mapping[RuleKey, str]:
    """Return what the step of each item's rule says, in words."""
    wanted = {key_of(one) for one in items if one.class_code}
    codes = {code for _, code, _, _ in wanted}
    rows = ClassVersion.objects.filter(disposal_class__code__in=codes).select_related("disposal_class__schedule")
    found: dict[RuleKey, str] = {}
    for version in rows.prefetch_related("steps"):
        rule = policy.rule_of(version)
        for step in rule.steps:
            key = (rule.schedule, rule.code, rule.number, step.order)
            if key in wanted:
                found[key] = explain.rule_words(step)
    return found


def classes_on(made: DisposalList) -> list[str]:
    """Return the codes of the classes on a list."""
    return sorted(set(made.items.order_by().values_list("class_code", flat=True).distinct()))


def item_seen(actor: Actor, item_id: UUID) -> tuple[ListItem, list[DestructionTarget]]:
    """Return a record on a list with every copy that was planned and what proves its removal; raise NotFound."""
    item = ListItem.objects.select_related("list").filter(pk=item_id, list__in=lists.lists_of(actor)).first()
    if item is None:
        raise NotFound
    return item, list(item.targets.order_by("order", "id"))


def lists_in_backups(actor: Actor) -> QuerySet[DisposalList]:
    """Return the finished lists of which a backup or a copy of the index still holds something (RET-G18, N1)."""
    today = clock.today()
    pending = Q(certificate__backups_clear_on__gte=today) | Q(certificate__index_clear_on__gte=today)
    return (
        lists.lists_of(actor).filter(pending, status__in=FINISHED_STATUSES, items__state=ItemState.DESTROYED).distinct()
    )


def lists_that_lost_records(actor: Actor) -> list[tuple[DisposalList, int]]:
    """Return the open lists that this person made, decided on or approved and that records have left since (RET-C6, F5)."""
    left = Count("items", filter=Q(items__state=ItemState.WITHDRAWN))
    rows = lists.lists_of(actor).filter(status__in=OPEN_STATUSES).annotate(left=left).filter(left__gt=0)
    return [(one, one.left) for one in rows.order_by("made_at") if actor.user_id in approvals.people_before(one)]


def lists_waiting_for(actor: Actor) -> list[DisposalList]:
    """Return the lists that wait for an approval which this person may give."""
    rows = lists.lists_of(actor).filter(status=ListStatus.SUBMITTED).order_by("made_at")
    may = actor.may(Permission.APPROVE_DISPOSAL)
    return [one for one in rows if may and actor.user_id not in approvals.people_before(one)]
