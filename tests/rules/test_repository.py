"""What lies around the source: migrations, dependencies, requirement marks."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from docstore.management.references.requirements import marked
from tests.rules.source import ROOT

IDS = ROOT / "docs" / "reference" / "requirement-ids.txt"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_requirement_mark_names_a_requirement() -> None:
    known = set(IDS.read_text().split())
    assert {one for one in marked(ROOT / "tests") if one not in known} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.in")), ids=lambda path: path.name)
def test_every_dependency_says_why(path: Path) -> None:
    """The reason stands behind the name or in the comment lines right above it."""
    without = []
    above = ""
    for line in path.read_text().splitlines():
        if line.startswith("#"):
            above = line
        elif not line.strip():
            above = ""
        else:
            is_dependency = not line.startswith("-")
            if is_dependency and not re.search(r"#\s*\S", line) and not re.search(r"#\s*\S", above):
                without.append(line)
            above = above if "#" not in line else ""
    assert without == []


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_every_locked_dependency_has_a_hash(path: Path) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", path.read_text())
    pinned = [block for block in blocks if re.match(r"[A-Za-z0-9._\[\]-]+==", block)]
    assert pinned
    assert [block.partition("==")[0] for block in pinned if "--hash=sha256:" not in block] == []


# Who looks into the environment besides config, each with its reason.
READS_ENVIRONMENT = {
    "docstore/reading/child/start.py": "sets what the OCR library reads, inside the sandbox",
    "docstore/reading/ocr/in_process.py": "the library's own variable for language data",
    "docstore/reading/ocr/by_command.py": "the program's own variable for threads",
    "docstore/reading/sandbox.py": "finds the programs that the sandbox is made of",
    "workers/app.py": "names the settings module, as manage.py and wsgi.py do",
}


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for place in ("docstore", "workers")
        for path in (ROOT / place).rglob("*.py")
        if "os.environ" in path.read_text()
    }
    assert readers - set(READS_ENVIRONMENT) == set()
