"""After a restore: shut away what was destroyed before the backup came back. One call; run before anything is served."""

from typing import Any

from django.core.management.base import BaseCommand

from docstore.retention import ledger


class Command(BaseCommand):
    """Hold the database against the ledger of destruction in locked storage."""

    help = "Shut away every record that was destroyed and that a restored backup has brought back."

    def handle(self, *args: Any, **options: Any) -> None:
        if ledger.is_older_than_anchor():
            self.stdout.write("This database is older than the evidence in locked storage: a backup was restored.")
        back = ledger.replay()
        for record in back:
            self.stdout.write(f"destroyed before, shut away now: {record}")
        self.stdout.write(f"{len(back)} destroyed records had come back.")
