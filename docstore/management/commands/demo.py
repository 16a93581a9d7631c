"""Build the demo court. One call per step."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core.errors import Refusal
from docstore.demo.build import build_court, build_documents


class Command(BaseCommand):
    """Make people, cases and hearings; with --documents, file their papers."""

    help = "Build the demo court: people, cases and hearings; with --documents, their papers. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", action="store_true", help="file the papers instead; takes a minute or two")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            built = build_documents(tell=self.stdout.write) if options["documents"] else build_court()
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Added {built.people} people, {built.cases} cases, {built.documents} documents.")
