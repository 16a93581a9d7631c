"""What remains of the destroyed: written with the destruction, looked up by reference, and nothing else (RET-I4, I7, I8)."""

from collections.abc import Iterable, Mapping, Sequence
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


def write(item: ListItem, targets: Sequence[DestructionTarget]) -> None:
    """Write a stub for the record and for each of its papers. In the transaction that ends the destruction."""
    papers = [UUID(one.paper) for one in targets if one.kind == TargetKind.DATABASE_TEXT and one.paper]
    transferred = _transferred(item)
    if item.kind == RecordKind.CASE and item.action != StepAction.STRIP:
        _of_case(item, papers, transferred)
    documents = Document.objects.filter(pk__in=papers)
    homes = dict(
        Filing.objects.filter(document__in=papers, is_home=True, ended_at=None).values_list("document_id", "case_id")
    )
    secret = bytes(DestructionSwitch.objects.get(pk=1).secret)
    for document in documents:
        told = {
            **_common(item, transferred),
            "case": homes.get(document.pk),
            "type": document.type,
            "opened_on": document.filed_at.date(),
            "documents": 1,
        }
        stub, made = Stub.objects.get_or_create(
            kind=RecordKind.DOCUMENT, record=document.pk, defaults=_kept(told, _rule_of(item))
        )
        if made:
            digests = Version.objects.filter(document=document).values_list("sha256", flat=True)
            StubFingerprint.objects.bulk_create(
                [StubFingerprint(stub=stub, digest=fingerprint(secret, one)) for one in digests]
            )


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


def _of_case(item: ListItem, papers: Sequence[UUID], transferred: tuple[str, str]) -> None:
    case = Case.objects.select_related("case_type", "court").get(pk=item.record)
    references = list(Reference.objects.filter(case=case).order_by("id").values_list("value", flat=True))
    told = {
        **_common(item, transferred),
        "case": case.pk,
        "court": case.court,
        "reference": references[0] if references else "",
        "references": references,
        "type": case.case_type.name,
        "opened_on": case.opened_on,
        "documents": len(papers),
    }
    Stub.objects.get_or_create(kind=RecordKind.CASE, record=case.pk, defaults=_kept(told, _rule_of(item)))


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


def _rule_of(item: ListItem) -> DisposalClass | None:
    return DisposalClass.objects.filter(schedule__code=item.schedule, code=item.class_code).first()


def _common(item: ListItem, transferred: tuple[str, str]) -> dict[str, object]:
    rule = _rule_of(item)
    return {
        "court": _court_of(item),
        "reference": item.reference,
        "schedule": item.schedule,
        "class_code": item.class_code,
        "class_version": item.class_version,
        "authority": rule.mandate if rule else item.list.ground_note,
        "trigger_on": item.trigger_on,
        "due_on": item.due_on,
        "destroyed_on": clock.today(),
        "certificate": item.list.certificate.number,
        "transferred_to": transferred[0],
        "transfer_reference": transferred[1],
    }


def _court_of(item: ListItem) -> Court | None:
    if item.kind == RecordKind.CASE:
        return Case.objects.select_related("court").get(pk=item.record).court
    home = Filing.objects.filter(document=item.record, is_home=True).select_related("case__court").first()
    return home.case.court if home else None


def _transferred(item: ListItem) -> tuple[str, str]:
    """Where a record went before its copy here was destroyed, and under which reference (RET-H4)."""
    return item.transferred_to, item.transfer_reference


def case_stub(case_id: UUID) -> Stub | None:
    return Stub.objects.filter(kind=RecordKind.CASE, record=case_id).first()
