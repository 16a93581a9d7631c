"""Django's own migrate, with retention's refusals taken off before and put on after.

They look into several tables, and SQLite drops a table to change it: a refusal that names it would be in the way. Where
the application connects as a role of its own, that role gets its rights here, on new tables too (RET-L4).
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from docstore.audit import grants
from docstore.core import conf
from docstore.retention import guards


class Command(migrate.Command):
    """Changes the tables, guards them, and says what the application may do with them."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        guards.lift(connection)
        try:
            super().handle(*args, **options)
        finally:
            guards.guard(connection)
        if role := conf.get().database_role:
            grants.limit(connection, role)
