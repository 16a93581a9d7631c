"""Every public action writes an event, and every event is written by something (architecture.md §8)."""

import ast
from pathlib import Path

import pytest

from docstore.audit.events import Event
from tests.rules.source import ROOT, Function, Module, called, modules, under

RECORDERS = {"record", "record_alone", "record_in_each", "record_many"}
# Public functions in */actions.py that change nothing a court would ask about, each with its reason.
WITHOUT_EVENT: dict[str, str] = {
    "docstore/access/actions.py:note_key_used": "remembers the minute of a request; what it does is recorded",
    "docstore/audit/actions.py": "the audit itself",
    "docstore/documents/actions.py:filing_place": "asks where something would be filed",
    "docstore/documents/actions.py:next_number": "counts versions",
    "docstore/intake/actions.py:claim_request": "remembers that a request was begun; the act itself is recorded",
    "docstore/intake/actions.py:checked": "looks at a file before it is filed; filing it is recorded",
    "docstore/intake/actions.py:forget_old_requests": "drops answers kept for retries after seven days",
    "docstore/intake/actions.py:store": "puts bytes that nobody refers to yet; filing them is recorded",
    "docstore/intake/actions.py:look_into": "reads a file before it is filed, as above",
    "docstore/reading/actions.py:examine": "looks at a file before it is filed; filing it is recorded",
    "docstore/reading/actions.py:pages_of": "cuts pages out of a file; filing them is recorded",
    "docstore/reading/actions.py:open_version": "a step of reading: the version's end is recorded by documents.progress",
    "docstore/reading/actions.py:read_page": "a step of reading, as above; a failed page is recorded there",
}
# What the audit does itself, and writes down; its other modules only name events.
AUDITS_ITSELF = {"sealing.py", "erasing.py", "timekeeping.py"}
# Events that nothing writes yet, each with its reason.
NOT_YET: dict[Event, str] = {}


def action_modules() -> list[Module]:
    return [module for module in under("docstore") if module.path.name == "actions.py"]


def public_actions() -> list[tuple[str, Function, Module]]:
    return [
        (f"{module.name}:{node.name}", node, module)
        for module in action_modules()
        for node in module.tree.body
        if isinstance(node, Function) and not node.name.startswith("_")
    ]


def recording_functions() -> set[str]:
    """Names of functions that record, directly or through others, anywhere in the rooms; found by going round."""
    bodies = {(module.name, one.name): one for module in under("docstore") for one in module.functions()}
    recording = set(RECORDERS)
    while True:
        more = {
            name
            for (_, name), body in bodies.items()
            if name not in recording
            and any(called(call) in recording for call in ast.walk(body) if isinstance(call, ast.Call))
        }
        if not more:
            return recording
        recording |= more


@pytest.mark.requirement("SEC-91")
def test_every_action_records_an_event() -> None:
    recording = recording_functions()
    silent = [
        name
        for name, function, module in public_actions()
        if function.name not in recording and name not in WITHOUT_EVENT and module.name not in WITHOUT_EVENT
    ]
    assert silent == []


@pytest.mark.requirement("RET-L1")
def test_every_act_of_retention_records_an_event() -> None:
    """In every module of the room, whoever acts on somebody's behalf leaves an event."""
    recording = recording_functions()
    silent = [
        f"{module.name}:{node.name}"
        for module in under("docstore/retention")
        for node in module.tree.body
        if isinstance(node, Function)
        and not node.name.startswith("_")
        and "by" in {one.arg for one in [*node.args.args, *node.args.kwonlyargs]}
        and node.name not in recording
    ]
    assert silent == ["docstore/retention/schedules.py:version_seen"]  # a question that asks who is asking


def test_the_exceptions_still_exist() -> None:
    known = {name for name, _, _ in public_actions()} | {module.name for module in action_modules()}
    assert set(WITHOUT_EVENT) - known == set()


def test_every_event_is_written_somewhere() -> None:
    used = {
        node.attr
        for module in modules()
        if Path(module.name) != Path("docstore/audit/events.py")
        and (not module.path.is_relative_to(ROOT / "docstore/audit") or module.path.name in AUDITS_ITSELF)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Event"
    }
    assert {event.name for event in Event} - used - {event.name for event in NOT_YET} == set()


def test_events_are_named_as_noun_and_past_tense() -> None:
    odd = [event for event in Event if event.count(".") != 1 or event != event.lower()]
    assert odd == []
    assert list(Event.__members__) == sorted(Event.__members__, key=lambda name: name.replace("_", " "))
