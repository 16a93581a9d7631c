"""Plain values for the pages of disposal lists: what a list adds up to, each of its records, and the way it has to go."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.access.actor import Actor
from docstore.retention import disposal_desk
from docstore.retention.disposal_models import DisposalList, Ground, ItemState, ListItem, ListStatus
from docstore.retention.titles import Named, named
from docstore.retention.vocabulary import Record, RecordKind
from docstore.web import dates, words
from docstore.web.forms.disposal import DECISIONS, GROUNDS
from docstore.web.shown import Mark

STATUSES = {
    ListStatus.DRAFT: gettext_lazy("Being decided"),
    ListStatus.SUBMITTED: gettext_lazy("Waits for approval"),
    ListStatus.APPROVED: gettext_lazy("Cooling off"),
    ListStatus.CARRYING_OUT: gettext_lazy("Being carried out"),
    ListStatus.STOPPED: gettext_lazy("Stopped"),
    ListStatus.DONE: gettext_lazy("Done"),
    ListStatus.DONE_WITH_EXCEPTIONS: gettext_lazy("Done, with exceptions"),
    ListStatus.CANCELLED: gettext_lazy("Taken back"),
    ListStatus.EXPIRED: gettext_lazy("Expired"),
}
STATES = {
    ItemState.WITHDRAWN: (gettext_lazy("Taken off"), "grey"),
    ItemState.KEPT: (gettext_lazy("Kept"), "grey"),
    ItemState.BLOCKED: (gettext_lazy("Blocked by a lock"), "yellow"),
    ItemState.DESTROYING: (gettext_lazy("Being destroyed"), "yellow"),
    ItemState.INCOMPLETE: (gettext_lazy("Not finished"), "red"),
    ItemState.DESTROYED: (gettext_lazy("Destroyed"), ""),
    ItemState.SKIPPED: (gettext_lazy("Left alone"), "grey"),
}
WHY_OUTSIDE = {
    **GROUNDS,
    Ground.RESTORED_BACKUP: gettext_lazy("A backup brought back what had been destroyed"),
    Ground.TRANSFERRED: gettext_lazy("An archive has confirmed that it has it"),
}


LIST_COLUMNS = ("list", "stands", "ground", "court", "records", "documents", "made", "approved", "finished")
ITEM_COLUMNS = (
    *("place", "kind", "record", "reference", "class", "trigger", "due", "documents", "pages", "bytes"),
    *("decision", "until", "reason", "state", "why"),
)


def status(made: DisposalList) -> str:
    """Return where a list stands, in words."""
    return str(STATUSES[ListStatus(made.status)])


def line(made: DisposalList) -> list[str]:
    """Return a list as a line of a file."""
    days = [one.isoformat() if one else "" for one in (made.made_at, made.approved_at, made.finished_at)]
    court = made.court.code if made.court else ""
    return [made.number, made.status, made.ground, court, str(made.items_total), str(made.documents), *days]


def item_line(item: ListItem) -> list[str]:
    """Return a record on a list as a line of a file: by what the list froze, so without titles."""
    days = [one.isoformat() if one else "" for one in (item.trigger_on, item.due_on, item.until)]
    rule = f"{item.schedule}/{item.class_code}" if item.class_code else ""
    told = [str(item.place), item.kind, str(item.record), item.reference, rule, *days[:2]]
    amounts = [str(one) for one in (item.documents, item.pages, item.bytes)]
    return [*told, *amounts, item.decision, days[2], item.decision_reason, item.state, item.state_reason]


def ground(made: DisposalList) -> str:
    """Return why a list stands outside the schedule; empty where it does not."""
    return "" if made.ground == Ground.SCHEDULE else str(WHY_OUTSIDE[Ground(made.ground)])


def rows(actor: Actor, items: Iterable[ListItem]) -> list[dict[str, Any]]:
    """Return the records of one page of a list, with names that this person may read and the rule in words."""
    every = list(items)
    names = named(actor, [_record(one) for one in every])
    rules = disposal_desk.rules_of(every)
    return [_row(one, names[_record(one)], rules) for one in every]


def _record(item: ListItem) -> Record:
    return Record(RecordKind(item.kind), item.record)


def _row(item: ListItem, name: Named, rules: Mapping[disposal_desk.RuleKey, str]) -> dict[str, Any]:
    state = STATES.get(ItemState(item.state))
    is_open = item.state == ItemState.LISTED
    return {
        "row": item,
        "number": _number(item, name),
        "title": name.title,
        "url": reverse(f"{item.kind}-retention", kwargs={f"{item.kind}_id": item.record}),
        "evidence_url": reverse("disposal-item", kwargs={"listed_id": item.pk}) if item.claimed_at else "",
        "rule": rules.get(disposal_desk.key_of(item), ""),
        "span": _span(item.trigger_on, item.due_on),
        "flags": item.flags,
        "can_decide": is_open,
        "is_undecided": item.is_undecided,
        "decision": str(DECISIONS[item.decision]) if item.decision else "",  # type: ignore[index] # a code of the enum
        "state": Mark(str(state[0]), state[1]) if state else None,
    }


def _number(item: ListItem, name: Named) -> str:
    """The number as it is written on papers; what the list froze where the record's own is gone."""
    if name.case is None or not name.case.references.all():
        return item.reference or _("Record")
    number = words.main_reference(name.case)
    return number if item.kind == RecordKind.CASE else _("A paper of %(number)s") % {"number": number}


def _span(start: date | None, due: date | None) -> str:
    if start and due:
        return f"{dates.day(start)} → {dates.day(due)}"
    return dates.day(due) if due else ""
