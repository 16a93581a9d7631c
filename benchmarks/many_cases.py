"""A court with many generated cases, and how long its lists take. Run in a process of its own by `case_pages`.

Writes rows in bulk, past the actions, as `large_court` does: a hundred documents to a case, no pages behind them.
"""

import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import django
from django.core.management import call_command

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from docstore.cases.days import start_of
from docstore.cases.models import Case, Hearing, Reference
from docstore.core import clock
from docstore.documents.models import Document, Filing, Stage, Version
from tests.courts import TwoCourts, build_courts

DOCUMENTS_PER_CASE = 100
LISTED_TODAY = 14
CASES_AT_ONCE = 50
ROUNDS = 40
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main(documents: int) -> None:
    """Fill the court, look at its pages, print the figures as JSON."""
    call_command("migrate", verbosity=0)
    court = build_courts()
    fill(court, documents // DOCUMENTS_PER_CASE)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client = Client()
    client.force_login(court.people["judge"], backend=BACKEND)
    pages = {
        "case page": reverse("case", kwargs={"case_id": court.case.pk}),
        "case list": "/cases/",
        "day list": "/day/",
    }
    print(json.dumps({name: timed(lambda url=url: client.get(url)) for name, url in pages.items()}))  # type: ignore[misc]


def timed(ask: Callable[[], object]) -> dict[str, float]:
    """Milliseconds after a warm call, and how many statements one call takes."""
    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begun) * 1000)
    return {
        "median": statistics.median(spent),
        "p95": statistics.quantiles(spent, n=20)[-1],
        "statements": len(asked),
    }


def fill(court: TwoCourts, count: int) -> None:
    """Make the cases with their documents; the first of them is the court's own case."""
    sections = list(court.case.case_type.sections.all())
    batch = [court.case]
    for at in range(1, count):
        if len(batch) == CASES_AT_ONCE:
            store(batch, sections)
            batch = []
        batch.append(_case(court, at))
    store(batch, sections)
    ten = start_of(clock.today()) + timedelta(hours=10)
    listed = Case.objects.filter(court=court.first).order_by("-created_at")[:LISTED_TODAY]
    Hearing.objects.bulk_create(
        Hearing(case=one, court=court.first, room=f"Courtroom {at % 3 + 1}", starts_at=ten, kind="Trial")
        for at, one in enumerate(listed)
    )


def _case(court: TwoCourts, at: int) -> Case:
    return Case(
        title=f"R v Person {at}",
        court=court.first,
        case_type=court.case.case_type,
        opened_on=clock.today(),
        created_at=clock.now() - timedelta(hours=at),
    )


def store(cases: list[Case], sections: list[object]) -> None:
    """Write some cases with a hundred documents each, spread over their sections."""
    Case.objects.bulk_create([one for one in cases if one._state.adding])
    Reference.objects.bulk_create(
        Reference(case=one, kind="legacy", value=f"B/{uuid.uuid4().hex[:12]}") for one in cases
    )
    now, rows = clock.now(), []
    for case in cases:
        for at in range(DOCUMENTS_PER_CASE):
            document = Document(
                title=f"Paper {at}", classification=1, rank=1, filed_at=now - timedelta(days=at), side="court"
            )
            rows.append((document, case, sections[at % len(sections)]))
    Document.objects.bulk_create([document for document, _, _ in rows], batch_size=1000)
    Filing.objects.bulk_create(
        [Filing(document=one, case=case, section=section, filed_at=one.filed_at) for one, case, section in rows],  # type: ignore[misc]
        batch_size=1000,
    )
    Version.objects.bulk_create(
        [
            Version(
                document=one, number=1, sha256="0" * 64, bytes=1, media_type="application/pdf", original_name="a.pdf",
                key=f"bench/{one.pk}", filed_at=one.filed_at, stage=Stage.SEARCHABLE, pages_total=10, pages_searchable=10,
            )
            for one, _, _ in rows
        ],
        batch_size=1000,
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
