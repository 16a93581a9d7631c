"""Answering people who ask for their data to be erased: received, searched, decided record by record, answered (RET-O1).

A court keeps most of what it holds because the law says so, and says which law. What is erased goes the way of any
destruction outside the schedule: hidden, approved by another person, a day of grace, a certificate.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases import data_protection
from docstore.cases.models import Case, Party
from docstore.core import clock
from docstore.core.errors import Conflict, FieldError, Invalid, NotFound
from docstore.documents.models import Document
from docstore.retention import hold_query, off_schedule, queries, reach
from docstore.retention.disposal_models import Ground
from docstore.retention.erasure_models import ErasureFinding, ErasureRequest, RefusalGround, RequestStatus, Verdict
from docstore.retention.evaluate import Evaluation
from docstore.retention.models import ClassVersion, DisposalClass
from docstore.retention.names import plain
from docstore.retention.numbers import next_number
from docstore.retention.periods import Period, add_period, parse
from docstore.retention.trail import tell, tell_all
from docstore.retention.transfers import reference_of
from docstore.retention.vocabulary import IN_FORCE, Record, RecordKind, StepAction

MONTH, TWO_MORE, KEPT = Period(1, 0), Period(2, 0), "P3Y"
MOST = 500
JUDICIAL = "A court acting in its judicial capacity (Data Protection Act 2018, schedule 2, paragraph 14)"
ADMINISTRATIVE = "A task in the public interest (UK GDPR article 6(1)(e))"


class RequestClosed(Conflict):
    """The request has been answered. A new one has to be received for anything more."""

    code = "request-answered"


class AlreadyExtended(Conflict):
    """The time for this request has been extended once already, and it cannot be extended again."""

    code = "already-extended"


class GroundNeeded(Invalid):
    """A refusal needs the ground on which the law allows it."""

    code = "ground-missing"


class FindingsUndecided(Conflict):
    """{count} records have no decision yet. Decide on each before the request is answered."""

    code = "findings-undecided"


class NotOnPapers(Invalid):
    """Only a case can be restricted or given a pseudonym here. Ask the court to seal the paper, or decide otherwise."""

    code = "not-on-papers"


@dataclass(frozen=True, slots=True)
class RequestTold:
    """What is written down of a request when it comes."""

    person: str
    asked: str
    identity: str
    received_on: date
    also_known_as: str = ""
    disposal_class: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided of one record."""

    verdict: Verdict
    reason: str
    ground: str = ""


@transaction.atomic
def receive(*, by: Actor, told: RequestTold) -> ErasureRequest:
    """Write a request down. It is to be answered within a month of the day it came (UK GDPR article 12(3))."""
    by.require(Permission.ANSWER_ERASURE_REQUESTS)
    chosen = DisposalClass.objects.filter(pk=told.disposal_class).first() if told.disposal_class else None
    made = ErasureRequest.objects.create(
        number=next_number("E"),
        person=told.person,
        also_known_as=told.also_known_as,
        asked=told.asked,
        identity=told.identity,
        received_on=told.received_on,
        due_on=add_period(told.received_on, MONTH),
        disposal_class=chosen,
        received_by=by.user_id,
        recorded_at=clock.now(),
    )
    tell_all(Event.ERASURE_RECEIVED, by, {"request": made.number, "due_on": made.due_on.isoformat()})
    _search(made, by=by)
    return made


@transaction.atomic
def search_again(*, by: Actor, request_id: UUID) -> ErasureRequest:
    """Look for the person's records anew; what was decided stays."""
    by.require(Permission.ANSWER_ERASURE_REQUESTS)
    made = _open(request_id)
    _search(made, by=by)
    return made


@transaction.atomic
def extend(*, by: Actor, request_id: UUID, reason: str) -> ErasureRequest:
    """Take two months more for a complex request, once, and say why (article 12(3))."""
    by.require(Permission.ANSWER_ERASURE_REQUESTS)
    made = _open(request_id)
    if made.extended_at is not None:
        raise AlreadyExtended
    made.extended_at, made.extend_reason, made.due_on = clock.now(), reason, add_period(made.due_on, TWO_MORE)
    made.save(update_fields=["extended_at", "extend_reason", "due_on"])
    tell_all(Event.ERASURE_EXTENDED, by, {"request": made.number, "due_on": made.due_on.isoformat(), "reason": reason})
    return made


