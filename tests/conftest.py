"""What every test can count on."""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.core.management.color import Style
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from docstore.audit import triggers
from docstore.audit.models import SealedLog
from docstore.retention import attempts, guards
from docstore.search import engine
from tests.courts import TwoCourts, build_courts
from tests.faults.product import Product
from tests.retention.disposing import Disposal, begin
from tests.retention.world import World

_TRANSACTIONAL = {"transactional_db", "live_server", "django_db_serialized_rollback", "django_db_reset_sequences"}
_lifted = False


@pytest.fixture(autouse=True)
def audit_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep the audit's triggers in place during every test, and out of the way of the emptying after a transactional one.

    The triggers refuse the very DELETE and TRUNCATE with which Django cleans up; so they are lifted between the end of
    such a test and its clean-up, and come back before the next one that touches the database.
    """
    global _lifted
    if not _touches_database(request):
        yield
        return
    if not _is_transactional(request):
        request.getfixturevalue("db")
        if _lifted:
            guards.guard(connection)
            triggers.guard(connection)  # inside the test's own transaction: gone again with it
        yield
        attempts.waiting.clear()  # what was refused is undone with the test, and would be told in the next one
        return
    request.getfixturevalue("transactional_db")
    triggers.guard(connection)
    guards.guard(connection)
    yield
    triggers.lift(connection)
    guards.lift(connection)
    _lifted = True


def _touches_database(request: pytest.FixtureRequest) -> bool:
    marked = request.node.get_closest_marker("django_db") is not None
    return marked or bool({"db", *_TRANSACTIONAL} & set(request.fixturenames))


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(_TRANSACTIONAL & set(request.fixturenames))


@pytest.fixture(scope="session")
def demo_court(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The state of a demo court on embedded parts, made once for all the processes of a run, to be copied from."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    made, done = shared / "demo-court", shared / "demo-court-is-whole"
    with (shared / "demo-court-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            made.mkdir()
            Product(made).prepare()
            done.touch()
    return made


@pytest.fixture(autouse=True)
def evidence_of_its_own(request: pytest.FixtureRequest, audit_guard: None) -> None:
    """Each test is an installation of its own: the evidence of another test's log is none of a restored backup."""
    if _touches_database(request):
        SealedLog.objects.filter(pk=1).update(installation=uuid.uuid4())


@pytest.fixture(autouse=True)
def fresh_engine() -> Iterator[None]:
    """Each test configures its search engine anew."""
    engine.configured.cache_clear()
    yield
    engine.configured.cache_clear()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Begin with a copy of the database that the whole run has migrated once (ops.scratch), where it has made one."""
    template = os.environ.get("DOCSTORE_TEST_TEMPLATE")
    if not template or connection.vendor != "sqlite":
        return False  # PostgreSQL copies the template itself: config.settings.test
    shutil.copyfile(template, connection.settings_dict["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Empty tables row by row, and end what is left of other threads' sessions: PostgreSQL drops no database in use.

    Django truncates instead, which costs PostgreSQL new files for some hundred tables that held a handful of rows.
    """
    connection.ops.sql_flush = _delete  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


def _delete(style: Style, tables: Sequence[str], **_: bool) -> list[str]:
    return [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]


@pytest.fixture
def courts(db: None) -> TwoCourts:
    """Two courts, the people of both, and one case in each."""
    return build_courts()


@pytest.fixture
def world(courts: TwoCourts, monkeypatch: pytest.MonkeyPatch) -> World:
    """Schedules and cases with a class, and a clock that can be moved."""
    return World(courts, monkeypatch)


@pytest.fixture
def disposal(world: World, monkeypatch: pytest.MonkeyPatch) -> Disposal:
    """A class whose cases can be brought to destruction, with destruction switched on."""
    return begin(world, monkeypatch)
