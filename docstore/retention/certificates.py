"""Issuing certificates: signed, put where nobody can change them, and provable to stand in the audit (RET-I1, I3, I6)."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from docstore.access.actor import Actor
from docstore.audit import chain, sealing
from docstore.audit.anchor import anchor
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload, Checkpoint
from docstore.audit.sealed import prove_inclusion
from docstore.core import clock, conf, signing
from docstore.core.errors import Conflict, NotFound
from docstore.retention import certificate_pdf, ledger, lists
from docstore.retention.certificate_content import content_of
from docstore.retention.disposal_models import (
    TO_DO,
    Certificate,
    CertificateIssue,
    DisposalList,
    ItemState,
)
from docstore.retention.list_trail import tell

PAYLOAD_TYPE = "application/vnd.docstore.certificate+json"


class NotIssuedYet(Conflict):
    """The certificate has not been issued yet: the list is still being carried out."""

    code = "not-issued"


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as it leaves the house."""

    number: str
    is_final: bool
    envelope: dict[str, Any]

    @property
    def content(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(base64.b64decode(self.envelope["payload"]))
        return told


def issue(made: DisposalList, *, by: Actor) -> CertificateIssue:
    """Sign what stands now and put it into locked storage. Interim while anything is left, or the ledger is not written."""
    certificate = Certificate.objects.get(list=made)
    is_final = not made.items.filter(state__in=TO_DO).exists() and ledger.is_whole(made)
    sealing.seal()
    checkpoint = Checkpoint.objects.order_by("size").last()
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
        before = certificate.issues.order_by("issue").last()
        told = content_of(made, certificate, is_final=is_final, before=before, checkpoint=checkpoint)
        payload = chain.canonical(told)
        digest = hashlib.sha256(payload).hexdigest()
        envelope = signing.sign(payload, payload_type=PAYLOAD_TYPE)
        facts: dict[str, object] = {
            "certificate": certificate.number,
            "issue": told["issue"],
            "sha256": digest,
            "final": is_final,
        }
        event = tell(Event.CERTIFICATE_ISSUED, by, made, facts)
        row = CertificateIssue.objects.create(
            certificate=certificate,
            issue=before.issue + 1 if before else 1,
            is_final=is_final,
            issued_at=clock.now(),
            envelope=json.dumps(envelope),
            sha256=digest,
            event=event.pk,
        )
    _anchor(row)
    sealing.seal()
    return row


def clear_of_backups(made: DisposalList) -> None:
    """Say when the last backup and the last copy of the index that could hold what was destroyed are let go (RET-G18, G19)."""
    ended = made.items.filter(state=ItemState.DESTROYED).aggregate(last=Max("finished_at"))["last"]
    last = ended.astimezone(clock.COURT_ZONE).date() if ended else clock.today()
    chosen = conf.get().disposal
    Certificate.objects.filter(list=made).update(
        backups_clear_on=last + timedelta(days=chosen.backup_days),
        index_clear_on=last + timedelta(days=chosen.index_snapshot_days),
    )


def certificate_of(actor: Actor, made: DisposalList) -> Issued:
    """Return the latest certificate of a list, with the proof that it stands in the audit; raise NotIssuedYet."""
    row = CertificateIssue.objects.filter(certificate__list=made).order_by("issue").last()
    if row is None:
        raise NotIssuedYet
    return _issued(row)


def certificate_by_number(actor: Actor, number: str) -> Issued:
    """Return a certificate by its number to those who manage the records of its court; raise NotFound."""
    found = Certificate.objects.filter(pk=number, list__in=lists.lists_of(actor)).select_related("list").first()
    if found is None:
        raise NotFound
    return certificate_of(actor, found.list)


def pdf_of(issued: Issued) -> bytes:
    """Return the certificate as a page to print and file."""
    return certificate_pdf.render(
        issued.content, digest=hashlib.sha256(base64.b64decode(issued.envelope["payload"])).hexdigest()
    )


def _issued(row: CertificateIssue) -> Issued:
    envelope = json.loads(row.envelope)
    proof = _inclusion(row)
    return Issued(row.certificate_id, row.is_final, {**envelope, **({"inclusion": proof} if proof else {})})


def _inclusion(row: CertificateIssue) -> dict[str, Any] | None:
    """Everything that links the certificate's digest to a signed checkpoint; None until the event is sealed."""
    event = AuditEvent.objects.get(pk=row.event)
    payload = AuditPayload.objects.filter(pk=row.event).first()
    last = Checkpoint.objects.order_by("size").last()
    if payload is None or last is None or event.log_index is None or event.log_index >= last.size:
        return None
    told = prove_inclusion(event, last)
    return {
        "event": {
            "prev_hash": bytes(event.prev_hash).hex(),
            "header": base64.b64encode(bytes(event.header)).decode(),
            "salt": bytes(payload.salt).hex(),
            "payload": base64.b64encode(bytes(payload.payload)).decode(),
        },
        "index": told.index,
        "proof": [one.hex() for one in told.proof],
        "checkpoint": told.note,
    }


def _anchor(row: CertificateIssue) -> None:
    at = f"{sealing.prefix()}certificates/{row.certificate_id}-{row.issue}"
    issued = Issued(row.certificate_id, row.is_final, json.loads(row.envelope))
    anchor().put(f"{at}.json", row.envelope.encode())
    if anchor().read(f"{at}.pdf") is None:
        anchor().put(f"{at}.pdf", pdf_of(issued))
    CertificateIssue.objects.filter(pk=row.pk).update(anchored_at=clock.now())
