"""Many writers at once: no fork, no gap, nothing lost. Real processes against a real database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


PROCESSES, THREADS = 2, 8
# How many events each of the sixteen writers appends. `make bench PARTS=audit` writes the 1,000 of RET-L3 on both databases.
EACH = 25


def run(*arguments: str, url: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(process: "subprocess.Popen[str]") -> str:
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, out
    return out


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> str:
    """A database that other processes can open: the tests' own on PostgreSQL, a file with all migrations on SQLite."""
    if connection.vendor == "sqlite":
        url = f"sqlite:///{tmp_path / 'audit.sqlite3'}"
        finished(run("manage.py", "migrate", "--skip-checks", "-v0", url=url))
        return url
    chosen = connection.settings_dict
    where = f"{chosen['HOST']}:{chosen['PORT'] or 5432}" if not chosen["HOST"].startswith("/") else ""
    socket = f"?host={chosen['HOST']}&port={chosen['PORT'] or 5432}" if not where else ""
    return f"postgresql://{chosen['USER']}:{chosen['PASSWORD']}@{where}/{chosen['NAME']}{socket}"


@pytest.mark.requirement("SEC-92", "RET-L3", "RET-S10")
def test_sixteen_writers_on_one_stream_leave_one_whole_chain(shared_database: str) -> None:
    """Whole means numbered from 1 to N without a gap, no fork, every hash right: what verification asks."""
    append = ("-m", "tests.audit.append_many", str(THREADS), str(EACH))
    for writer in [run(*append, url=shared_database) for _ in range(PROCESSES)]:
        finished(writer)
    verified = finished(run("manage.py", "verify_audit", "--skip-checks", url=shared_database))
    assert f"Every chain holds: {PROCESSES * THREADS * EACH:,} events in 1 streams." in verified


def test_the_settings_under_test_take_the_write_lock_at_once() -> None:
    """Without IMMEDIATE two writers on SQLite could both read a head before either writes."""
    if connection.vendor == "sqlite":
        assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
