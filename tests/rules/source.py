"""The product's source as syntax trees, read once, for tests that look at how it is written."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "docstore", "workers", "station", "benchmarks")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One file of source."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as people click on it."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}"

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the product; not migrations, which Django writes."""
    found = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(_read(path) for path in found if "migrations" not in path.parts)


@cache
def modules_of_tests() -> tuple[Module, ...]:
    """Every module of the tests."""
    return tuple(_read(path) for path in sorted((ROOT / "tests").rglob("*.py")))


def under(*places: str) -> list[Module]:
    """The product's modules below one of these places, such as 'docstore/api'."""
    return [one for one in modules() if any(one.path.is_relative_to(ROOT / place) for place in places)]


def called(call: ast.Call) -> str:
    """The last name of what is called: 'save' for a.b.save()."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def dotted(node: ast.AST) -> str:
    """The dotted text of a name or attribute; empty where it is something else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            before = dotted(value)
            return f"{before}.{name}" if before else name
        case _:
            return ""


def _read(path: Path) -> Module:
    text = path.read_text()
    return Module(path, text, ast.parse(text, filename=str(path)))
