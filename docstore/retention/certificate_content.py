"""What a certificate says: authority, people, each record and each copy, what was left and why (RET-I1, I2).

Plain values for canonical JSON: text, whole numbers, lists. Ids and digests; the only names are those of accounts.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from docstore.access.models import User
from docstore.audit.models import Checkpoint
from docstore.core import clock
from docstore.retention.disposal_models import (
    BEGUN,
    Certificate,
    CertificateIssue,
    DestructionTarget,
    DisposalList,
    ItemState,
    ListItem,
    TargetKind,
)
from docstore.retention.models import DisposalClass
from docstore.retention.vocabulary import ENGINE_VERSION

FORMAT = "docstore-certificate/1"
SOFTWARE = "docstore/1"
METHODS = {
    TargetKind.OBJECT_VERSION: "deleted by version id, absence verified by a listing",
    TargetKind.RENDITION: "deleted by version id, absence verified by a listing",
    TargetKind.BUNDLE_COPY: "deleted by version id, absence verified by a listing",
    TargetKind.DELETE_MARKER: "deleted by version id, absence verified by a listing",
    TargetKind.MULTIPART_PART: "upload aborted, absence verified by a listing",
    TargetKind.SEARCH_ENTRIES: "removed from the index; physical removal scheduled",
    TargetKind.QUEUED_WORK: "dropped from the queue",
    TargetKind.CASE_FILING: "unlinked; the document stays on its other cases",
    TargetKind.DATABASE_TEXT: "rows removed; the stub stays",
}
LEFT = (ItemState.SKIPPED, ItemState.BLOCKED, *BEGUN)


def content_of(
    made: DisposalList,
    certificate: Certificate,
    *,
    is_final: bool,
    before: CertificateIssue | None,
    checkpoint: Checkpoint | None,
) -> dict[str, object]:
    """Return what the certificate of a list says now."""
    people = _People()
    items = list(made.items.order_by("place").prefetch_related("targets"))
    return {
        "format": FORMAT,
        "certificate": certificate.number,
        "issue": before.issue + 1 if before else 1,
        "status": "final" if is_final else "interim",
        "supersedes": {"issue": before.issue, "sha256": before.sha256} if before else {},
        "list": _list(made, people),
        "authority": list(_authority(made, items)),
        "approvals": [
            {
                "stage": one.stage,
                "by": people.named(one.approver),
                "at": clock_text(one.decided_at),
                "snapshot_sha256": one.snapshot_hash,
                **({} if made.sensitive or not one.comment else {"comment": one.comment}),
            }
            for one in made.approvals.filter(is_yes=True, voided_at=None)
        ],
        "holds_checked": "each record and each of its papers, in the database, under lock, before its destruction began",
        "records": [_record(one) for one in items if one.state == ItemState.DESTROYED],
        "not_destroyed": [_left(one, made) for one in items if one.state in LEFT or one.state == ItemState.WITHDRAWN],
        "counts": _counts(items),
        "backups_clear_on": certificate.backups_clear_on.isoformat() if certificate.backups_clear_on else "",
        "index_snapshots_clear_on": certificate.index_clear_on.isoformat() if certificate.index_clear_on else "",
        "outside_control": [],
        "software": {"version": SOFTWARE, "evaluation": ENGINE_VERSION},
        "audit": {"size": checkpoint.size, "root": bytes(checkpoint.root).hex(), "note": checkpoint.note}
        if checkpoint
        else {},
        "issued_at": clock_text(clock.now()),
    }


def clock_text(at: object) -> str:
    """A time as text: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(at, datetime) else ""


class _People:
    """Accounts by id, looked up once each."""

    def __init__(self) -> None:
        self._known: dict[UUID, dict[str, str]] = {}

    def named(self, person: UUID | None) -> dict[str, str]:
        if person is None:
            return {"id": "", "account": "docstore"}
        if person not in self._known:
            account = User.objects.filter(pk=person).values_list("username", flat=True).first()
            self._known[person] = {"id": str(person), "account": account or ""}
        return self._known[person]


def _list(made: DisposalList, people: _People) -> dict[str, object]:
    return {
        "id": str(made.pk),
        "number": made.number,
        "ground": made.ground,
        "court": made.court.code if made.court else "",
        "snapshot_at": clock_text(made.snapshot_at),
        "snapshot_sha256": made.snapshot_hash,
        "made_by": people.named(made.made_by),
        "made_at": clock_text(made.made_at),
        "submitted_by": people.named(made.submitted_by),
        "submitted_at": clock_text(made.submitted_at),
        "cooling_until": clock_text(made.cooling_until),
        "carried_out_by": people.named(made.carried_out_by),
        "carried_out_at": clock_text(made.carried_out_at),
        "sensitive": made.sensitive,
        "approved_by_rule": made.approved_by_rule,
    }


def _authority(made: DisposalList, items: list[ListItem]) -> Iterator[dict[str, object]]:
    if made.ground_note and not made.sensitive:
        yield {"ground": made.ground, "note": made.ground_note}
    for schedule, code, number in sorted(
        {(one.schedule, one.class_code, one.class_version) for one in items if one.class_code}
    ):
        rule = DisposalClass.objects.filter(schedule__code=schedule, code=code).select_related("schedule").first()
        yield {
            "schedule": schedule,
            "class": code,
            "version": number,
            "title": rule.title if rule else "",
            "mandate": rule.mandate if rule else "",
        }


def _record(item: ListItem) -> dict[str, object]:
    return {
        "kind": item.kind,
        "record": str(item.record),
        "reference": item.reference,
        "class": f"{item.schedule}/{item.class_code}" if item.class_code else "",
        "class_version": item.class_version,
        "action": item.action,
        "trigger_on": item.trigger_on.isoformat() if item.trigger_on else "",
        "due_on": item.due_on.isoformat() if item.due_on else "",
        "facts_sha256": item.facts_hash,
        "destroyed_at": clock_text(item.finished_at),
        "documents": sorted(
            {one.paper for one in item.targets.all() if one.kind == TargetKind.DATABASE_TEXT and one.paper}
        ),
        "targets": [_target(one) for one in item.targets.all()],
        **(
            {"transferred_to": item.transferred_to, "transfer_reference": item.transfer_reference}
            if item.transferred_to
            else {}
        ),
    }


def _target(one: DestructionTarget) -> dict[str, object]:
    return {
        "kind": one.kind,
        "locator": one.locator,
        "storage_version": one.storage_version,
        "sha256": one.sha256,
        "bytes": one.size,
        "method": METHODS[TargetKind(one.kind)],
        "result": one.status,
        "evidence": one.evidence,
        "at": clock_text(one.settled_at),
    }


def _left(item: ListItem, made: DisposalList) -> dict[str, object]:
    why = {} if made.sensitive else {"why": item.state_reason}
    return {"kind": item.kind, "record": str(item.record), "reference": item.reference, "state": item.state, **why}


def _counts(items: list[ListItem]) -> dict[str, int]:
    gone = [one for one in items if one.state == ItemState.DESTROYED]
    return {
        "items": len(items),
        "destroyed": len(gone),
        "documents": sum(one.documents for one in gone),
        "pages": sum(one.pages for one in gone),
        "bytes": sum(one.bytes for one in gone),
        "copies": sum(len(one.targets.all()) for one in gone),
    }
