"""What the calculator says, held against sums done by hand."""

from io import StringIO

from django.core.management import call_command

from docstore.management.capacity import Court, Rates, first_limits, needs


def test_pages_and_bytes_add_up() -> None:
    court = Court(cases_per_year=1000, years=2, documents_per_case=10, pages_per_document=5)
    rates = Rates(database_bytes_per_page=1_000_000, events_per_document=0)

    told = {one.what: one.amount for one in needs(court, rates)}

    assert told["pages"] == "50,000 a year, 100,000 in all"
    assert told["PostgreSQL"] == "0.1 TB"


def test_twice_the_cases_need_twice_the_cores_for_ocr() -> None:
    def cores(cases: int) -> int:
        told = {
            one.what: one.amount
            for one in needs(Court(cases_per_year=cases), Rates(native_pages_per_core=1e9, index_pages_per_core=1e9))
        }
        return int(told["worker cores"].replace(",", ""))

    assert cores(20_000_000) in range(2 * cores(10_000_000) - 2, 2 * cores(10_000_000) + 3)


def test_the_first_limit_comes_first_and_later_for_smaller_courts() -> None:
    large, small = first_limits(Court(cases_per_year=1_000_000)), first_limits(Court(cases_per_year=1_000))

    assert [years for _, years in large] == sorted(years for _, years in large)
    assert "embedded" in large[0][0]
    assert small[0][1] > large[0][1]


def test_the_command_prints_every_part() -> None:
    out = StringIO()
    call_command("capacity", cases_per_year=1_000_000, stdout=out)

    for part in ("3,000,000,000", "PostgreSQL", "OpenSearch", "S3", "What runs out first"):
        assert part in out.getvalue()
