"""Bring the Welsh catalogue up to date with everything that people read, and compile it.

manage.py messages          then translate what is new in docstore/web/locale/cy, and run it again
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from docstore.management.sentences import sentences

IGNORED = ["node_modules", "var", ".venv", "tests", "benchmarks", "build", "docs"]


class Command(BaseCommand):
    """Collect, merge, compile. What nobody says any more goes."""

    help = __doc__ or ""

    def handle(self, *given: Any, **options: Any) -> None:
        """Write the sentences that are data into a file that gettext can read, for as long as it reads."""
        held = Path(settings.ROOT) / "docstore" / "sentences_held_in_code.py"
        held.write_text("\n".join(f"gettext_noop({one!r})" for one in sentences()) + "\n")
        try:
            call_command(
                "makemessages",
                locale=["cy"],
                ignore_patterns=IGNORED,
                no_location=True,
                no_wrap=True,
                no_obsolete=True,
                verbosity=options["verbosity"],
            )
        finally:
            held.unlink()
        call_command("compilemessages", locale=["cy"], ignore_patterns=IGNORED, verbosity=options["verbosity"])
