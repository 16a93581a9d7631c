"""A court with many generated pages, and how long it takes to search it. Run in a process of its own by `search`.

The rows are made inside the database, past the actions: filing 200,000 pages one by one would be another measurement.
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

django.setup()

from benchmarks.rows import copied, earlier, literal, multiplied, unguarded, uuid_of
from docstore.access.actions import issue_key
from docstore.access.actor import Actor, system
from docstore.access.models import User
from docstore.access.queries import actor_for
from docstore.cases import actions as cases
from docstore.cases.models import Case
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
ASKING = ("judge", "defence")
ROUNDS = 5
BARE_PAGES = 20_000


def build(pages: int) -> None:
    """Make the court, in a process of its own, so that what it needs is not counted below."""
    call_command("migrate", verbosity=0)
    begun, court = time.perf_counter(), build_courts()
    for name in ASKING:
        court.people[name]  # made when first asked for
    fill(court, pages)
    print(f"{pages:,} pages made in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)


def measure(pages: int) -> None:
    """Build the index, ask, and print the figures as JSON."""
    people = {one.username: one for one in User.objects.filter(username__in=ASKING)}
    try:
        figures: dict[str, Any] = rebuilt(pages)
        queries = asked(rare_words(pages))
        figures["bare"] = timed(bare(), queries)
        with served() as address:
            for who, person in people.items():
                figures[f"{who}'s engine"] = timed(engines_answer(actor_for(person, method="bench")), queries)
                key = issue_key(by=system("bench"), person=person, label="bench")
                figures[who] = timed(over_http(address, key), queries)
    finally:
        if isinstance(backend := configured(), opensearch.OpenSearchEngine):
            backend.drop()
    print(json.dumps(figures))


def rebuilt(pages: int) -> dict[str, Any]:
    """The rate of a rebuild, by the clock and by the processor's time, its memory, and the bare engine's rate."""
    bare_rate = bare_rebuild(min(pages, BARE_PAGES))
    begun, busy = time.perf_counter(), time.process_time()
    _, indexed = rebuild(by=system("bench"))
    spent, worked = time.perf_counter() - begun, time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"rebuild": indexed / spent, "per_cpu": indexed / worked, "memory": memory, "bare_rebuild": bare_rate}


def bare_rebuild(pages: int) -> float:
    """Pages a second that the engine takes where the entries are ready: the rest of a rebuild is our own work."""
    ready = list(itertools.islice(everything(after=None), pages // PAGES_PER_DOCUMENT))
    begun = time.perf_counter()
    with configured().rebuilding() as build:
        for document, entries in ready:
            build.add((document.index_seq, one) for one in entries)
    return sum(len(entries) for _, entries in ready) / (time.perf_counter() - begun)


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


def fill(court: TwoCourts, pages: int) -> None:
    """Make the pages, ten to a document, spread over fifty cases; five of them are the defence's, too."""
    clerk = court.actor("clerk")
    all_cases = [court.open_case() for _ in range(CASES)]
    for case in all_cases[:5]:
        cases.add_member(by=clerk, case_id=case.pk, person=court.people["defence"], role="defence", side="defence")
    first = _first_paper(all_cases[0])
    documents, every = pages // PAGES_PER_DOCUMENT, PAGES_PER_DOCUMENT
    document, hour = uuid_of("'d' || n.i"), {"filed_at": earlier("filed_at", "n.i")}
    case_id = " ".join(f"WHEN {at} THEN {literal(one.pk)}" for at, one in enumerate(all_cases))
    sealed = {"sealed": "(n.i %% 50 = 0)", "sealed_reason": "CASE WHEN n.i %% 50 = 0 THEN 'ordered' ELSE '' END"}
    with unguarded():
        multiplied(first.document, documents, {"id": document, "title": "'Statement ' || n.i", **sealed, **hour})
        placed = {"id": uuid_of("'f' || n.i"), "document_id": document, "case_id": f"CASE n.i %% {CASES} {case_id} END"}
        multiplied(first.filing, documents, {**placed, **hour})
        version = {"id": uuid_of("'v' || n.i"), "document_id": document, "key": "'bench/' || n.i"}
        multiplied(first.version, documents, {**version, **hour})
        page = {
            "version_id": uuid_of(f"'v' || (n.i / {every})"),
            "number": f"n.i %% {every} + 1",
            "text": "t.text || ' unique' || n.i",
        }
        copied(
            Page,
            pages,
            page,
            f"t.version_id = {literal(first.version.pk)} AND t.number = n.i * 7919 %% {TEMPLATES} + 1",
        )
    Filing.objects.filter(pk=first.filing.pk).delete()  # the paper of which all others are copies is nowhere itself


def rare_words(pages: int) -> list[str]:
    """Words that stand on one page each."""
    return [f"unique{at}" for at in range(0, pages, pages // 10)]


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper of which all others are copies; its pages are the templates of theirs."""

    document: Document
    filing: Filing
    version: Version


def _first_paper(case: Case) -> Paper:
    now = clock.now()
    document = Document.objects.create(
        title="Statement", type="statement", classification=0, rank=0, filed_at=now, side="court"
    )
    section = case.case_type.sections.get(code="statements")
    filing = Filing.objects.create(document=document, case=case, section=section, filed_at=now)
    version = Version.objects.create(
        document=document, number=1, sha256="0" * 64, bytes=1, media_type="application/pdf", original_name="a.pdf",
        key="bench/first", filed_at=now, stage=Stage.READABLE, pages_total=PAGES_PER_DOCUMENT,
    )  # fmt: skip
    texts = [template(random.Random(seed)) for seed in range(TEMPLATES)]
    Page.objects.bulk_create(
        Page(
            version=version, number=at, width=595, height=842, state=PageState.DONE, method=Method.OCR,
            text=text, packed_words=packed, confidence=91,
        )
        for at, (text, packed) in enumerate(texts, start=1)
    )  # fmt: skip
    return Paper(document, filing, version)


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


if __name__ == "__main__":
    {"build": build, "measure": measure}[sys.argv[1]](int(sys.argv[2]))
