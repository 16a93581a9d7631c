"""Retention as JSON, member by member as design/outside.md section 5 fixes it."""

from collections.abc import Iterable
from typing import Any

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.api.shapes import moment
from docstore.cases.lifecycle import Lifecycle
from docstore.retention.drafts import step_json
from docstore.retention.evaluate import Evaluation, HoldFact
from docstore.retention.hold_models import Hold
from docstore.retention.models import ClassVersion, DisposalClass, Trigger
from docstore.retention.preview import Moved


def retention(actor: Actor, found: Evaluation, lifecycle: Lifecycle) -> dict[str, Any]:
    rule = found.basis.rule if found.basis else None
    return {
        "class": {"schedule": rule.schedule, "code": rule.code, "version": rule.number} if rule else None,
        "outcome": str(found.outcome),
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "flags": list(found.flags),
        "because": list(found.because),
        "holds": [hold_named(actor, one) for one in found.holds],
        "next_action": found.next_action,
        "lifecycle": str(lifecycle),
    }


def hold_named(actor: Actor, one: HoldFact) -> dict[str, Any]:
    """A hold beside a record: its title only for those who may read it (RET-K2)."""
    named = {"id": str(one.id), "via": str(one.via)}
    return {**named, "title": one.title} if _may_read(actor, restricted=one.restricted) else named


def trigger(row: Trigger, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "type": row.type,
        "event_on": row.event_on.isoformat(),
        "source": row.source,
        "confidence": row.confidence,
        "provisional_until": row.provisional_until.isoformat() if row.provisional_until else None,
        "party": str(row.party) if row.party else None,
        "length": row.length,
        "reason": row.reason,
        "evidence": row.evidence,
        "recorded_at": moment(row.recorded_at),
        "recorded_by": names.get(row.recorded_by, "Docstore"),
        "void": row.voided_by.exists(),
    }


def disposal_class(row: DisposalClass) -> dict[str, Any]:
    return {
        "id": row.pk,
        "schedule": row.schedule.code,
        "code": row.code,
        "title": row.title,
        "level": row.level,
        "versions": [class_version(one) for one in row.versions.all()],
    }


def class_version(row: ClassVersion) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "status": row.status,
        "effective_from": row.effective_from.isoformat(),
        "applies_to": row.applies_to,
        "guard_until": row.guard_until.isoformat() if row.guard_until else None,
        "content_sha256": row.content_hash,
        "steps": [step_json(one) for one in row.steps.all()],
    }


def moved(one: Moved) -> dict[str, Any]:
    return {
        "kind": str(one.record.kind),
        "record": str(one.record.id),
        "effect": str(one.effect),
        "before": one.before.due_on.isoformat() if one.before.due_on else None,
        "after": one.after.due_on.isoformat() if one.after.due_on else None,
    }


def hold(actor: Actor, row: Hold, *, members: int, names: dict[Any, str]) -> dict[str, Any]:
    may_read = _may_read(actor, restricted=row.restricted)
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "title": row.title if may_read else None,
        "reason": row.reason if may_read else None,
        "mandate": row.mandate if may_read else "",
        "restricted": row.restricted,
        "placed_at": moment(row.placed_at),
        "placed_by": names.get(row.placed_by, "Docstore"),
        "starts_on": row.starts_on.isoformat(),
        "review_on": row.review_on.isoformat(),
        "members": members,
        "release_asked_by": names.get(row.release_asked_by) if row.release_asked_by else None,
        "released_at": moment(row.released_at),
        "release_reason": row.release_reason or None,
        "guard_until": row.guard_until.isoformat() if row.guard_until else None,
    }


def people_of(holds: Iterable[Hold]) -> set[Any]:
    return {one for row in holds for one in (row.placed_by, row.release_asked_by) if one}


def _may_read(actor: Actor, *, restricted: bool) -> bool:
    return not restricted or actor.may(Permission.READ_HOLD_REASONS)
