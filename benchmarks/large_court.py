"""A court with many generated pages, and how long it takes to search it. Run in a process of its own by `search`.

Writes rows in bulk, past the actions: filing 50,000 pages one by one would be another measurement.
"""

import contextlib
import http.client
import itertools
import json
import random
import resource
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

django.setup()

from docstore.access.actor import Actor, system
from docstore.cases import actions as cases
from docstore.cases.models import Case, Section
from docstore.cases.scope import Scope
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
from docstore.search.asking import ask, find
from docstore.search.engine import FacetName, configured
from docstore.search.engines import embedded, opensearch, opensearch_asking
from docstore.search.entries import everything
from docstore.search.query import parse
from tests.courts import TwoCourts, build_courts

PAGES_PER_DOCUMENT = 10
CASES = 50
TEMPLATES = 300
WORDS_PER_LINE = 11
FACETS = ("case", "section", "type", "year")
ROUNDS = 5
BARE_PAGES = 20_000


def main(engine: str, pages: int) -> None:
    """Build the court, measure, print the figures as JSON. `engine` says how a bare rebuild is made, not which is used."""
    call_command("migrate", verbosity=0)
    court = build_courts()
    rare = fill(court, pages)
    figures: dict[str, Any] = rebuilt(pages)
    queries = asked(rare)
    try:
        judge = court.actor("judge")
        figures["bare"] = timed(bare(), queries)
        figures["engine"] = timed(engines_answer(judge), queries)
        with served() as address:
            for who in ("judge", "defence"):
                figures[who] = timed(over_http(address, court.key(who)), queries)
    finally:
        if isinstance(backend := configured(), opensearch.OpenSearchEngine):
            backend.drop()
    print(json.dumps(figures))


def rebuilt(pages: int) -> dict[str, Any]:
    """The rate of a rebuild, by the clock and by the processor's time, its memory, and the bare engine's rate."""
    begun, busy = time.perf_counter(), time.process_time()
    _, indexed = rebuild(by=system("bench"))
    spent, worked = time.perf_counter() - begun, time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    some = list(itertools.islice(everything(after=None), min(pages, BARE_PAGES) // PAGES_PER_DOCUMENT))
    begun = time.perf_counter()
    with configured().rebuilding() as build:  # entries are made already: what is left is the engine's own work
        for document, entries in some:
            build.add((document.index_seq, one) for one in entries)
    bare_rate = sum(len(entries) for _, entries in some) / (time.perf_counter() - begun)
    rebuild(by=system("bench"))
    return {"rebuild": indexed / spent, "per_cpu": indexed / worked, "memory": memory, "bare_rebuild": bare_rate}


@contextlib.contextmanager
def served() -> Iterator[str]:
    """A web server over this court, in a process of its own, as the product's supervisor starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [str(Path(sys.executable).parent / "gunicorn"), "config.wsgi", "--bind", address]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "error"]
    web = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), contextlib.closing(http.client.HTTPConnection(address)) as line:
                line.request("GET", "/livez")
                line.getresponse().read()
                break
            time.sleep(0.1)
        yield address
    finally:
        web.terminate()
        web.wait(timeout=15)


def over_http(address: str, key: str) -> Callable[[str], object]:
    """Search as a client does: one connection, permissions, snippets, boxes, facets and the record of the search."""
    line = http.client.HTTPConnection(address)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(query: str) -> object:
        line.request("POST", "/api/v1/search", json.dumps({"query": query, "facets": FACETS}), headers)
        answer = line.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(told)
        return told

    return ask


def asked(rare: list[str]) -> list[str]:
    """What people type: common words, phrases, beginnings, and words that stand on one page."""
    words = parse(filler(random.Random(1))).tree.parts
    common = [part.term for part in words if len(getattr(part, "term", "")) > 4][:8]
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(common)]
    return [*common, *pairs, *(f'"{pair}"' for pair in pairs[:3]), *(f"{one[:5]}*" for one in common[:3]), *rare[:10]]


def bare() -> Callable[[str], object]:
    """The engine's own best hits for the words alone: no scope, no facets, nothing read from the database."""
    engine = configured()
    if isinstance(engine, embedded.EmbeddedEngine):
        index = engine._index()
        index.reload()
        return lambda query: index.searcher().search(engine.asking.tree(parse(query).tree), 20)
    assert isinstance(engine, opensearch.OpenSearchEngine)
    return lambda query: engine._client.search(
        index=engine._alias,
        body={"query": opensearch_asking.tree_of(parse(query).tree), "size": 20, "track_total_hits": True},
    )


def engines_answer(by: Actor) -> Callable[[str], object]:
    """The engine's answer to the very question that the product asks: scope, counts and facets included."""
    scope, names = Scope.of(by), tuple(FacetName(one) for one in FACETS)
    return lambda query: find(ask(scope, query, facets=names, limit=20).request)


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
