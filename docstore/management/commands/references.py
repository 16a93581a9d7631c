"""Write the generated reference pages, or check that they are fresh. One call."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.management.references import pages


class Command(BaseCommand):
    """Write docs/reference from the code."""

    help = "Write the reference pages that come from the code; with --check, only say which are stale (exit 1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write("\n".join(str(path) for path in pages.write()))
        elif stale := pages.stale():
            raise CommandError(f"Stale: {', '.join(stale)}. Run `manage.py references`.", returncode=1)
