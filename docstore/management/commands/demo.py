"""Build the demo court. One call per step."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core.errors import Refusal
from docstore.demo.build import Built, build_court, build_documents
from docstore.demo.pace import AT_THE_PACE_OF_READING


class Command(BaseCommand):
    """Make people, cases and hearings; with --documents, file their papers."""

    help = "Build the demo court: people, cases and hearings; with --documents, their papers. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", action="store_true", help="file the papers instead; takes a minute or two")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            built = self._build(documents=options["documents"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Added {built.people} people, {built.cases} cases, {built.documents} documents.")

    def _build(self, *, documents: bool) -> Built:
        if not documents:
            return build_court()
        return build_documents(most_waiting=AT_THE_PACE_OF_READING, tell=self.stdout.write)
