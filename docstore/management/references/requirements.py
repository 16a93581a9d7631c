"""Which requirements are proven by tests: read from the marks in the tests, without running them."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from docstore.management.references.markdown import page, table


def render() -> str:
    """Return the page of requirements with the tests that prove each."""
    found = marked(Path(settings.ROOT) / "tests")
    rows = ((one, "<br>".join(sorted(found[one]))) for one in sorted(found, key=_in_order))
    return page(
        "Requirements proven by tests", f"{len(found)} requirements.", table(("requirement", "proven by"), rows)
    )


def marked(tests: Path) -> dict[str, set[str]]:
    """Return each marked id with the tests that bear it, as `file::test`."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(tests.rglob("*.py")):
        place = str(path.relative_to(tests.parent))
        for name, one in _marks(ast.parse(path.read_text())):
            found[one].add(f"`{place}`" if not name else f"`{place}` {name.removeprefix('test_').replace('_', ' ')}")
    return found


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                yield from ((node.name, one) for one in _ids(decorator))
        elif isinstance(node, ast.Assign) and any(
            isinstance(at, ast.Name) and at.id == "pytestmark" for at in node.targets
        ):
            yield from (("", one) for one in _ids(node.value))


def _ids(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "requirement":
            yield from (one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _in_order(one: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", one) if part]
