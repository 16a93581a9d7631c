"""After a restore: shut away what was destroyed before the backup came back. One call; run before anything is served."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core.errors import Refusal
from docstore.retention import restored

REFUSED = 3


class Command(BaseCommand):
    """Hold the database against the ledger of destruction in locked storage: exit 0 done, 3 where it cannot be relied on."""

    help = "Shut away every record that was destroyed and that a restored backup has brought back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--confirm-restore",
            action="store_true",
            help="a backup was restored on purpose: let the log of all events go on from where it stands",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = restored.check(confirmed=options["confirm_restore"])
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        for record in told.came_back:
            self.stdout.write(f"destroyed before, shut away now: {record}")
        self.stdout.write(f"{told.entries} entries replayed, {len(told.came_back)} destroyed records had come back.")
        if told.lost:
            self.stdout.write(f"The log goes on; {told.lost} sealed events are lost with the database that had them.")
        if told.still_held:
            self.stdout.write(told.still_held)
