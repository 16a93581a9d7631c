"""Whatever anybody asks, in any state of the index: nothing tells of a document that they may not read (DOM-4.4, 4.5).

Random worlds: people in several roles, sections of every kind of sharing, seals, classifications, exclusions, memberships
that begin and end, documents on two cases – and then changes, of which the index has heard or has not. For everybody,
what search answers is held against what the database lets them open, and nothing else.
"""

import csv
import io
import random
from datetime import timedelta

import pytest

from docstore.access.actor import Actor
from docstore.cases import actions as cases
from docstore.cases.models import Case, Classification, Section, Side
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.core.jobs import Job
from docstore.documents import actions as documents
from docstore.documents.models import Document, Filing
from docstore.documents.visibility import visible_filings, visible_to
from docstore.search import actions
from docstore.search.engine import Engine
from docstore.search.queries import alerts, export_results, find_in_document, saved_searches, search
from tests.courts import TwoCourts
from tests.search.conftest import stand_behind

PEOPLE = ("clerk", "judge", "usher", "prosecutor", "defence", "defence2", "clerk2", "auditor")
SECTIONS = ("statements", "charges", "exhibits", "private")
FACETS = ("case", "court", "section", "type", "party", "year")
EACH_SAYS = "hawthorn"


@pytest.fixture(autouse=True)
def _behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_behind(monkeypatch, engine)


class World:
    """A random court: documents that each say one word of their own and one that all of them say."""

    def __init__(self, courts: TwoCourts, seed: int) -> None:
        self.courts, self.dice = courts, random.Random(seed)
        self.cases = [courts.case, courts.open_case()]
        self.papers: dict[str, Document] = {}
        self._join()
        for at in range(5):
            self.file(f"own{seed}x{at}")
        self.settle()

    def _join(self) -> None:
        clerk, today = self.courts.actor("clerk"), clock.today()
        roles = {"prosecutor": "prosecutor", "defence": "defence", "defence2": "defence", "probation": "probation"}
        for who, role in roles.items():
            side = Side.PROSECUTION if role == "prosecutor" else Side.DEFENCE
            party = {"defence": self.courts.ann, "defence2": self.courts.bob}.get(who)
            starts = today - timedelta(days=self.dice.choice((5, 5, 5, -5)))
            cases.add_member(
                by=clerk, case_id=self.courts.case.pk, person=self.courts.people[who], role=role, side=side,
                party=party, from_on=starts,
            )  # fmt: skip
            if self.dice.random() < 0.5:
                second = self.cases[1]
                cases.add_member(by=clerk, case_id=second.pk, person=self.courts.people[who], role=role, side=side)

    def file(self, word: str) -> None:
        who = self.dice.choice(("clerk", "clerk", "clerk", "defence"))
        case, section = self.dice.choice(self.cases), self.dice.choice(SECTIONS)
        try:
            paper = self.courts.file(f"{EACH_SAYS} {word}", by=who, case=case, section=section, title=f"Paper {word}")
        except Refusal:
            paper = self.courts.file(f"{EACH_SAYS} {word}", case=case, section="statements", title=f"Paper {word}")
        self.papers[word] = paper

    def settle(self) -> None:
        """Have the index hear of everything."""
        for paper in Document.objects.all():
            actions.index(paper.pk)
        Job.objects.all().delete()

    def change(self) -> None:
        """Do one of the acts that take something from somebody, or give it back; the index may not hear of it yet."""
        clerk, paper = self.courts.actor("clerk"), self.dice.choice(list(self.papers.values()))
        paper.refresh_from_db()
        case: Case = Filing.objects.get(document=paper, is_home=True, ended_at=None).case
        person = self.courts.people[self.dice.choice(("usher", "judge", "adviser", "prosecutor", "defence"))]
        given = {"by": clerk, "document_id": paper.pk, "seen": paper.etag}
        acts = (
            lambda: documents.seal(**given, reason="ordered", named=(person,)),
            lambda: documents.unseal(**given, reason="lifted"),
            lambda: documents.reclassify(**given, classification=Classification.RESTRICTED, reason="a child"),
            lambda: documents.reclassify(**given, classification=Classification.PRIVATE, reason="no child"),
            lambda: documents.withdraw(**given, reason="filed by mistake"),
            lambda: documents.restore(**given, reason="it was right"),
            lambda: documents.show_on(**given, case_id=self.dice.choice(self.cases).pk, section="statements"),
            lambda: cases.exclude_person(by=clerk, case_id=case.pk, person=person, reason="knows somebody"),
        )
        try:
            self.dice.choice(acts)()
        except Refusal:
            return  # it was sealed already, or on that case already: another round does something else


