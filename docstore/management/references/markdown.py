"""Tables in Markdown."""

from collections.abc import Iterable, Sequence

WRITTEN = "Written by `manage.py references` from the code. Do not edit; a test fails where this page is stale."


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table with one line per row."""
    lines = [_line(head), _line(["---"] * len(head)), *(_line([str(cell) for cell in row]) for row in rows)]
    return "\n".join(lines)


def page(title: str, *parts: str) -> str:
    """Return a whole page: a title, where it comes from, and its parts."""
    return "\n\n".join([f"# {title}", WRITTEN, *parts]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
