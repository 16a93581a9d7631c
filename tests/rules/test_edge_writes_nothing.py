"""Views, tasks and commands call actions; they write no row themselves (architecture.md §2)."""

import ast

from tests.rules.source import Module, called, dotted, under

EDGE = ("docstore/api", "docstore/web", "workers", "docstore/management")
WRITES = {
    *("save", "delete", "create", "get_or_create", "update_or_create", "acreate", "asave", "adelete"),
    *("bulk_create", "bulk_update", "abulk_create", "raw", "execute", "executemany"),
}
# `update`, `add`, `remove`, `set` and `clear` are also words of dictionaries and sets: only after a manager or queryset.
AMBIGUOUS = {"update", "add", "remove", "set", "clear"}
QUERYSETS = {"objects", "filter", "exclude", "all"}


def is_write(call: ast.Call) -> bool:
    name = called(call)
    if name in WRITES and isinstance(call.func, ast.Attribute):
        return True
    return name in AMBIGUOUS and isinstance(call.func, ast.Attribute) and _is_queryset(call.func.value)


def _is_queryset(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in QUERYSETS
        case ast.Attribute(attr=name):
            return name in QUERYSETS
        case _:
            return False


def writes(module: Module) -> list[str]:
    return [f"{module.at(call)} {dotted(call.func)}" for call in module.calls() if is_write(call)]


def test_no_rows_are_written_at_the_edge() -> None:
    assert [found for module in under(*EDGE) for found in writes(module)] == []


def test_no_transaction_is_opened_at_the_edge() -> None:
    """An act is atomic in its action; a transaction around a view would hold locks while bytes travel."""
    found = [
        module.at(node)
        for module in under(*EDGE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and dotted(node) == "transaction.atomic"
    ]
    assert found == []
