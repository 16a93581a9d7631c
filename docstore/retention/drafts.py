"""What a class version says, checked and made canonical: steps from JSON, and the digest that names the wording."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from docstore.core.errors import FieldError, Invalid
from docstore.retention import periods, triggers
from docstore.retention.models import ClassVersion, DisposalClass, DisposalStep
from docstore.retention.vocabulary import AppliesTo, Cutoff, StepAction

MOST_STEPS = 8
MOST_STAGES = 5
MEMBERS = frozenset(
    {
        *("action", "trigger", "period", "cutoff", "maximum", "statute"),
        *("keep_types", "keep_class", "approval_stages", "auto_allowed"),
    }
)


class StepNotUnderstood(Invalid):
    """A step of the class version cannot be taken. Each member that is wrong is named, with what can stand there."""

    code = "step-not-understood"


@dataclass(frozen=True, slots=True)
class Draft:
    """One wording, canonical and unsaved."""

    effective_from: date
    applies_to: AppliesTo
    guard_days: int | None
    steps: tuple[Mapping[str, Any], ...]
    descriptive: bool = False
    source: str = ""


def parse_steps(raw: Sequence[Any], *, pointer: str = "/steps") -> tuple[Mapping[str, Any], ...]:
    """Return steps in canonical form, in order; raise a refusal that names every place at fault."""
    if not 1 <= len(raw) <= MOST_STEPS:
        raise _wrong(pointer, f"Give one to {MOST_STEPS} steps.")
    return tuple(_step(one, f"{pointer}/{place}", place) for place, one in enumerate(raw))


def _step(raw: Any, pointer: str, place: int) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise _wrong(pointer, "Write each step as an object.")
    if unknown := sorted(set(raw) - MEMBERS):
        raise _wrong(f"{pointer}/{unknown[0]}", "This member is not known here. Leave it out.")
    node = triggers.parse(raw.get("trigger"), pointer=f"{pointer}/trigger")
    action = _one_of(raw.get("action"), StepAction, f"{pointer}/action")
    if isinstance(node, triggers.PreviousNode) and place == 0:
        raise _wrong(f"{pointer}/trigger", "The first step has no step before it.")
    if isinstance(node, triggers.MaxNode) and raw.get("period"):
        raise _wrong(f"{pointer}/period", "Members of a max contain their periods already. Leave this out.")
    if action == StepAction.DESTROY and isinstance(node, triggers.NoneNode):
        raise _wrong(f"{pointer}/trigger", "What is destroyed needs an event to count from.")
    return {
        "action": action,
        "trigger": triggers.to_json(node),
        "cutoff": _one_of(raw.get("cutoff") or Cutoff.NONE, Cutoff, f"{pointer}/cutoff"),
        **{name: _period(raw.get(name), f"{pointer}/{name}") for name in ("period", "maximum", "statute")},
        "keep_types": _words(raw.get("keep_types"), f"{pointer}/keep_types"),
        "keep_class": str(raw.get("keep_class") or ""),
        "approval_stages": _stages(raw.get("approval_stages", 1), f"{pointer}/approval_stages"),
        "auto_allowed": raw.get("auto_allowed") is True,
    }


def content_hash(kind: DisposalClass, number: int, draft: Draft) -> str:
    """Return the digest of a wording: the same wherever it is imported (RET-A13)."""
    content = {
        "schedule": kind.schedule.code,
        "code": kind.code,
        "title": kind.title,
        "description": kind.description,
        "mandate": kind.mandate,
        "scope_notes": kind.scope_notes,
        "level": str(kind.level),
        "regulatory": kind.regulatory,
        "number": number,
        "effective_from": draft.effective_from.isoformat(),
        "applies_to": str(draft.applies_to),
        "guard_days": draft.guard_days,
        "descriptive": draft.descriptive,
        "steps": [dict(one) for one in draft.steps],
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def step_json(row: DisposalStep) -> dict[str, Any]:
    """Return a stored step in the same canonical form."""
    return {
        "action": row.action,
        "trigger": row.trigger,
        "cutoff": row.cutoff,
        "period": row.period,
        "maximum": row.maximum,
        "statute": row.statute,
        "keep_types": row.keep_types,
        "keep_class": row.keep_class,
        "approval_stages": row.approval_stages,
        "auto_allowed": row.auto_allowed,
    }


def draft_of(version: ClassVersion) -> Draft:
    """Return a stored wording as a draft."""
    return Draft(
        version.effective_from,
        AppliesTo(version.applies_to),
        version.guard_days,
        tuple(step_json(one) for one in version.steps.all()),
        version.descriptive,
        version.source,
    )


def _one_of(value: Any, names: type[StepAction] | type[Cutoff], pointer: str) -> str:
    if value not in set(names):
        raise _wrong(pointer, f"Choose one of {', '.join(names)}.")
    return str(value)


def _period(value: Any, pointer: str) -> str:
    if value in (None, ""):
        return ""
    try:
        return str(periods.parse(str(value)))
    except periods.PeriodNotUnderstood as error:
        raise _wrong(pointer, error.sentence) from error


def _stages(value: Any, pointer: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_STAGES:
        raise _wrong(pointer, f"Give a number from 1 to {MOST_STAGES}.")
    return value


def _words(value: Any, pointer: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise _wrong(pointer, "Give a list of document types.")
    return sorted({one.strip() for one in value})


def _wrong(pointer: str, detail: str) -> StepNotUnderstood:
    return StepNotUnderstood(errors=(FieldError(pointer, "step-not-understood", detail),))
