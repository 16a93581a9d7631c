"""Django's own migrate, with retention's refusals taken off before and put on after.

They look into several tables, and SQLite drops a table to change it: a refusal that names it would be in the way.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from docstore.retention import guards


class Command(migrate.Command):
    """Changes the tables, then guards them."""

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
