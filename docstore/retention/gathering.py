"""What the night puts on lists by itself: one list for each class at each court, of what has fallen due (RET-F1).

A person decides such a list like any other. Only where the class's every rule on it may go without a person's word, and the
organisation allows that at all, is it approved by rule; then it cools off, and everything is checked again as ever.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from docstore.access.actor import Actor
from docstore.audit.events import Event
from docstore.core import clock, conf
from docstore.core.errors import Refusal
from docstore.retention import execution, lists, snapshots
from docstore.retention.disposal_models import Decision, DisposalList, ItemState, ListStatus
from docstore.retention.list_trail import tell
from docstore.retention.models import DisposalClass, DisposalStep, RetentionStatus
from docstore.retention.vocabulary import StepAction

BY_RULE = "Its class lets it go without a person's word, and the organisation allows that."


def gather(*, by: Actor) -> int:
    """Put what is due, and on no list, on lists by class and court; return how many were made."""
    if not conf.get().disposal.gather:
        return 0
    found = (
        lists.to_list(RetentionStatus.objects.all()).order_by().values_list("court_id", "disposal_class_id").distinct()
    )
    made = [_gather(court, kind, by=by) for court, kind in sorted(found, key=str) if court and kind]
    return sum(made)


def carry_out_automatic(*, by: Actor) -> int:
    """Begin what was approved by rule and has cooled off; return how many lists. A refusal leaves it for the next look."""
    ready = DisposalList.objects.filter(
        status=ListStatus.APPROVED, approved_by_rule=True, cooling_until__lte=clock.now(), expires_on__gte=clock.today()
    )
    begun = 0
    for list_id in list(ready.values_list("pk", flat=True)) if conf.get().disposal.automatic else ():
        try:
            execution.begin(by=by, list_id=list_id)
        except Refusal:  # destruction is off, or these are not the hours: the list's own page says so
            continue
        begun += 1
    return begun


@transaction.atomic
def _gather(court: int, kind: int, *, by: Actor) -> bool:
    due = lists.to_list(RetentionStatus.objects.all()).filter(court_id=court, disposal_class_id=kind)
    chosen = DisposalClass.objects.select_related("schedule").get(pk=kind)
    made = lists.freeze(by=by, court_id=court, classes=[chosen], due=due)
    if not made.items_total:
        transaction.set_rollback(True)  # all of it has changed since it was worked out
        return False
    lists.tell_made(made, by=by)
    if _goes_by_rule(made):
        _approve(made, by=by)
    return True


def _goes_by_rule(made: DisposalList) -> bool:
    """Whether no person's word is needed: allowed by the organisation, by every rule on the list, and nothing sensitive."""
    if not conf.get().disposal.automatic or made.sensitive:
        return False
    rules = made.items.order_by().values_list("class_version", "step", "action").distinct()
    code = made.classes[0].rpartition("/")
    steps = DisposalStep.objects.filter(
        version__disposal_class__schedule__code=code[0], version__disposal_class__code=code[2]
    )
    return all(
        action == StepAction.DESTROY
        and steps.filter(Q(version__number=version, order=order, auto_allowed=True)).exists()
        for version, order, action in rules
    )


def _approve(made: DisposalList, *, by: Actor) -> None:
    now, chosen = clock.now(), conf.get().disposal
    made.items.update(decision=Decision.APPROVE, decision_reason=BY_RULE, decided_at=now, state=ItemState.APPROVED)
    made.status, made.submitted_at, made.approved_at, made.approved_by_rule = ListStatus.APPROVED, now, now, True
    made.cooling_until = now + timedelta(days=chosen.cooling_days)
    made.expires_on = clock.today() + timedelta(days=chosen.approval_days)
    snapshots.recount(made)
    made.save()
    facts: dict[str, object] = {"snapshot_sha256": made.snapshot_hash, "items": made.items_total, "reason": BY_RULE}
    tell(Event.DISPOSAL_APPROVED_BY_RULE, by, made, facts)
