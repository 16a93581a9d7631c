"""A court with many generated cases, and how long its lists take. Run in a process of its own by `case_pages`.

The rows are made inside the database, past the actions: a hundred documents to a case, no pages behind them.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import django
from django.core.management import call_command

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.rows import earlier, multiplied, one_of, unguarded, uuid_of
from docstore.cases.days import start_of
from docstore.cases.models import Case, Hearing, Reference
from docstore.core import clock
from docstore.documents.models import Document, Filing, Stage, Version
from tests.courts import TwoCourts, build_courts

DOCUMENTS_PER_CASE = 100
LISTED_TODAY = 14
ROUNDS = 40
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main(documents: int) -> None:
    """Fill the court, look at its pages, print the figures as JSON."""
    call_command("migrate", verbosity=0)
    court = build_courts()
    begun = time.perf_counter()
    fill(court, documents)
    print(f"{documents:,} documents made in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    client = Client()
    client.force_login(court.people["judge"], backend=BACKEND)
    pages = {
        "case page": reverse("case", kwargs={"case_id": Case.objects.get(title="R v Person 7").pk}),
        "case list": "/cases/",
        "day list": "/day/",
    }
    print(json.dumps({name: timed(partial(client.get, url)) for name, url in pages.items()}))


def timed(ask: Callable[[], object]) -> dict[str, float]:
    """Milliseconds after a warm call, and how many statements one call takes."""
    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    statements = len(asked)  # counted now: the log is emptied when the next request begins
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begun) * 1000)
    return {
        "median": statistics.median(spent),
        "p95": statistics.quantiles(spent, n=20)[-1],
        "statements": statements,
    }


def fill(court: TwoCourts, documents: int) -> None:
    """Make the cases, a hundred documents in each."""
    sections = list(court.case.case_type.sections.values_list("pk", flat=True))
    reference = Reference.objects.create(case=court.case, kind="legacy", value="B/first")
    paper = _paper(court, sections[0])
    cases = documents // DOCUMENTS_PER_CASE
    case_id, document_id = uuid_of("'c' || n.i"), uuid_of("'d' || n.i")
    filed = {"filed_at": earlier("filed_at", f"n.i %% {DOCUMENTS_PER_CASE} * 24")}
    placed = {"document_id": document_id, "case_id": uuid_of(f"'c' || (n.i / {DOCUMENTS_PER_CASE})")}
    with unguarded():
        case = {"id": case_id, "title": "'R v Person ' || n.i", "created_at": earlier("created_at", "n.i")}
        multiplied(court.case, cases, case)
        multiplied(reference, cases, {"case_id": case_id, "value": "'B/' || n.i"})
        multiplied(paper.document, documents, {"id": document_id, "title": "'Paper ' || n.i", **filed})
        filing = {"id": uuid_of("'f' || n.i"), "section_id": one_of(sections, "n.i"), **placed, **filed}
        multiplied(paper.filing, documents, filing)
        version = {"id": uuid_of("'v' || n.i"), "document_id": document_id, "key": "'bench/' || n.i", **filed}
        multiplied(paper.version, documents, version)
    _list_for_today(court)


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper of which all others are copies."""

    document: Document
    filing: Filing
    version: Version


def _paper(court: TwoCourts, section: int) -> Paper:
    now = clock.now()
    document = Document.objects.create(title="Paper", classification=1, rank=1, filed_at=now, side="court")
    filing = Filing.objects.create(document=document, case=court.other, section_id=section, filed_at=now)
    version = Version.objects.create(
        document=document, number=1, sha256="0" * 64, bytes=1, media_type="application/pdf", original_name="a.pdf",
        key="bench/first", filed_at=now, stage=Stage.SEARCHABLE, pages_total=10, pages_searchable=10,
    )  # fmt: skip
    return Paper(document, filing, version)


def _list_for_today(court: TwoCourts) -> None:
    ten = start_of(clock.today()) + timedelta(hours=10)
    listed = Case.objects.filter(court=court.first).order_by("-created_at")[:LISTED_TODAY]
    Hearing.objects.bulk_create(
        Hearing(case=one, court=court.first, room=f"Courtroom {at % 3 + 1}", starts_at=ten, kind="Trial")
        for at, one in enumerate(listed)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
