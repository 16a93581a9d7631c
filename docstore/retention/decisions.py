"""What a reviewer says of items: one by one, or of all that a filter finds on the frozen list (RET-F2, F8, F9, F11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import Conflict, FieldError, Invalid
from docstore.retention import actions, holds, lists, longer, snapshots
from docstore.retention.batches import in_batches
from docstore.retention.disposal_models import Decision, DisposalList, ItemState, ListItem, ListStatus
from docstore.retention.list_trail import tell
from docstore.retention.vocabulary import HoldKind, Record, RecordKind, StepAction

FILTERS = ("class", "decision", "due_before", "flag", "reference", "kind", "action")
REVIEW_AGAIN = timedelta(days=365)


class NobodyNamed(Invalid):
    """Say which items are meant: their ids, or a filter."""

    code = "items-missing"


class FilterUnknown(Invalid):
    """A list cannot be filtered by {name}. Use class, decision, due_before, flag, reference, kind or action."""

    code = "filter-unknown"


class CountDiffers(Conflict):
    """The filter finds {found} items and not {expected}. Look at the list again before you decide."""

    code = "count-differs"


class DecisionIncomplete(Invalid):
    """This decision needs {needed}."""

    code = "decision-incomplete"


@dataclass(frozen=True, slots=True)
class Said:
    """One decision. `until` goes with extend, `new_class` with reclass; every decision has a reason."""

    decision: Decision
    reason: str
    until: date | None = None
    new_class: str = ""


@transaction.atomic
def decide(
    *,
    by: Actor,
    list_id: UUID,
    said: Said,
    items: Sequence[UUID] = (),
    filters: Mapping[str, Any] | None = None,
    expected: int | None = None,
) -> int:
    """Record one decision for several items of a draft; return for how many. What it asks for is done at once."""
    by.require(Permission.MAKE_DISPOSAL_LISTS)
    lists.get_list(by, list_id)
    made = lists.locked(list_id, needed=[ListStatus.DRAFT])
    if not items and filters is None:
        raise NobodyNamed
    chosen = filtered(made, filters) if filters is not None else made.items.filter(pk__in=list(items))
    chosen = chosen.filter(state=ItemState.LISTED)
    count = chosen.count()
    if expected is not None and count != expected:
        raise CountDiffers(found=count, expected=expected)
    _check(said, chosen)
    for batch in in_batches(chosen):
        for item in batch:
            _follow(item, said, by=by)
        ids = [one.pk for one in batch]
        ListItem.objects.filter(pk__in=ids).update(
            decision=said.decision,
            decision_reason=said.reason,
            decided_by=by.user_id,
            decided_at=clock.now(),
            until=said.until,
            new_class=said.new_class,
        )
    snapshots.recount(made)
    made.save(update_fields=["documents", "pages", "bytes"])
    facts: dict[str, object] = {"decision": str(said.decision), "items": count, "reason": said.reason}
    tell(Event.DISPOSAL_DECIDED, by, made, facts)
    return count


def filtered(made: DisposalList, filters: Mapping[str, Any]) -> QuerySet[ListItem]:
    """Return the items of a list that a filter finds; raise FilterUnknown."""
    for name in filters:
        if name not in FILTERS:
            raise FilterUnknown(
                errors=(FieldError(f"/filter/{name}", "filter-unknown", "Leave it out."),), name=str(name)
            )
    rows = made.items.all()
    wanted = {name: value for name, value in filters.items() if value not in ("", None)}
    for name, value in wanted.items():
        rows = _narrowed(rows, name, value)
    return rows


def _narrowed(rows: QuerySet[ListItem], name: str, value: Any) -> QuerySet[ListItem]:
    match name:
        case "class":
            return rows.filter(class_code=str(value).rpartition("/")[2])
        case "decision":
            return rows.filter(decision="" if value == "undecided" else value)
        case "due_before":
            return rows.filter(due_on__lt=_day(value))
        case "flag":
            return rows.filter(flags__icontains=str(value))
        case "reference":
            return rows.filter(reference__icontains=str(value))
        case _:
            return rows.filter(**{name: value})


def _day(value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        fault = FieldError("/filter/due_before", "invalid", "Write the day as 2026-05-31.")
        raise FilterUnknown(errors=(fault,), name="due_before") from error


def _check(said: Said, chosen: QuerySet[ListItem]) -> None:
    """A decision says all that it needs, and a review never ends in keeping for ever without asking again (RET-F9)."""
    needed = {
        Decision.EXTEND: ("a date in until", said.until),
        Decision.RECLASS: ("the new class in new_class", said.new_class),
    }
    what, given = needed.get(said.decision, ("", True))
    if not said.reason.strip():
        what, given = "a reason", False
    if not given:
        raise DecisionIncomplete(
            errors=(FieldError("/" + what.rpartition(" ")[2], "decision-incomplete", f"This decision needs {what}."),),
            needed=what,
        )
    if said.decision is Decision.APPROVE and chosen.filter(action=StepAction.REVIEW).exists():
        needed_here = (
            "a date or a class: a review never ends in keeping for ever. Extend or reclass what is due for review"
        )
        raise DecisionIncomplete(
            errors=(FieldError("/decision", "decision-incomplete", f"This decision needs {needed_here}."),),
            needed=needed_here,
        )


def _follow(item: ListItem, said: Said, *, by: Actor) -> None:
    """Do what a decision asks for, through the same acts as anywhere else, with the same gates."""
    record = Record(RecordKind(item.kind), item.record)
    match said.decision:
        case Decision.EXTEND if said.until:
            longer.extend(by=by, record=record, until=said.until, reason=said.reason)
        case Decision.RECLASS:
            actions.assign_class(by=by, record=record, code=said.new_class, reason=said.reason)
        case Decision.HOLD:
            on = (item.record,)
            targets = holds.Targets(cases=on) if record.kind is RecordKind.CASE else holds.Targets(documents=on)
            told = holds.HoldTold(
                kind=HoldKind(item.kind),
                title=f"Review of disposal list {item.list.number}",
                reason=said.reason,
                mandate="Decision of a records manager",
                review_on=clock.today() + REVIEW_AGAIN,
                targets=targets,
            )
            holds.place_hold(by=by, told=told)
        case _:
            return
