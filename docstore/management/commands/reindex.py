"""Build the search index anew from the database, beside the live one, and swap. Goes on where one was interrupted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from docstore.access.actor import system
from docstore.search.actions import rebuild, rebuild_if_needed


class Command(BaseCommand):
    """`manage.py reindex [--if-needed]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-needed", action="store_true", help="only where the index was built by other rules, or not to its end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_needed"]:
            done = rebuild_if_needed()
            self.stdout.write("The index was built anew." if done else "The index is as it should be.")
            return
        documents, pages = rebuild(by=system("reindex"))
        self.stdout.write(f"{documents} documents with {pages} pages are in the new index.")
