"""Move the demo court's clock forward."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core.errors import Refusal
from docstore.demo.advance import advance


class Command(BaseCommand):
    """Move the clock and do the nightly work that falls due by then."""

    help = "Move the demo court's clock forward, such as --advance 30d, and do the nightly work due by then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--advance", required=True, metavar="30d", help="how far, in m, h, d or w")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = advance(options["advance"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(moved)
