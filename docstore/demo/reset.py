"""Throws the demo court away: its index, its tables, its files. Refused for anything that is not a demo court.

Objects in an S3 vault stay: they may be locked, their names are random, and nothing refers to them any more.
"""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from docstore.access.actions import OnlyInDemoCourt
from docstore.core import conf
from docstore.search.engine import configured

_KEPT = frozenset({"env", "services", "full", "downloads", "run.lock", "running"})


def throw_away() -> str:
    """Empty index, database and state folder; return a sentence that says what is left to do."""
    state = conf.get().state
    mark = state / "env"
    if conf.get().env != "demo" or not mark.exists() or mark.read_text().strip() != "demo":
        raise OnlyInDemoCourt
    with configured().rebuilding():
        pass  # an index built from nothing takes the place of the old one
    _drop_tables()
    _empty(state)
    return "The demo court is gone. Run `manage.py migrate` and `manage.py demo`, or `make run`, for a fresh one."


def _drop_tables() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        return
    connection.close()
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    for one in database.parent.glob(database.name + "*"):
        one.unlink()


def _empty(state: Path) -> None:
    for one in state.iterdir():
        if one.name in _KEPT:
            continue
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()
