"""How good the order of hits is, measured over judged questions, and that it does not fall (WIN-7).

The scores that were reached stand in scores.json; whoever betters the ranking writes the better ones there.
"""

import json
from math import log2
from pathlib import Path

import pytest

from docstore.search.engine import Engine
from docstore.search.text import terms
from tests.search.making import ask, document_id, entry
from tests.search.ranking.corpus import Question, papers, questions

SCORES = Path(__file__).with_name("scores.json")
# Two runs over one corpus give the same order; this is for the third decimal of a score that was rounded.
ROUNDING = 0.0006


def test_there_are_questions_enough() -> None:
    names = {paper.name for paper in papers()}
    asked = questions()

    assert len(asked) >= 60
    assert len({one.query for one in asked}) == len(asked)
    assert all(set(one.worth) <= names for one in asked)


def test_the_order_of_hits_is_as_good_as_it_was(engine: Engine, request: pytest.FixtureRequest) -> None:
    with engine.rebuilding() as build:
        build.add((1, entry(one.name, 1, one.text, title=terms(one.title))) for one in papers())
    names = {document_id(one.name): one.name for one in papers()}
    gains, firsts = [], []
    for question in questions():
        found = [names[match.document] for match in ask(engine, question.query, limit=10).matches]
        gains.append(_ndcg(question, found))
        firsts.append(bool(found) and question.worth.get(found[0], 0) == max(question.worth.values()))
    reached = {"ndcg@10": round(sum(gains) / len(gains), 3), "success@1": round(sum(firsts) / len(firsts), 3)}

    kept = json.loads(SCORES.read_text())[request.node.callspec.id]
    print(request.node.callspec.id, reached)
    assert all(reached[name] >= kept[name] - ROUNDING for name in kept), (reached, kept)


def _ndcg(question: Question, found: list[str]) -> float:
    """The gain of the first ten, each worth less the lower it stands, beside the best that could be had."""
    got = [question.worth.get(name, 0) for name in found]
    best = sorted(question.worth.values(), reverse=True)[:10]
    return _discounted(got) / _discounted(best)


def _discounted(worth: list[int]) -> float:
    return sum((2**value - 1) / log2(place + 1) for place, value in enumerate(worth, start=1))
