"""A court with many generated pages, and how long it takes to search it. Run in a process of its own by `search`.

Writes rows in bulk, past the actions: filing 50,000 pages one by one would be another measurement.
"""

import itertools
import json
import random
import resource
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

django.setup()

from docstore.access.actor import system
from docstore.cases import actions as cases
from docstore.cases.models import Case, Section
from docstore.core import clock
from docstore.demo.papers.wording import filler
from docstore.documents.models import (
    Document,
    Filing,
    Method,
    Page,
    PageState,
    Stage,
    Version,
    Word,
    pack_words,
)
from docstore.search.actions import rebuild
from docstore.search.engine import configured
from docstore.search.engines import embedded, opensearch
from docstore.search.queries import search
from docstore.search.query import parse
from tests.courts import TwoCourts, build_courts

PAGES_PER_DOCUMENT = 10
CASES = 50
TEMPLATES = 300
WORDS_PER_LINE = 11
FACETS = ("case", "section", "type", "year")
ROUNDS = 5


def main(engine: str, pages: int) -> None:
    """Build the court, measure, print the figures as JSON."""
    if engine == "opensearch":
        options = {"url": settings.OPENSEARCH_URL, "alias": f"bench-{uuid.uuid4().hex[:10]}"}
        settings.DOCSTORE["SEARCH"] = {
            "BACKEND": "docstore.search.engines.opensearch.OpenSearchEngine",
            "OPTIONS": options,
        }
    call_command("migrate", verbosity=0)
    court = build_courts()
    rare = fill(court, pages)
    begun = time.perf_counter()
    _, indexed = rebuild(by=system("bench"))
    figures: dict[str, Any] = {"rebuild": indexed / (time.perf_counter() - begun)}
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    queries = asked(rare)
    try:
        figures |= {name: timed(ask, queries) for name, ask in askers(court).items()}
    finally:
        if isinstance(backend := configured(), opensearch.OpenSearchEngine):
            backend.drop()
    print(json.dumps(figures))


def asked(rare: list[str]) -> list[str]:
    """What people type: common words, phrases, beginnings, and words that stand on one page."""
    words = parse(filler(random.Random(1))).tree.parts
    common = [part.term for part in words if len(getattr(part, "term", "")) > 4][:8]
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(common)]
    return [*common, *pairs, *(f'"{pair}"' for pair in pairs[:3]), *(f"{one[:5]}*" for one in common[:3]), *rare[:10]]


def askers(court: TwoCourts) -> dict[str, Callable[[str], object]]:
    """The bare engine, and two people: one who may read the whole court, one who is on five cases."""
    judge, defence = court.actor("judge"), court.actor("defence")
    return {
        "bare": bare(),
        "judge": lambda query: search(by=judge, query=query, facets=FACETS),
        "defence": lambda query: search(by=defence, query=query, facets=FACETS),
    }


def bare() -> Callable[[str], object]:
    """The engine's own best hits for the words alone: no scope, no facets, nothing read from the database."""
    engine = configured()
    if isinstance(engine, embedded.EmbeddedEngine):
        index = engine._index()
        index.reload()
        return lambda query: index.searcher().search(engine._tree(parse(query).tree), 20)
    assert isinstance(engine, opensearch.OpenSearchEngine)
    return lambda query: engine._client.search(
        index=engine._alias, body={"query": opensearch._tree(parse(query).tree), "size": 20, "track_total_hits": True}
    )


def timed(ask: Callable[[str], object], queries: list[str]) -> dict[str, float]:
    """Milliseconds: the median and the 95th of a hundred, after one warm round."""
    for query in queries:
        ask(query)
    spent = []
    for _ in range(ROUNDS):
        for query in queries:
            begun = time.perf_counter()
            ask(query)
            spent.append((time.perf_counter() - begun) * 1000)
    return {"median": statistics.median(spent), "p95": statistics.quantiles(spent, n=20)[-1]}


def fill(court: TwoCourts, pages: int) -> list[str]:
    """Make the pages, ten to a document, spread over fifty cases; return words that stand on one page each."""
    dice, clerk = random.Random(7), court.actor("clerk")
    all_cases = [court.open_case() for _ in range(CASES)]
    for case in all_cases[:5]:
        cases.add_member(by=clerk, case_id=case.pk, person=court.people["defence"], role="defence", side="defence")
    texts = [template(random.Random(seed)) for seed in range(TEMPLATES)]
    batch: list[tuple[Document, Filing, Version]] = []
    for at in range(pages // PAGES_PER_DOCUMENT):
        case = all_cases[at % CASES]
        section = case.case_type.sections.get(code="statements") if at < CASES else sections[case.pk]
        sections[case.pk] = section
        batch.append(paper(at, case, section))
        if len(batch) == 500:
            store(batch, texts, dice)
            batch = []
    store(batch, texts, dice)
    return [f"unique{at}" for at in range(0, pages, pages // 10)]


sections: dict[uuid.UUID, Section] = {}


def template(dice: random.Random) -> tuple[str, bytes]:
    """The text of a page and its word boxes."""
    words = " ".join(filler(dice) for _ in range(5)).split()[:260]
    lines = [words[at : at + WORDS_PER_LINE] for at in range(0, len(words), WORDS_PER_LINE)]
    boxes = [
        Word(word, (0.1 + 0.07 * at, 0.05 + 0.03 * row, 0.16 + 0.07 * at, 0.07 + 0.03 * row), 91)
        for row, line in enumerate(lines)
        for at, word in enumerate(line)
    ]
    return "\n".join(map(" ".join, lines)), pack_words(boxes)


def paper(at: int, case: Case, section: Section) -> tuple[Document, Filing, Version]:
    """A document, its place and its version, not yet stored."""
    now = clock.now() - timedelta(hours=at)
    document = Document(
        title=f"Statement {at}", type="statement", classification=0, rank=0, sealed=at % 50 == 0,
        sealed_reason="ordered" if at % 50 == 0 else "", filed_at=now, side="court",
    )  # fmt: skip
    filing = Filing(document=document, case=case, section=section, filed_at=now)
    version = Version(
        document=document, number=1, sha256=f"{at:064d}", bytes=1, media_type="application/pdf", original_name="a.pdf",
        key=f"bench/{at}", filed_at=now, stage=Stage.READABLE, pages_total=PAGES_PER_DOCUMENT,
    )  # fmt: skip
    return document, filing, version


def store(batch: list[tuple[Document, Filing, Version]], texts: list[tuple[str, bytes]], dice: random.Random) -> None:
    """Write a batch with its pages."""
    Document.objects.bulk_create([one for one, _, _ in batch])
    Filing.objects.bulk_create([one for _, one, _ in batch])
    Version.objects.bulk_create([one for _, _, one in batch])
    Page.objects.bulk_create(pages_of([one for _, _, one in batch], texts, dice), batch_size=500)


def pages_of(versions: list[Version], texts: list[tuple[str, bytes]], dice: random.Random) -> Iterator[Page]:
    for version in versions:
        at = int(version.key.rpartition("/")[2])
        for number in range(1, PAGES_PER_DOCUMENT + 1):
            text, packed = dice.choice(texts)
            yield Page(
                version=version, number=number, width=595, height=842, state=PageState.DONE, method=Method.OCR,
                text=f"{text}\nunique{at * PAGES_PER_DOCUMENT + number - 1}", packed_words=packed, confidence=91,
            )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
