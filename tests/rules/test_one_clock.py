"""Time is read in one place, which tests can move: nothing else in the product asks the machine what time it is (RET-P4)."""

import ast
from datetime import UTC, datetime, timedelta

import pytest

from docstore.core import clock
from tests.rules.source import modules

READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
    ("timezone", "now"),
}
CLOCK = "docstore/core/clock.py"


def readings(tree: ast.AST) -> list[str]:
    """Calls in a module that read the machine's clock, as they stand."""
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (ast.unparse(node.func.value).rpartition(".")[2], node.func.attr) in READERS
    ]


@pytest.mark.requirement("RET-P4")
def test_nothing_but_the_clock_reads_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {module.name: readings(module.tree) for module in modules()}
    assert found.pop(CLOCK)  # the rule finds what it looks for
    assert {name: calls for name, calls in found.items() if calls and name.startswith(("docstore/", "workers/"))} == {}
    frozen = datetime(2030, 3, 31, 0, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: frozen)
    assert (clock.now(), clock.today()) == (frozen, frozen.date())
    monkeypatch.setattr(clock, "now", lambda: frozen + timedelta(days=1, hours=23))
    assert (
        clock.today().isoformat() == "2030-04-02"
    )  # the civil day at the courts, in summer time: 23:30 is past midnight there
