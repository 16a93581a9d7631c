"""Say how every part is, and what to do where it is not well."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from docstore.management.doctor import examine_all


class Command(BaseCommand):
    """`manage.py doctor [--json]`: exit 0 healthy, 1 with problems."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine_all())
        if options["json"]:
            rows = [{"part": one.part, "well": one.well, "state": one.state, "do": one.advice} for one in findings]
            self.stdout.write(json.dumps(rows, indent=1))
        else:
            for one in findings:
                line = f"{'ok  ' if one.well else 'FAIL'}  {one.part}: {one.state}"
                self.stdout.write(line + (f" – {one.advice}" if one.advice else ""))
        if not all(one.well for one in findings):
            sys.exit(1)