@transaction.atomic
def decide(*, by: Actor, finding_id: int, said: Decided) -> ErasureFinding:
    """Decide on one record, and do what was decided. Refusing needs a ground, everything a reason."""
    by.require(Permission.ANSWER_ERASURE_REQUESTS)
    row = ErasureFinding.objects.select_for_update().select_related("request").filter(pk=finding_id).first()
    if row is None:
        raise NotFound
    if not row.request.is_open or row.list:
        raise RequestClosed
    reach.record_seen(by, row.record, Permission.ANSWER_ERASURE_REQUESTS)
    if said.verdict is Verdict.REFUSE and said.ground not in set(RefusalGround):
        raise GroundNeeded(errors=(FieldError("/ground", "ground-missing", GroundNeeded().sentence),))
    _follow(row, said, by=by)
    row.verdict, row.reason = said.verdict, said.reason
    row.ground = said.ground if said.verdict is Verdict.REFUSE else ""
    row.decided_by, row.decided_at = by.user_id, clock.now()
    row.save()
    facts = {"request": row.request.number, "kind": row.kind, "record": str(row.record_id)}
    told = {"verdict": str(said.verdict), "ground": row.ground, "reason": said.reason}
    tell(Event.ERASURE_DECIDED, by, row.record, {**facts, **told})
    return row


@transaction.atomic
def answer(*, by: Actor, request_id: UUID) -> ErasureRequest:
    """Say that the person has been answered. The request is kept from now on as its own class says, and no longer."""
    by.require(Permission.ANSWER_ERASURE_REQUESTS)
    made = _open(request_id)
    undecided = made.findings.filter(decided_at=None).count()
    if undecided:
        raise FindingsUndecided(count=undecided)
    made.status, made.answered_at, made.answered_by = RequestStatus.ANSWERED, clock.now(), by.user_id
    made.keep_until = add_period(clock.today(), kept_for(made))
    made.save(update_fields=["status", "answered_at", "answered_by", "keep_until"])
    tell_all(Event.ERASURE_ANSWERED, by, {"request": made.number, "records": made.findings.count()})
    return made


@transaction.atomic
def reduce_old(*, by: Actor) -> int:
    """Take name and words out of answered requests whose own time is over; decisions stay (RET-O1)."""
    over = ErasureRequest.objects.filter(status=RequestStatus.ANSWERED, keep_until__lte=clock.today())
    count = 0
    for made in over:
        ErasureRequest.objects.filter(pk=made.pk).update(
            person="", also_known_as="", asked="", identity="", status=RequestStatus.REDUCED
        )
        tell_all(Event.ERASURE_REDUCED, by, {"request": made.number})
        count += 1
    return count


def requests(actor: Actor) -> QuerySet[ErasureRequest]:
    """Return every request, the most urgent first, to those who answer them."""
    actor.require(Permission.ANSWER_ERASURE_REQUESTS)
    return ErasureRequest.objects.select_related("disposal_class__schedule")


def request_seen(actor: Actor, request_id: UUID) -> ErasureRequest:
    """Return a request to those who answer them; raise NotFound."""
    found = requests(actor).filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return found


def finding_seen(actor: Actor, finding_id: int) -> ErasureFinding:
    """Return one record of an open request to those who answer requests; raise NotFound."""
    actor.require(Permission.ANSWER_ERASURE_REQUESTS)
    found = ErasureFinding.objects.select_related("request").filter(pk=finding_id).first()
    if found is None:
        raise NotFound
    return found


def kept_for(made: ErasureRequest) -> Period:
    """How long the request itself is kept once it is answered: by its class, else three years."""
    rows = ClassVersion.objects.filter(disposal_class=made.disposal_class, status__in=IN_FORCE)
    version = rows.order_by("-number").first() if made.disposal_class else None
    steps = version.steps.filter(action=StepAction.DESTROY).exclude(period="") if version else None
    step = steps.first() if steps is not None else None
    return parse(step.period if step else KEPT)


