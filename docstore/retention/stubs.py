"""What remains of the destroyed: written with the destruction, looked up by reference, and nothing else (RET-I4, I7, I8)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.audit import actions as audit
from docstore.audit.events import Event
from docstore.cases.models import Case, Reference
from docstore.core import clock, conf
from docstore.core.references import normalise
from docstore.documents.models import Document, Filing, Version
from docstore.retention import reach
from docstore.retention.disposal_models import (
    CertificateIssue,
    DestructionSwitch,
    DestructionTarget,
    ListItem,
    TargetKind,
)
from docstore.retention.fingerprints import fingerprint
from docstore.retention.models import DisposalClass
from docstore.retention.stub_models import Stub, StubFingerprint
from docstore.retention.trail import STREAM
from docstore.retention.vocabulary import RecordKind, StepAction, StubFact

BULK = 500


def papers_among(targets: Sequence[DestructionTarget]) -> list[UUID]:
    """Return the papers that go whole with a record, as its plan has them."""
    return [UUID(one.paper) for one in targets if one.kind == TargetKind.DATABASE_TEXT and one.paper]


def write(items: Sequence[ListItem], targets: Mapping[UUID, Sequence[DestructionTarget]]) -> None:
    """Write a stub for each record and for each of its papers. In the transaction that ends their destruction."""
    papers = {one.pk: papers_among(targets[one.pk]) for one in items}
    rules = _rules_of(items)
    courts = _courts_of(items)
    whole = [one for one in items if one.kind == RecordKind.CASE and one.action != StepAction.STRIP]
    cases = Case.objects.select_related("case_type", "court").in_bulk([one.record for one in whole])
    references = _references_of(cases)
    made = []
    for item in whole:
        told = {
            **_common(item, rules, cases[item.record].court),
            **_of_case(cases[item.record], references.get(item.record, [])),
            "documents": len(papers[item.pk]),
        }
        made.append(Stub(kind=RecordKind.CASE, record=item.record, **_kept(told, rules.get(_rule_key(item)))))
    every = [paper for some in papers.values() for paper in some]
    documents, homes = Document.objects.in_bulk(every), _homes_of(every)
    for item in items:
        rule, common = rules.get(_rule_key(item)), _common(item, rules, courts.get(item.record))
        for paper in papers[item.pk]:
            told = {**common, **_of_document(documents[paper], homes.get(paper))}
            made.append(Stub(kind=RecordKind.DOCUMENT, record=paper, **_kept(told, rule)))
    Stub.objects.bulk_create(made, ignore_conflicts=True, batch_size=BULK)
    _write_fingerprints(every)


def _write_fingerprints(papers: Sequence[UUID]) -> None:
    """Keep keyed digests of what each paper held, unless an earlier end of it has left them already."""
    stubs = Stub.objects.filter(kind=RecordKind.DOCUMENT, record__in=papers, fingerprints=None, reduced_on=None)
    by_paper = {one.record: one for one in stubs}
    secret = bytes(DestructionSwitch.objects.get(pk=1).secret)
    digests = Version.objects.filter(document__in=by_paper).values_list("document_id", "sha256")
    rows = [StubFingerprint(stub=by_paper[paper], digest=fingerprint(secret, sha256)) for paper, sha256 in digests]
    StubFingerprint.objects.bulk_create(rows, batch_size=BULK)


def find(actor: Actor, reference: str) -> list[Stub]:
    """Return the stubs that bear a reference, to those who manage the records of their courts."""
    actor.require(Permission.MANAGE_RECORDS)
    courts = reach.managed_courts(actor)
    rows = Stub.objects.filter(reference__in={normalise(reference), reference.strip()}).exclude(reference="")
    rows = rows if courts is None else rows.filter(court__code__in=courts)
    return list(rows.select_related("court").order_by("-destroyed_on", "kind", "id"))


def statement(stub: Stub) -> str:
    """Return the text that answers why something is not held (RET-I7)."""
    what = "The case" if stub.kind == RecordKind.CASE else "The document"
    named = f" {stub.reference}" if stub.reference else ""
    rule = (
        f"{stub.schedule}/{stub.class_code}, version {stub.class_version}"
        if stub.class_code
        else "a decision off schedule"
    )
    if stub.transferred_to:
        return (
            f"{what}{named} is not held. It was transferred to {stub.transferred_to} under reference"
            f" {stub.transfer_reference}, and the copy here was destroyed on {stub.destroyed_on:%d %B %Y}"
            f" (certificate {stub.certificate})."
        )
    return (
        f"{what}{named} is not held. It was destroyed on {stub.destroyed_on:%d %B %Y} under {rule},"
        f" as certificate {stub.certificate} shows."
    )


def same_bytes(sha256: str) -> Stub | None:
    """Return the stub of destroyed content with these very bytes, if there is one (RET-I8)."""
    switch = DestructionSwitch.objects.filter(pk=1).first()
    if switch is None:
        return None
    found = (
        StubFingerprint.objects.filter(digest=fingerprint(bytes(switch.secret), sha256)).select_related("stub").first()
    )
    return found.stub if found else None


def digests_of(rows: Iterable[Stub]) -> dict[str, str]:
    """Return the digest of the certificate, as it was last signed, that each stub names."""
    numbers = {one.certificate for one in rows}
    issues = CertificateIssue.objects.filter(certificate__in=numbers).order_by("issue")
    return dict(issues.values_list("certificate_id", "sha256"))


@transaction.atomic
def reduce_old(*, by: Actor, years: int) -> int:
    """Reduce stubs older than the policy says to their dates and certificate; never silently (RET-I5)."""
    today = clock.today()
    before = today.replace(year=today.year - years, day=min(today.day, 28))
    rows = Stub.objects.filter(destroyed_on__lt=before, reduced_on=None)
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return 0
    StubFingerprint.objects.filter(stub__in=ids).delete()
    rows.update(reference="", references=[], type="", authority="", reduced_on=today)
    facts = {"stubs": len(ids), "years": years}
    audit.record(Event.STUBS_REDUCED, stamp=by.stamp, stream=STREAM, refs={}, facts=facts)
    return len(ids)


def kept_years() -> int | None:
    """How long stubs are kept whole; None for ever, which is the default."""
    return conf.get().disposal.stub_years


def _of_case(case: Case, references: Sequence[str]) -> dict[str, object]:
    return {
        "case": case.pk,
        "reference": references[0] if references else "",
        "references": list(references),
        "type": case.case_type.name,
        "opened_on": case.opened_on,
    }


def _of_document(document: Document, home: UUID | None) -> dict[str, object]:
    return {"case": home, "type": document.type, "opened_on": document.filed_at.date(), "documents": 1}


def _references_of(cases: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for case, value in Reference.objects.filter(case__in=cases).order_by("id").values_list("case_id", "value"):
        found[case].append(value)
    return found


def _homes_of(papers: Collection[UUID]) -> dict[UUID, UUID]:
    rows = Filing.objects.filter(document__in=papers, is_home=True, ended_at=None)
    return dict(rows.values_list("document_id", "case_id"))


EMPTY: Mapping[str, object] = {
    StubFact.TYPE: "",
    StubFact.FURTHER_REFERENCES: [],
    StubFact.AUTHORITY: "",
    StubFact.OPENED_ON: None,
    StubFact.TRIGGER_ON: None,
    StubFact.DUE_ON: None,
    StubFact.DOCUMENTS: 0,
}


def _kept(told: Mapping[str, object], rule: DisposalClass | None) -> dict[str, object]:
    """Return what a stub keeps of these facts: all of them, but for what its class leaves out."""
    left_out = set(rule.stub_leaves_out) if rule else set()
    return {name: EMPTY[name] if name in left_out else value for name, value in told.items()}


def _rules_of(items: Sequence[ListItem]) -> dict[tuple[str, str], DisposalClass]:
    rows = DisposalClass.objects.select_related("schedule").filter(code__in={one.class_code for one in items})
    return {(one.schedule.code, one.code): one for one in rows}


def _rule_key(item: ListItem) -> tuple[str, str]:
    return item.schedule, item.class_code


def _common(item: ListItem, rules: Mapping[tuple[str, str], DisposalClass], court: Court | None) -> dict[str, object]:
    rule = rules.get(_rule_key(item))
    return {
        "court": court,
        "reference": item.reference,
        "schedule": item.schedule,
        "class_code": item.class_code,
        "class_version": item.class_version,
        "authority": rule.mandate if rule else item.list.ground_note,
        "trigger_on": item.trigger_on,
        "due_on": item.due_on,
        "destroyed_on": clock.today(),
        "certificate": item.list.certificate.number,
        # Where it went before its copy here was destroyed, and under which reference (RET-H4).
        "transferred_to": item.transferred_to,
        "transfer_reference": item.transfer_reference,
    }


def _courts_of(items: Sequence[ListItem]) -> dict[UUID, Court]:
    """The court of each record: a case's own, a paper's home's."""
    cases = {one.record: one.record for one in items if one.kind == RecordKind.CASE}
    papers = [one.record for one in items if one.kind == RecordKind.DOCUMENT]
    cases |= dict(Filing.objects.filter(document__in=papers, is_home=True).values_list("document_id", "case_id"))
    rows = Case.objects.select_related("court").in_bulk(set(cases.values()))
    return {record: rows[case].court for record, case in cases.items()}


def case_stub(case_id: UUID) -> Stub | None:
    return Stub.objects.filter(kind=RecordKind.CASE, record=case_id).first()
