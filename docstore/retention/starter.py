"""Reading the published starter schedule: eleven columns, one class a row, triggers and periods as courts publish them.

A row that its compilers were not sure of, or that names no clear event, describes a rule and never computes a date.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docstore.retention.triggers import event_type
from docstore.retention.vocabulary import Level

COLUMNS = (
    *("code", "jurisdiction", "court", "series", "level", "trigger", "period"),
    *("action", "notes", "source", "confidence"),
)
HOLD, PERMANENT, NOTHING, SURE = "hold", "PERM", "-", "H"
EARLIER = re.compile(r"-V\d+$")
AGE = re.compile(r"(youngest_minor|subject)_age_(\d{1,3})")
UNCLEAR = ("case_end_unspecified",)


class TriggerUnknown(ValueError):
    """The trigger is not one of the published ones."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One row."""

    code: str
    told: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    descriptive: bool
    source: str
    is_earlier_wording: bool


def parse(row: Mapping[str, str]) -> Parsed:
    """Return a class and its one step for a row of the starter schedule."""
    code = row["code"].strip()
    told = {
        "title": row["series"][:200],
        "description": f"{row['court']}, {row['jurisdiction']}: {row['series']}.",
        "mandate": row["source"],
        "scope_notes": row["notes"] or "None.",
        "level": Level(row["level"]),
    }
    step = _step(row)
    unsure = row["confidence"].strip() != SURE or row["trigger"].strip() in UNCLEAR
    return Parsed(
        code=EARLIER.sub("", code),
        told=told,
        steps=[step],
        descriptive=unsure or row["trigger"].strip() == "previous_step",
        source=row["source"],
        is_earlier_wording=bool(EARLIER.search(code)),
    )


def _step(row: Mapping[str, str]) -> dict[str, Any]:
    trigger, period, action = row["trigger"].strip(), row["period"].strip(), row["action"].strip()
    if period == PERMANENT or (trigger == NOTHING and period == NOTHING):
        return {"action": action, "trigger": {"none": True}}
    node = _node(trigger)
    fixed = "" if "max" in node or period == NOTHING else period
    if "previous_step" in node:  # the step before it is another class of the table
        node = {"event": "manual"}
    return {"action": action, "trigger": node, "period": fixed}


def _node(text: str) -> dict[str, Any]:
    if text == NOTHING:
        return {"none": True}
    if text == "previous_step":
        return {"previous_step": "completed"}
    if text.startswith("max(") and text.endswith(")"):
        return {"max": [_node(part.strip()) for part in text[4:-1].split(",")]}
    if aged := AGE.fullmatch(text):
        return {"age": {"years": int(aged[2]), "of": aged[1]}}
    name, plus, length = text.partition("+")
    if event_type(name) is None:
        raise TriggerUnknown(f"there is no trigger called {name}")
    if not plus:
        return {"event": name}
    return {"event": name, "period": length}
