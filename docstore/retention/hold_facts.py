"""Which holds are in force on which records, asked of the database alone and never of the search index (RET-E6).

What was caught before stays caught (memberships); what a person, class, query or system hold matches is asked anew each
time, so that a new case or paper is held before it is next evaluated, sweep or no sweep (RET-E4, E5).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Q

from docstore.cases.models import Case, Party
from docstore.documents.models import Document
from docstore.retention import hold_query
from docstore.retention.evaluate import HoldFact
from docstore.retention.hold_models import Hold, HoldMembership
from docstore.retention.names import plain
from docstore.retention.vocabulary import HoldKind, Origin, RecordKind, Via

Classes = Mapping[tuple[str, UUID], tuple[int, Origin]]


@dataclass(slots=True)
class Holding:
    """The holds on a batch of cases and documents."""

    everywhere: list[HoldFact] = field(default_factory=list)
    cases: dict[UUID, dict[UUID, HoldFact]] = field(default_factory=lambda: defaultdict(dict))
    documents: dict[UUID, dict[UUID, HoldFact]] = field(default_factory=lambda: defaultdict(dict))
    through_documents: dict[UUID, dict[UUID, HoldFact]] = field(default_factory=lambda: defaultdict(dict))

    def of_cases(self, own: UUID, group: Iterable[UUID]) -> tuple[HoldFact, ...]:
        """The holds on a case: its own, those of its documents, and those of the cases that go with it."""
        found = {one.id: one for one in self.everywhere}
        for case in group:
            for table in (self.through_documents, self.cases):
                for key, fact in table.get(case, {}).items():
                    found[key] = fact if case == own and table is self.cases else _inherited(fact)
        found.update(self.cases.get(own, {}))
        return _ordered(found)

    def of_document(self, own: UUID, cases: Iterable[UUID]) -> tuple[HoldFact, ...]:
        """The holds on a document: its own, and those of every case it stands on (RET-E7)."""
        found = {one.id: one for one in self.everywhere}
        for case in cases:
            found.update({key: _inherited(fact) for key, fact in self.cases.get(case, {}).items()})
        found.update(self.documents.get(own, {}))
        return _ordered(found)


def load(cases: Collection[UUID], documents: Collection[UUID], classes: Classes) -> Holding:
    """Return the holds on a batch. Two queries where there is no hold, a few per kind of hold otherwise."""
    found = Holding()
    rows = list(Hold.objects.in_force())
    if not rows:
        return found
    holds = {one.pk: one for one in rows}
    _add_members(found, holds, cases, documents)
    found.everywhere = [_fact(one, Via.SYSTEM) for one in rows if one.kind == HoldKind.SYSTEM]
    _add_classes(found, [one for one in rows if one.kind == HoldKind.CLASS], classes)
    _add_people(found, [one for one in rows if one.kind == HoldKind.PERSON], cases)
    for one in rows:
        if one.kind == HoldKind.QUERY:
            _add_query(found, one, cases, documents)
    return found


def _add_members(
    found: Holding, holds: Mapping[UUID, Hold], cases: Collection[UUID], documents: Collection[UUID]
) -> None:
    live = HoldMembership.objects.filter(removed_at__isnull=True, hold__in=holds)
    direct = live.filter(Q(case__in=cases) | Q(document__in=documents)) if documents else live.filter(case__in=cases)
    for hold, case, document, via in direct.values_list("hold_id", "case_id", "document_id", "via"):
        fact = _fact(holds[hold], Via(via))
        if case:
            found.cases[case][hold] = fact
        else:
            found.documents[document][hold] = fact
    on_cases = live.filter(document__filings__case__in=cases).filter(
        Q(document__filings__ended_at__isnull=True) | Q(document__filings__ended_at__gte=F("hold__placed_at"))
    )
    for hold, case, document in on_cases.values_list("hold_id", "document__filings__case_id", "document_id"):
        if case in cases and document is not None:
            found.through_documents[case][hold] = _fact(holds[hold], Via.INHERITED)


def _add_classes(found: Holding, holds: list[Hold], classes: Classes) -> None:
    if not holds:
        return
    named: dict[int, list[Hold]] = defaultdict(list)
    by_id = {one.pk: one for one in holds}
    for one in Hold.objects.filter(pk__in=by_id).values_list("pk", "targets__disposal_class_id"):
        if one[1] is not None:
            named[one[1]].append(by_id[one[0]])
    for (kind, record), (of, _) in classes.items():
        for hold in named.get(of, ()):
            table = found.cases if kind == RecordKind.CASE else found.documents
            table[record].setdefault(hold.pk, _fact(hold, Via.CLASS))


def _add_people(found: Holding, holds: list[Hold], cases: Collection[UUID]) -> None:
    if not holds:
        return
    by_id = {one.pk: one for one in holds}
    named: dict[str, list[Hold]] = defaultdict(list)
    for hold, name in Hold.objects.filter(pk__in=by_id).values_list("pk", "targets__person_name"):
        named[plain(name or "")].append(by_id[hold])
    for case, name in Party.objects.filter(case__in=cases).values_list("case_id", "name"):
        for one in named.get(plain(name), ()):
            found.cases[case].setdefault(one.pk, _fact(one, Via.PARTY))


def _add_query(found: Holding, hold: Hold, cases: Collection[UUID], documents: Collection[UUID]) -> None:
    tree = hold_query.parse(hold.query, pointer="/targets/query")
    for case in Case.objects.filter(pk__in=cases).filter(hold_query.on_cases(tree)).values_list("pk", flat=True):
        found.cases[case].setdefault(hold.pk, _fact(hold, Via.QUERY))
    on_documents = hold_query.on_documents(tree)
    if documents:
        rows = Document.objects.filter(pk__in=documents).filter(on_documents)
        for document in rows.values_list("pk", flat=True):
            found.documents[document].setdefault(hold.pk, _fact(hold, Via.QUERY))


def _fact(hold: Hold, via: Via) -> HoldFact:
    return HoldFact(hold.pk, hold.title, HoldKind(hold.kind), via, hold.restricted)


def _inherited(fact: HoldFact) -> HoldFact:
    return HoldFact(fact.id, fact.title, fact.kind, Via.INHERITED, fact.restricted)


def _ordered(found: Mapping[UUID, HoldFact]) -> tuple[HoldFact, ...]:
    return tuple(found[key] for key in sorted(found, key=str))
