"""What has happened to records: the effective trigger of each type, and what follows from the rows themselves.

Effective is what is not voided; of one type and one party the latest word counts, and of several parties the latest day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q

from docstore.cases.models import Case, Hearing
from docstore.core.clock import COURT_ZONE
from docstore.documents.models import Document, Filing
from docstore.retention.evaluate import Rule
from docstore.retention.models import Trigger
from docstore.retention.periods import add_period, parse
from docstore.retention.triggers import EventFact, types_in
from docstore.retention.vocabulary import RecordKind, TriggerType

Key = tuple[str, UUID]
ANY_DAY = date(2000, 1, 1)


@dataclass(slots=True)
class Known:
    """The effective triggers of one record, and the day on which the first of those was told."""

    events: dict[TriggerType, EventFact] = field(default_factory=dict)
    started_on: date | None = None


NOTHING = Known()


def types_of(rules: Iterable[tuple[Rule, ...]]) -> frozenset[TriggerType]:
    """Return the trigger types that any of these rules asks for."""
    return frozenset(
        kind for versions in rules for version in versions for step in version.steps for kind in types_in(step.trigger)
    )


def load(
    about: Q, cases: Collection[UUID], documents: Collection[UUID], types: Collection[TriggerType]
) -> dict[Key, Known]:
    """Return what is known of each record. What rows say by themselves is read only where a rule asks for it."""
    found: dict[Key, Known] = defaultdict(Known)
    for key, fact in _derived(cases, documents, types):
        found[key].events[fact.type] = fact
    for key, rows in _effective(about).items():
        known = found[key]
        known.started_on = min(fact.recorded_on for fact in rows)
        for fact in _latest_per_type(rows):
            known.events[fact.type] = fact
    return dict(found)


def _effective(about: Q) -> dict[Key, list[EventFact]]:
    """The last word per type and party that is not voided."""
    columns = ("id", "kind", "record_id", "party", "type", "event_on", "length")
    more = ("recorded_at", "provisional_until", "confidence", "voids_id")
    rows = list(Trigger.objects.filter(about).order_by("id").values_list(*columns, *more))
    voided = {row[-1] for row in rows if row[-1]}
    last: dict[Key, dict[tuple[str, UUID | None], EventFact]] = defaultdict(dict)
    for pk, kind, record, party, type_, on, length, recorded_at, until, confidence, voids in rows:
        if voids or pk in voided:
            continue
        fact = EventFact(TriggerType(type_), on, pk, _day(recorded_at), until, confidence, length)
        last[kind, record][type_, party] = fact
    return {key: list(facts.values()) for key, facts in last.items()}


def _latest_per_type(facts: Iterable[EventFact]) -> Iterable[EventFact]:
    best: dict[TriggerType, EventFact] = {}
    for fact in facts:
        held = best.get(fact.type)
        if held is None or _weight(fact) > _weight(held):
            best[fact.type] = fact
    return best.values()


def _weight(fact: EventFact) -> tuple[date, date]:
    """The later day; of sentences the longer one."""
    return (add_period(ANY_DAY, parse(fact.length)) if fact.length else ANY_DAY, fact.on)


def _derived(
    cases: Collection[UUID], documents: Collection[UUID], types: Collection[TriggerType]
) -> Iterable[tuple[Key, EventFact]]:
    if {TriggerType.CREATION, TriggerType.COMMENCEMENT} & set(types):
        for case, opened_on in Case.objects.filter(pk__in=cases).values_list("pk", "opened_on"):
            for type_ in (TriggerType.CREATION, TriggerType.COMMENCEMENT):
                yield (RecordKind.CASE, case), _fact(type_, opened_on)
    if TriggerType.LAST_PAPER in types:
        yield from _last_papers(cases)
    if TriggerType.HEARING in types:
        hearings = Hearing.objects.filter(case__in=cases).order_by().values_list("case_id").annotate(Max("starts_at"))
        for case, starts_at in hearings:
            yield (RecordKind.CASE, case), _fact(TriggerType.HEARING, _day(starts_at))
    if documents:
        yield from _of_documents(documents)


def _last_papers(cases: Collection[UUID]) -> Iterable[tuple[Key, EventFact]]:
    rows = Filing.objects.filter(case__in=cases).order_by().values_list("case_id").annotate(Max("filed_at"))
    for case, filed_at in rows:
        yield (RecordKind.CASE, case), _fact(TriggerType.LAST_PAPER, _day(filed_at))


def _of_documents(documents: Collection[UUID]) -> Iterable[tuple[Key, EventFact]]:
    for document, filed_at, dated_on in Document.objects.filter(pk__in=documents).values_list(
        "pk", "filed_at", "dated_on"
    ):
        yield (RecordKind.DOCUMENT, document), _fact(TriggerType.CREATION, _day(filed_at))
        if dated_on:
            yield (RecordKind.DOCUMENT, document), _fact(TriggerType.DOCUMENT_DATE, dated_on)


def _fact(type_: TriggerType, on: date) -> EventFact:
    """A fact that no trigger states: it follows from the record itself and bears the number 0."""
    return EventFact(type_, on, 0, on)


def _day(at: datetime) -> date:
    return at.astimezone(COURT_ZONE).date()
