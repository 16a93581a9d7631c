"""Say what a court of a given size needs, from measured and estimated rates; docs/how-to/scale.md says which are which."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from docstore.management.capacity import Court, first_limits, needs


class Command(BaseCommand):
    """`manage.py capacity --cases-per-year 1000000`."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Court(cases_per_year=1)
        parser.add_argument("--cases-per-year", type=int, required=True)
        parser.add_argument("--years", type=int, default=usual.years)
        parser.add_argument("--documents-per-case", type=float, default=usual.documents_per_case)
        parser.add_argument("--pages-per-document", type=float, default=usual.pages_per_document)
        parser.add_argument(
            "--scanned", type=float, default=usual.scanned, help="share of pages to be read by OCR, 0 to 1"
        )
        parser.add_argument("--searches-per-second", type=float, default=usual.searches_per_second)

    def handle(self, *args: Any, **options: Any) -> None:
        names = (
            "cases_per_year",
            "years",
            "documents_per_case",
            "pages_per_document",
            "scanned",
            "searches_per_second",
        )
        court = Court(**{name: options[name] for name in names})
        for one in needs(court):
            self.stdout.write(f"{one.what:14} {one.amount:42} {one.reason}")
        self.stdout.write("\nWhat runs out first:")
        for what, years in first_limits(court):
            self.stdout.write(f"  after {years:8.2f} years  {what}")
