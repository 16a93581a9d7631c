"""Take suppliers' envelopes from a folder or one by one."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core.errors import Refusal
from docstore.intake.envelopes import take_envelope_file


class Command(BaseCommand):
    """Take each named envelope as if its station had sent it; say what became of it."""

    help = "Take suppliers' envelopes: take_envelope --station <account> <zip> …"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--station", required=True, help="the account of the station whose container it is")
        parser.add_argument("envelopes", nargs="+", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        for path in options["envelopes"]:
            try:
                batch = take_envelope_file(username=options["station"], path=path)
                self.stdout.write(f"{path.name}: {batch.state}, batch {batch.pk}")
            except Refusal as refusal:
                refused += 1
                code = refusal.members.get("supplier_code", "")
                self.stderr.write(f"{path.name}: {code or refusal.code}. {refusal.sentence}")
        if refused:
            raise CommandError(f"{refused} of {len(options['envelopes'])} envelopes were refused.")
