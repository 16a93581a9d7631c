"""Numbers without gaps, each given inside the transaction that uses it."""

from docstore.core import clock
from docstore.retention.disposal_models import NumberSeries


def next_number(letter: str) -> str:
    """Return the next number of this year's series, such as D-2026-0007. A transaction that fails gives it back."""
    name = f"{letter}-{clock.today().year}"
    NumberSeries.objects.bulk_create([NumberSeries(name=name)], ignore_conflicts=True)
    row = NumberSeries.objects.select_for_update().get(pk=name)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{name}-{row.last:04d}"


def not_below(number: str) -> None:
    """Let the series go on behind a number that was given before a backup was restored: no number is given twice."""
    name, _, last = number.rpartition("-")
    if not name or not last.isdecimal():
        return
    NumberSeries.objects.bulk_create([NumberSeries(name=name)], ignore_conflicts=True)
    NumberSeries.objects.filter(pk=name, last__lt=int(last)).update(last=int(last))
