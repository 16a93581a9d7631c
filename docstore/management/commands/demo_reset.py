"""Throw the demo court away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core.errors import Refusal
from docstore.demo.reset import throw_away


class Command(BaseCommand):
    """Remove everything that the demo court holds; refused for anything else."""

    help = "Throw the demo court away, its database, index and vault; asks first unless --yes is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"] and input("Throw the demo court away? Type yes: ").strip() != "yes":
            raise CommandError("Nothing was changed.")
        try:
            gone = throw_away()
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(gone)
