"""All generated pages: write them, or say which are stale."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from docstore.management.references import access_matrix, events, lifecycle, openapi, problems, requirements

FOLDER = Path(settings.ROOT) / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "access-matrix.md": access_matrix.render,
    "lifecycle.md": lifecycle.render,
    "events.md": events.render,
    "requirements.md": requirements.render,
    "openapi.json": openapi.render,
    "problems.md": problems.render,
}


def write() -> list[Path]:
    """Write every page; return where they are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, render in PAGES.items():
        (FOLDER / name).write_text(render())
    return [FOLDER / name for name in PAGES]


def stale() -> list[str]:
    """Return the names of pages that differ from what the code says now."""
    return [name for name, render in PAGES.items() if _kept(FOLDER / name) != render()]


def _kept(path: Path) -> str:
    return path.read_text() if path.exists() else ""
