"""Lists of a case begin at the case: what they cost grows with what the case has, not with what the court has.

Told by SQLite's own plans, which know nothing of how much there is and so are those of a large court, too.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from docstore.cases import actions as cases
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents.listed import new_on, newest_by_section
from docstore.documents.queries import counts_by_section, hidden_on, placed
from docstore.documents.visibility import visible_filings
from tests.courts import TwoCourts

TABLES = ("docstore_document", "docstore_filing", "docstore_case", "V0", "U0")


@pytest.mark.parametrize("who", ["judge", "prosecutor"])
def test_no_list_of_a_case_goes_through_the_whole_court(courts: TwoCourts, who: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's plans depend on how much there is.")
    cases.add_member(
        by=courts.actor("clerk"), case_id=courts.case.pk, person=courts.people["prosecutor"], role="prosecutor",
        side="prosecution",
    )  # fmt: skip
    paper, scope = courts.file("Hawthorn"), Scope.of(courts.actor(who))
    with CaptureQueriesContext(connection) as asked:
        counts_by_section(scope, courts.case)
        newest_by_section(scope, courts.case, per_section=5)
        new_on(scope, courts.case, since=clock.now() - timedelta(days=1), limit=5)
        hidden_on(scope, courts.case)
        placed(scope, [paper])
        list(visible_filings(scope).filter(document__in=[paper.pk]))

    for one in asked.captured_queries:
        for step in plan(one["sql"]):
            assert not step.startswith(tuple(f"SCAN {table}" for table in TABLES)), (step, one["sql"])
            assert "(court_id=?" not in step or "id=? AND" in step, (step, one["sql"])
            assert "(section_id=?)" not in step, (step, one["sql"])


def plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [str(row[3]) for row in cursor.fetchall()]
