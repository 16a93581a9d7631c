"""Many writers at once: no fork, no gap, nothing lost. Real processes against a real database."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Load:
    """How many processes and threads write, and how many events each of the threads."""

    processes: int
    threads: int
    each: int

    @property
    def events(self) -> int:
        return self.processes * self.threads * self.each


LOADS = {"sqlite": Load(processes=6, threads=1, each=40), "postgresql": Load(processes=4, threads=4, each=40)}


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


@pytest.mark.requirement("SEC-92")
def test_many_writers_leave_two_whole_chains(shared_database: str) -> None:
    load = LOADS[connection.vendor]
    writers = [
        run("-m", "tests.audit.append_many", str(load.threads), str(load.each), url=shared_database)
        for _ in range(load.processes)
    ]
    for writer in writers:
        finished(writer)
    assert f"{load.events:,} events in 2 streams" in finished(
        run("manage.py", "verify_audit", "--skip-checks", url=shared_database)
    )


def test_the_settings_under_test_take_the_write_lock_at_once() -> None:
    """Without IMMEDIATE two writers on SQLite could both read a head before either writes."""
    if connection.vendor == "sqlite":
        assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
