"""Verify the audit. One call; exit 1 where anything was changed, with every place named."""

from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.audit.dating import verify_dates
from docstore.audit.sealed import verify_against, verify_sealed
from docstore.audit.verify import Walk, verify


class Command(BaseCommand):
    """Walk every chain of the audit and say where one does not hold."""

    help = "Check that no audit event was changed, removed, inserted or reordered. Exits 1 where one was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stream", help="only this stream, such as case:<id>")
        parser.add_argument(
            "--note", type=Path, help="a checkpoint that somebody kept, to hold the log against as well"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        walk = Walk()
        faults = 0
        found = verify(stream=options["stream"], walk=walk)
        if not options["stream"]:
            found = chain(found, verify_sealed(), verify_dates())
        if options["note"]:
            found = chain(found, verify_against(options["note"].read_text()))
        for fault in found:
            faults += 1
            self.stderr.write(str(fault))
        for stream, seq, by in walk.erased:
            self.stdout.write(f"{stream}, event {seq}: valid, its facts were erased by event {by}")
        walked = f"{walk.events:,} events in {walk.streams:,} streams"
        if faults:
            raise CommandError(f"{faults} places do not hold among {walked}.", returncode=1)
        self.stdout.write(f"Every chain holds: {walked}.")
