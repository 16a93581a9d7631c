"""Build the search index anew from the database, beside the live one, and swap."""

from typing import Any

from django.core.management.base import BaseCommand

from docstore.access.actor import system
from docstore.search.actions import rebuild


class Command(BaseCommand):
    """`manage.py reindex`."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        documents, pages = rebuild(by=system("reindex"))
        self.stdout.write(f"{documents} documents with {pages} pages are in the new index.")
