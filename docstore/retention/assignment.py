"""Which class a record gets: by a person, or by the first rule that fits. What a document inherits is never stored.

Among rules the priority that people have given decides, then the more specific, then the older (RET-B9, DOM-10.3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from docstore.access.actor import Actor
from docstore.audit.events import Event
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.errors import Conflict, Invalid
from docstore.documents.models import Document, Filing
from docstore.retention.models import Assignment, AssignmentRule, ClassVersion, DisposalClass
from docstore.retention.trail import tell
from docstore.retention.vocabulary import Level, Origin, Record, RecordKind, VersionStatus


class ClassNotReady(Conflict):
    """The class {code} has no approved version in force, so it cannot be assigned yet."""

    code = "class-not-ready"


class ClassRetired(Conflict):
    """The class {code} is retired. {successor}"""

    code = "class-retired"


class ClassForOthers(Invalid):
    """The class {code} is made for {level} records and cannot be given to a {kind}."""

    code = "class-for-others"


class RegulatoryClass(Conflict):
    """The class {code} is regulatory: it can be extended and never be taken away or shortened."""

    code = "regulatory-class"
    is_attempt = True


@dataclass(frozen=True, slots=True)
class Traits:
    """What assignment rules look at."""

    record: Record
    court: int
    jurisdiction: str
    case_type: int
    outcome: str
    section: str = ""
    document_type: str = ""


def check_assignable(chosen: DisposalClass, record: Record) -> None:
    """Raise unless the class can be given to this record now (RET-A1, A9)."""
    if chosen.retired_at is not None:
        successor = f"Assign {chosen.successor} instead." if chosen.successor else "Choose another."
        raise ClassRetired(code=chosen.code, successor=successor)
    if record.kind is RecordKind.CASE and chosen.level != Level.CASE:
        raise ClassForOthers(code=chosen.code, level=chosen.level, kind=record.kind)
    if chosen.level not in (Level.CASE, Level.DOCUMENT):
        raise ClassForOthers(code=chosen.code, level=chosen.level, kind=record.kind)
    approved = ClassVersion.objects.filter(disposal_class=chosen, status=VersionStatus.APPROVED)
    if not approved.filter(effective_from__lte=clock.today()).exists():
        raise ClassNotReady(code=chosen.code)


def give(
    record: Record,
    chosen: DisposalClass,
    *,
    origin: Origin,
    by: Actor,
    reason: str,
    rule: AssignmentRule | None = None,
) -> Assignment:
    """Write an assignment in place of the one of the same origin. Raises RegulatoryClass where that one must stay."""
    live = Assignment.objects.filter(kind=record.kind, record_id=record.id, origin=origin, superseded_at__isnull=True)
    before = live.select_related("disposal_class").first()
    if before is not None and before.disposal_class_id == chosen.pk:
        return before
    if before is not None and before.disposal_class.regulatory:
        raise RegulatoryClass(code=before.disposal_class.code)
    live.update(superseded_at=clock.now())
    row = Assignment.objects.create(
        kind=record.kind,
        record_id=record.id,
        disposal_class=chosen,
        origin=origin,
        rule=rule,
        assigned_at=clock.now(),
        assigned_by=by.user_id,
        reason=reason,
    )
    facts = {"kind": str(record.kind), "record": str(record.id), "disposal_class": chosen.pk, "origin": str(origin)}
    more = {"before": before.disposal_class_id if before else 0, "reason": reason}
    tell(Event.CLASS_ASSIGNED, by, record, {**facts, **more})
    return row


def assign_by_rule(records: Iterable[Record], *, by: Actor) -> list[Record]:
    """Give each record the class of the first rule that fits, where it has another by rule; return what was changed.

    A person's choice stands beside and wins (RET-B4). A record that no rule fits keeps what it has.
    """
    rules = list(AssignmentRule.objects.filter(ended_at__isnull=True).select_related("disposal_class"))
    wanted = list(records)
    if not rules or not wanted:
        return []
    current = _by_rule(wanted)
    changed = []
    for traits in traits_of(wanted):
        rule = first_fit(rules, traits)
        if rule is None or current.get(traits.record.key) == rule.disposal_class_id:
            continue
        if _is_regulatory(current.get(traits.record.key)):
            continue
        give(traits.record, rule.disposal_class, origin=Origin.RULE, by=by, reason=f"By rule {rule.pk}.", rule=rule)
        changed.append(traits.record)
    return changed


def fitting(rules: Iterable[AssignmentRule], traits: Traits) -> list[AssignmentRule]:
    """Return every rule that fits, the winner first; the others are named in explanations as losing (RET-B9)."""
    found = [rule for rule in rules if _fits(rule, traits)]
    return sorted(found, key=lambda rule: (rule.priority, -specificity(rule), rule.pk))


def first_fit(rules: Iterable[AssignmentRule], traits: Traits) -> AssignmentRule | None:
    return next(iter(fitting(rules, traits)), None)


def specificity(rule: AssignmentRule) -> int:
    """Count what a rule asks for: the more it asks, the more specific it is."""
    asked = (rule.court_id, rule.jurisdiction, rule.case_type_id, rule.outcome, rule.section, rule.document_type)
    return sum(1 for one in asked if one)


def traits_of(records: Sequence[Record]) -> list[Traits]:
    """Return what rules look at for each record that exists."""
    cases = [one.id for one in records if one.kind is RecordKind.CASE]
    documents = [one.id for one in records if one.kind is RecordKind.DOCUMENT]
    rows = Case.objects.filter(pk__in=cases).values_list(
        "pk", "court_id", "case_type__jurisdiction", "case_type_id", "outcome"
    )
    found = [
        Traits(Record(RecordKind.CASE, pk), court, jurisdiction, case_type, outcome)
        for pk, court, jurisdiction, case_type, outcome in rows
    ]
    return found + _document_traits(documents)


def _document_traits(documents: Sequence[UUID]) -> list[Traits]:
    if not documents:
        return []
    homes = Filing.objects.filter(document__in=documents, is_home=True, ended_at__isnull=True).values_list(
        "document_id",
        "case__court_id",
        "case__case_type__jurisdiction",
        "case__case_type_id",
        "case__outcome",
        "section__code",
        "document__type",
    )
    return [
        Traits(Record(RecordKind.DOCUMENT, pk), court, jurisdiction, case_type, outcome, section, kind)
        for pk, court, jurisdiction, case_type, outcome, section, kind in homes
    ]


def filed_documents(case_id: UUID) -> list[Record]:
    """Return the documents of a case as records."""
    rows = Document.objects.filter(filings__case=case_id, filings__ended_at__isnull=True).values_list("pk", flat=True)
    return [Record(RecordKind.DOCUMENT, one) for one in rows.distinct()]


def _fits(rule: AssignmentRule, traits: Traits) -> bool:
    if rule.level != traits.record.kind:
        return False
    asked = (
        (rule.court_id, traits.court),
        (rule.jurisdiction, traits.jurisdiction),
        (rule.case_type_id, traits.case_type),
        (rule.section, traits.section),
        (rule.document_type.casefold(), traits.document_type.casefold()),
        (rule.outcome.casefold(), traits.outcome.casefold()),
    )
    return all(not wanted or wanted == has for wanted, has in asked)


def _by_rule(records: Sequence[Record]) -> Mapping[tuple[str, UUID], int]:
    rows = Assignment.objects.filter(
        origin=Origin.RULE, superseded_at__isnull=True, record_id__in=[one.id for one in records]
    )
    return {(kind, record): of for kind, record, of in rows.values_list("kind", "record_id", "disposal_class_id")}


def _is_regulatory(class_id: int | None) -> bool:
    return class_id is not None and DisposalClass.objects.filter(pk=class_id, regulatory=True).exists()