def names_of(made: ErasureRequest) -> set[str]:
    """The names under which the person is looked for, made comparable."""
    every = [made.person, *made.also_known_as.split(",")]
    return {plain(one) for one in every if one.strip()}


def _open(request_id: UUID) -> ErasureRequest:
    made = ErasureRequest.objects.select_for_update().filter(pk=request_id).first()
    if made is None:
        raise NotFound
    if not made.is_open:
        raise RequestClosed
    return made


def _search(made: ErasureRequest, *, by: Actor) -> None:
    """Find the cases with a party of the name, and the papers in whose title or text the name stands, on the database."""
    known = set(made.findings.values_list("kind", "record_id"))
    found = {record: how for record, how in _found(made, by) if record.key not in known}
    evaluated = queries.evaluate_records(list(found)) if found else {}
    ErasureFinding.objects.bulk_create(
        [_finding(made, record, how, evaluated.get(record)) for record, how in found.items()]
    )
    made.searched_at = clock.now()
    made.save(update_fields=["searched_at"])
    tell_all(Event.ERASURE_SEARCHED, by, {"request": made.number, "records": made.findings.count()})


def _found(made: ErasureRequest, by: Actor) -> Iterator[tuple[Record, str]]:
    wanted, cases = names_of(made), reach.managed_cases(by)
    parties = Party.objects.filter(case__in=cases).order_by().values_list("case_id", "name")
    of_party = {case for case, name in parties.iterator(chunk_size=1000) if plain(name) in wanted}
    yield from ((Record(RecordKind.CASE, one), "party") for one in sorted(of_party, key=str))
    for name in [made.person, *(one.strip() for one in made.also_known_as.split(",") if one.strip())]:
        tree = hold_query.parse(name, pointer="/person")
        papers = Document.objects.filter(hold_query.on_documents(tree), filings__case__in=cases)
        papers = papers.exclude(filings__case__in=of_party).order_by("pk").distinct()
        for one in papers.values_list("pk", flat=True)[:MOST]:
            yield Record(RecordKind.DOCUMENT, one), "words"


def _finding(made: ErasureRequest, record: Record, how: str, found: Evaluation | None) -> ErasureFinding:
    rule = found.basis.rule if found and found.basis else None
    rule = rule or (found.findings[0].rule if found and found.findings else None)
    kind = DisposalClass.objects.filter(pk=rule.class_id).first() if rule else None
    return ErasureFinding(
        request=made,
        kind=record.kind,
        record_id=record.id,
        reference=reference_of(record),
        found_by=how,
        class_name=f"{rule.schedule}/{rule.code}" if rule else "",
        outcome=found.outcome if found else "",
        due_on=found.due_on if found else None,
        is_held=bool(found and found.holds),
        basis=ADMINISTRATIVE if kind is not None and not kind.judicial else JUDICIAL,
    )


def _follow(row: ErasureFinding, said: Decided, *, by: Actor) -> None:
    if said.verdict is Verdict.ERASE:
        reason = f"Request {row.request.number}: {said.reason}"
        made = off_schedule.ask(
            by=by, kind=row.kind, record_id=row.record_id, ground=Ground.DATA_PROTECTION, reason=reason
        )
        row.list = made.pk
    elif said.verdict in (Verdict.RESTRICT, Verdict.PSEUDONYMISE):
        if row.kind != RecordKind.CASE:
            raise NotOnPapers(errors=(FieldError("/verdict", "not-on-papers", NotOnPapers().sentence),))
        _change_case(row, said, by=by)


def _change_case(row: ErasureFinding, said: Decided, *, by: Actor) -> None:
    reason = f"Request {row.request.number}: {said.reason}"
    if said.verdict is Verdict.RESTRICT:
        data_protection.seal_on_request(by=by, case_id=row.record_id, reason=reason)
        return
    wanted = names_of(row.request)
    for party in Party.objects.filter(case=Case.objects.get(pk=row.record_id)):
        if plain(party.name) in wanted:
            data_protection.pseudonymise_party(by=by, party_id=party.pk, reason=reason)
