"""Bringing evaluation its facts: a batch of records in a fixed number of queries, whatever its size.

A case stands under its own class and those of every case it is linked with, because linked cases go together or not at
all (RET-B7). A document stands under all of its cases' and under its own (RET-B2, B6), and under those of a case that it
was moved away from until a records manager says otherwise (RET-B8).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from docstore.cases.models import Case, CaseLink, CaseStatus
from docstore.core import clock
from docstore.documents.models import EndReason, Filing
from docstore.retention import hold_facts, known_events, policy
from docstore.retention.evaluate import Applied, HoldFact, Rule, Subject
from docstore.retention.models import Assignment, CompletedStep, Extension
from docstore.retention.triggers import EventFact, StepDone
from docstore.retention.vocabulary import Level, Origin, Record, RecordKind, TriggerType

Events = Mapping[TriggerType, EventFact]
Rules = Mapping[int, tuple[Rule, ...]]
Filings = dict[UUID, list[tuple[UUID, str]]]
Groups = dict[UUID, frozenset[UUID]]
OWN, LINKED, ELSEWHERE, MOVED = "the case", "a linked case", "another case it is filed in", "the case it was moved from"


@dataclass(slots=True)
class Facts:
    """What a batch of cases and documents brings along."""

    rules: Rules
    open_cases: frozenset[UUID]
    classes: dict[tuple[str, UUID], tuple[int, Origin]]
    events: dict[tuple[str, UUID], known_events.Known]
    done: dict[tuple[str, UUID], dict[int, list[StepDone]]]
    not_before: dict[tuple[str, UUID], date]
    holds: hold_facts.Holding
    groups: dict[UUID, frozenset[UUID]]
    filings: dict[UUID, list[tuple[UUID, str]]] = field(default_factory=dict)


def load_holds(records: Collection[Record]) -> dict[Record, tuple[HoldFact, ...]]:
    """Return the holds on each record that exists, and nothing else of it: asked before every step of a destruction."""
    cases, documents, filings, groups = _around(records)
    every = _members(groups)
    about = _about(every, documents)
    holds = hold_facts.load(every, documents, _classes(about))
    known = _known(cases)
    found = {}
    for one in records:
        if one.kind is RecordKind.CASE and one.id in known:
            found[one] = holds.of_cases(one.id, sorted(groups[one.id], key=str))
        elif one.kind is RecordKind.DOCUMENT and one.id in filings:
            found[one] = holds.of_document(one.id, _places(filings[one.id], groups))
    return found


def load_subjects(records: Collection[Record], *, rules: Rules | None = None) -> dict[Record, Subject]:
    """Return the facts of each record that exists. `rules` stands in for the approved ones: for previews."""
    cases, documents, filings, groups = _around(records)
    facts = _facts(_members(groups), documents, groups, filings, rules)
    known = _known(cases)
    found = {}
    for one in records:
        if one.kind is RecordKind.CASE and one.id in known:
            found[one] = _case_subject(one, facts)
        elif one.kind is RecordKind.DOCUMENT and one.id in filings:
            found[one] = _document_subject(one, facts)
    return found


def _around(records: Collection[Record]) -> tuple[set[UUID], set[UUID], Filings, Groups]:
    """The cases and documents among records, where those documents stand, and the group of every case there is by now."""
    cases = {one.id for one in records if one.kind is RecordKind.CASE}
    documents = {one.id for one in records if one.kind is RecordKind.DOCUMENT}
    filings = _filings(documents) if documents else {}
    return cases, documents, filings, linked(cases | {case for rows in filings.values() for case, _ in rows})


def _members(groups: Groups) -> frozenset[UUID]:
    return frozenset().union(*groups.values()) if groups else frozenset()


def _known(cases: Collection[UUID]) -> set[UUID]:
    return set(Case.objects.filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()


def _about(cases: Collection[UUID], documents: Collection[UUID]) -> Q:
    about = Q(kind=RecordKind.CASE, record_id__in=cases)
    return about | Q(kind=RecordKind.DOCUMENT, record_id__in=documents) if documents else about


def linked(cases: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the connected group of each case, itself included. Rings and chains end (RET-B7)."""
    of = {case: frozenset({case}) for case in cases}
    frontier = set(of)
    while frontier:
        rows = CaseLink.objects.filter(Q(case__in=frontier) | Q(other__in=frontier)).values_list("case_id", "other_id")
        seen = set(of)
        for one, other in rows:
            joined = of.get(one, frozenset({one})) | of.get(other, frozenset({other}))
            for member in joined:
                of[member] = joined
        frontier = set(of) - seen
    return of


def _facts(
    cases: frozenset[UUID],
    documents: set[UUID],
    groups: dict[UUID, frozenset[UUID]],
    filings: dict[UUID, list[tuple[UUID, str]]],
    rules: Rules | None,
) -> Facts:
    about = _about(cases, documents)
    classes = _classes(about)
    chosen = rules if rules is not None else policy.rules_of({one for one, _ in classes.values()})
    types = known_events.types_of(chosen.values())
    open_rows = Case.objects.filter(pk__in=cases, status=CaseStatus.OPEN).values_list("pk", flat=True)
    return Facts(
        rules=chosen,
        open_cases=frozenset(open_rows),
        classes=classes,
        events=known_events.load(about, cases, documents, types),
        done=_done(about),
        not_before=_not_before(about),
        holds=hold_facts.load(cases, documents, classes),
        groups=groups,
        filings=filings,
    )


