"""Check a certificate file under the published keys, as anybody can with ops/verify_evidence.py."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docstore.core import signing
from ops.verify_evidence import check


class Command(BaseCommand):
    """Print each claim of a certificate and whether it holds; exit 1 unless all do."""

    help = "Check signature, digest and place in the audit of a certificate that was saved as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("certificate", type=Path)
        parser.add_argument("--keys", type=Path, help="a saved JWK set; those of this installation where none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = json.loads(options["keys"].read_text()) if options["keys"] else dict(signing.public_keys())
        well = True
        for claim, holds in check(json.loads(options["certificate"].read_text()), keys):
            self.stdout.write(f"{'PASS' if holds else 'FAIL'}  {claim}")
            well &= holds
        if not well:
            raise CommandError("This certificate does not verify. Do not rely on it.", returncode=1)
