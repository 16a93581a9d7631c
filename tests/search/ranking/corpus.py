"""A small court of generated papers about made-up matters, and questions with the pages that answer them.

Each matter has a statement, a report, an order and a letter that speak of it to different degrees, between papers that use
the same words in passing. So a ranking that only counts words does worse than one that knows phrases, titles and forms.
Judged 3 (answers it), 2 (is about it), 1 (mentions it).
"""

import random
from dataclasses import dataclass

from docstore.demo.papers.wording import filler

SUBJECTS = (
    ("burglary", "garden shed", "crowbar", "Hawthorn Lane", "Okafor"),
    ("collision", "zebra crossing", "headlights", "Linden Road", "Pryce"),
    ("tenancy", "damp ceiling", "dehumidifier", "Mill Street", "Achebe"),
    ("dismissal", "grievance meeting", "payslip", "Orchard Works", "Kowalska"),
    ("adoption", "contact centre", "guardian", "Bridge House", "Morgan"),
    ("fraud", "invoice book", "ledger", "Quay Warehouse", "Lindqvist"),
    ("assault", "taxi rank", "umbrella", "Station Square", "Ferreira"),
    ("boundary", "stone wall", "surveyor", "Upper Meadow", "Haddad"),
    ("probate", "second will", "attestation", "Church Cottage", "Nakamura"),
    ("arson", "hay barn", "accelerant", "Low Farm", "Vaughan"),
    ("nuisance", "brass band", "decibels", "Terrace View", "Eze"),
    ("injury", "loading bay", "forklift", "Depot Nine", "Silva"),
)
FILLERS = 120


@dataclass(frozen=True, slots=True)
class Paper:
    """A page: whose name it goes by, its title and its text."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody types, and what each page is worth to them; pages that are not named are worth nothing."""

    query: str
    worth: dict[str, int]


def papers() -> list[Paper]:
    """Return the papers, always the same."""
    dice = random.Random(20260303)
    found = [paper for at, subject in enumerate(SUBJECTS) for paper in _about(dice, at, subject)]
    for at in range(FILLERS):
        matter, place, thing, where, who = dice.choice(SUBJECTS)
        passing = dice.choice((matter, place.split()[0], place.split()[1], thing, where.split()[0], who))
        text = f"{_much(dice, 3)} In passing somebody spoke of a {passing}. {_much(dice, 4)}"
        found.append(Paper(f"other-{at}", "Letter", text))
    return found


def questions() -> list[Question]:
    """Return at least five questions on each matter, in the ways in which people ask."""
    found: list[Question] = []
    for at, (matter, place, thing, where, who) in enumerate(SUBJECTS):
        statement, report, order, letter = (f"{kind}-{at}" for kind in ("statement", "report", "order", "letter"))
        about = {statement: 3, report: 2, letter: 1}
        found += [
            Question(f'"{place}"', about),
            Question(f"{place} {thing}", {statement: 3, report: 3, letter: 1}),
            Question(f"statement {who}", {statement: 3, letter: 1}),
            Question(f"{matter} order {1 + at} March 2026", {order: 3}),
            Question(f"{thing}s", {statement: 2, report: 3}),
            Question(f"{where.split()[0]} near/3 {where.split()[1]} {matter}", {statement: 3, order: 2, letter: 1}),
        ]
    return found


def _about(dice: random.Random, at: int, subject: tuple[str, str, str, str, str]) -> list[Paper]:
    matter, place, thing, where, who = subject
    day = f"{1 + at} March 2026"
    return [
        Paper(
            f"statement-{at}", f"Statement of {who}",
            f"I am {who}. On {day} I was by the {place} at {where}. {_much(dice, 2)} The {thing} lay beside the {place}. "
            f"I know what {matter} means. I picked the {thing} up and left the {place}. {_much(dice, 1)}",
        ),
        Paper(
            f"report-{at}", f"Report on a {thing}",
            f"I examined the {thing} and two other {thing}s. {_much(dice, 3)} The marks on the {place} fit this {thing}. "
            f"{_much(dice, 2)}",
        ),
        Paper(
            f"order-{at}", f"Order in the {matter} matter",
            f"Upon reading the papers about {matter} at {where}, it is ordered on 0{(1 + at) % 10 or 1}"
            f" that, by {1 + at:02d}/03/2026, the parties agree a list. {_much(dice, 2)}",
        ),
        Paper(
            f"letter-{at}", "Letter",
            f"We write for {who}. {_much(dice, 4)} There was {matter}, it is said, near the {place} at {where}. {_much(dice, 3)}",
        ),
    ]  # fmt: skip


def _much(dice: random.Random, sentences: int) -> str:
    return " ".join(filler(dice) for _ in range(sentences))