def _filings(documents: Collection[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """The cases of each document: where it is filed now, and where it was moved from and is not released."""
    rows = Filing.objects.filter(document__in=documents).filter(
        Q(ended_at__isnull=True) | Q(end_reason=EndReason.MOVED, released__isnull=True)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for document, case, is_home, ended in rows.values_list("document_id", "case_id", "is_home", "ended_at"):
        found[document].append((case, MOVED if ended else OWN if is_home else ELSEWHERE))
    return dict(found)


def _classes(about: Q) -> dict[tuple[str, UUID], tuple[int, Origin]]:
    """The class of each record: what a person has chosen before what a rule has (RET-B4)."""
    rows = Assignment.objects.filter(about, superseded_at__isnull=True)
    found: dict[tuple[str, UUID], tuple[int, Origin]] = {}
    for kind, record, of, origin in rows.values_list("kind", "record_id", "disposal_class_id", "origin"):
        if origin == Origin.EXPLICIT or (kind, record) not in found:
            found[kind, record] = (of, Origin(origin))
    return found


def _done(about: Q) -> dict[tuple[str, UUID], dict[int, list[StepDone]]]:
    rows = CompletedStep.objects.filter(about).values_list(
        "kind", "record_id", "class_version__disposal_class_id", "order", "completed_on", "original_on"
    )
    found: dict[tuple[str, UUID], dict[int, list[StepDone]]] = defaultdict(lambda: defaultdict(list))
    for kind, record, of, order, completed_on, original_on in rows:
        found[kind, record][of].append(StepDone(order, completed_on, original_on))
    return found


def _not_before(about: Q) -> dict[tuple[str, UUID], date]:
    rows = Extension.objects.filter(about).values_list("kind", "record_id", "until")
    found: dict[tuple[str, UUID], date] = {}
    for kind, record, until in rows:
        found[kind, record] = max(until, found.get((kind, record), date.min))
    return found


def _case_subject(record: Record, facts: Facts) -> Subject:
    group = sorted(facts.groups[record.id], key=str)
    applied = [_of_case(one, OWN if one == record.id else LINKED, facts) for one in group]
    own = facts.classes.get(record.key)
    return Subject(
        record=record,
        applied=tuple(one for one in applied if one) if own else (),
        holds=facts.holds.of_cases(record.id, group),
        without_class=tuple(LINKED for one in group if one != record.id and (RecordKind.CASE, one) not in facts.classes),
        not_before=max((facts.not_before[RecordKind.CASE, one] for one in group
                        if (RecordKind.CASE, one) in facts.not_before), default=None),
    )  # fmt: skip


def _document_subject(record: Record, facts: Facts) -> Subject:
    places = _places(facts.filings[record.id], facts.groups)
    applied = [_of_case(one, about, facts) for one, about in sorted(places.items(), key=lambda pair: str(pair[0]))]
    own = _of_document(record, facts)
    dates = [facts.not_before.get(key) for key in (record.key, *((str(RecordKind.CASE), one) for one in places))]
    return Subject(
        record=record,
        applied=tuple(one for one in (own, *applied) if one),
        holds=facts.holds.of_document(record.id, places),
        without_class=tuple(about for one, about in places.items() if (RecordKind.CASE, one) not in facts.classes),
        not_before=max((day for day in dates if day), default=None),
    )


def _places(filings: Iterable[tuple[UUID, str]], groups: Groups) -> dict[UUID, str]:
    """Every case that a document goes with, and why."""
    places: dict[UUID, str] = {}
    for case, about in filings:
        for one in groups[case]:
            places.setdefault(one, about if one == case else LINKED)
    return places


def _of_case(case: UUID, about: str, facts: Facts) -> Applied | None:
    key = (RecordKind.CASE, case)
    if key not in facts.classes:
        return None
    of, origin = facts.classes[key]
    known = facts.events.get(key, known_events.NOTHING)
    return Applied(
        versions=facts.rules.get(of, ()),
        origin=origin,
        level=Level.CASE,
        events=known.events,
        is_open=case in facts.open_cases,
        about=about,
        started_on=known.started_on,
        done=tuple(facts.done[key][of]) if key in facts.done else (),
    )


def _of_document(record: Record, facts: Facts) -> Applied | None:
    if record.key not in facts.classes:
        return None
    of, origin = facts.classes[record.key]
    home = next((case for case, about in facts.filings[record.id] if about == OWN), None)
    own = facts.events.get(record.key, known_events.NOTHING)
    of_case = facts.events.get((RecordKind.CASE, home), known_events.NOTHING) if home else known_events.NOTHING
    started = [one for one in (own.started_on, of_case.started_on) if one]
    return Applied(
        versions=facts.rules.get(of, ()),
        origin=origin,
        level=Level.DOCUMENT,
        events={**of_case.events, **own.events},
        is_open=home in facts.open_cases,
        about=OWN,
        started_on=min(started, default=None),
        done=tuple(facts.done[record.key][of]) if record.key in facts.done else (),
    )


def today() -> date:
    """The civil day at the courts."""
    return clock.today()
