"""Print one API key of a demo person, and nothing else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core.errors import Refusal
from docstore.demo.build import demo_key


class Command(BaseCommand):
    """Issue a key; refused outside the demo court."""

    help = "Print a new API key for a person of the demo court."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="user name, such as clerk or station")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = demo_key(options["person"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(key)
