"""Disposal as JSON, member by member as design/outside.md section 5 fixes it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from docstore.api.shapes import moment
from docstore.retention.disposal_models import DisposalList, ListItem
from docstore.retention.stub_models import Stub
from docstore.retention.stubs import statement
from docstore.retention.targets import Plan


def disposal_list(made: DisposalList, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": str(made.pk),
        "number": made.number,
        "status": made.status,
        "ground": made.ground,
        "court": made.court.code if made.court else None,
        "classes": made.classes,
        "snapshot_at": moment(made.snapshot_at),
        "snapshot_hash": made.snapshot_hash,
        "expires_on": made.expires_on.isoformat(),
        "planned_on": made.planned_on.isoformat() if made.planned_on else None,
        "sensitive": made.sensitive,
        "items": made.items_total,
        "counts": {"documents": made.documents, "pages": made.pages, "bytes": made.bytes},
        "stages": made.stages,
        "made_by": names.get(made.made_by, "Docstore") if made.made_by else "Docstore",
        "approvals": [
            {"stage": one.stage, "by": names.get(one.approver, ""), "at": moment(one.decided_at)}
            for one in made.approvals.filter(voided_at=None, is_yes=True)
        ],
        "cooling_until": moment(made.cooling_until) if made.cooling_until else None,
    }


def item(row: ListItem) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "record": str(row.record),
        "reference": row.reference,
        "class": f"{row.schedule}/{row.class_code}" if row.class_code else None,
        "action": row.action,
        "decision": row.decision or None,
        "reason": row.decision_reason or None,
        "state": row.state,
        "state_reason": row.state_reason or None,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "because": row.because,
        "counts": {"documents": row.documents, "pages": row.pages, "bytes": row.bytes},
    }


def plan(plans: list[Plan]) -> dict[str, Any]:
    return {
        "records": [
            {
                "record": str(one.record.id),
                "kind": str(one.record.kind),
                "targets": [{"kind": str(t.kind), "locator": t.locator, "bytes": t.size} for t in one.targets],
                "unlinked": len(one.unlinked),
                "blockers": [blocker.why for blocker in one.blockers],
            }
            for one in plans
        ]
    }


def stub(row: Stub, digests: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "record": str(row.record),
        "reference": row.reference,
        "type": row.type,
        "class": f"{row.schedule}/{row.class_code}" if row.class_code else None,
        "class_version": row.class_version,
        "authority": row.authority,
        "opened_on": row.opened_on.isoformat() if row.opened_on else None,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "destroyed_on": row.destroyed_on.isoformat(),
        "certificate": row.certificate,
        "certificate_sha256": digests.get(row.certificate),
        "transferred_to": row.transferred_to or None,
        "statement": statement(row),
    }