@pytest.mark.requirement("DOM-4.4", "DOM-4.5", "SEC-4", "SEC-5", "REL-36")
@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_told_of_what_they_may_not_read(courts: TwoCourts, seed: int) -> None:
    world = World(courts, seed)
    for who in PEOPLE:
        if courts.actor(who).may("search"):  # type: ignore[arg-type] # the permission's value
            actions.save_search(by=courts.actor(who), name="All", query=EACH_SAYS, watched=True)
    world.file(f"own{seed}x99")
    world.settle()
    actions.look_for_news()
    for who in PEOPLE:
        check(world, courts.actor(who), exactly=True)

    for _ in range(3):
        world.change()
        world.change()
        for who in PEOPLE:
            check(world, courts.actor(who), exactly=False)
    world.settle()
    for who in PEOPLE:
        check(world, courts.actor(who), exactly=True)


def check(world: World, by: Actor, *, exactly: bool) -> None:
    """Hold everything that search tells one person against what they may open now."""
    scope = Scope.of(by)
    readable = set(visible_to(scope).filter(withdrawn_at=None).values_list("pk", flat=True))
    through = visible_filings(scope).filter(document__withdrawn_at=None)
    assert set(through.values_list("document_id", flat=True)) == readable
    allowed = readable if by.may("search") else set()  # type: ignore[arg-type] # the permission's value
    found = search(by=by, query=EACH_SAYS, facets=FACETS, limit=100)
    hits = {hit.document for hit in found.hits}

    assert hits <= allowed
    assert found.documents == found.pages == len(hits)
    if exactly:
        assert hits == allowed
    assert sum(one.documents for one in found.facets["year"]) == found.documents  # every document has one
    assert sum(one.documents for one in found.facets["section"]) >= found.documents  # or two, shown on a second case
    readable_sections = {section for grant in scope.grants for section in grant.sections()}
    codes = set(Section.objects.filter(pk__in=readable_sections).values_list("code", flat=True))
    assert {one.value for one in found.facets["section"]} <= codes
    known = {str(pk) for pk in scope.cases().values_list("pk", flat=True)}
    assert {one.value for one in found.facets["case"]} <= known
    assert all(one.documents <= found.documents for values in found.facets.values() for one in values)
    _apart(world, by, allowed)
    if world.dice.random() < 0.3:
        _later_pages(by, [(hit.document, hit.page) for hit in found.hits])
    if by.may("search"):  # type: ignore[arg-type] # the permission's value
        _kept(by, allowed, hits)


def _apart(world: World, by: Actor, allowed: set[object]) -> None:
    """Words that stand on one document alone: neither a hit, nor a count, nor a suggestion, nor anything inside it."""
    hidden = [(word, paper) for word, paper in world.papers.items() if paper.pk not in allowed]
    for word, paper in world.dice.sample(hidden, min(2, len(hidden))):
        for query in (f"{word[:-1]}*", world.dice.choice((word, f'"{EACH_SAYS} {word}"', f"title:{word}"))):
            told = search(by=by, query=query)
            assert all(hit.document in allowed for hit in told.hits)
            assert told.pages == len(told.hits)
        assert word not in str(search(by=by, query=f"{word}z").suggestion)
        if not visible_to(Scope.of(by)).filter(pk=paper.pk).exists():
            with pytest.raises(Refusal):
                find_in_document(by, paper.pk, word)


def _later_pages(by: Actor, whole: list[tuple[object, int]]) -> None:
    """Whoever turns pages is told of the same hits in the same order, each once, and of the same numbers on each."""
    told: list[tuple[object, int]] = []
    cursor = None
    while True:
        found = search(by=by, query=EACH_SAYS, limit=3, cursor=cursor)
        told += [(hit.document, hit.page) for hit in found.hits]
        assert found.documents == len(whole)
        cursor = found.next
        if cursor is None:
            break
    assert told == whole


def _kept(by: Actor, allowed: set[object], hits: set[object]) -> None:
    """Alerts and exports."""
    for one in saved_searches(by):
        news = alerts(by, one.row.pk).rows
        assert one.new == len(news)
        assert {row.document.pk for row in news} <= allowed
    text = "".join(export_results(by=by, query=EACH_SAYS))
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert {row["document"] for row in rows} == {str(one) for one in hits}
