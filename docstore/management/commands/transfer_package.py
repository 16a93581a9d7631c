"""Write the package of a transfer into a folder, such as a disk that is carried to the archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core.errors import Refusal
from docstore.retention import packaging


class Command(BaseCommand):
    """Save one package and say its digest; refuse to overwrite what is there."""

    help = "Write the package of a transfer into a folder and print its SHA-256."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="the number of the transfer, such as T-2026-0001")
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path, digest = packaging.save_package(options["number"], options["folder"])
        except (Refusal, FileExistsError, NotADirectoryError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{digest}  {path}")
