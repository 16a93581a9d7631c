"""Harmless wording that fills a page around the sentences that matter.

Knows how letters, statements, reports and orders sound. Says nothing that a search in the demo court is meant to find.
"""

import random
from collections.abc import Callable

_LETTER = (
    (
        "We write further to our letter of the third of last month",
        "As the parties will recall from the last hearing",
        "For completeness we add",
        "It has been agreed between those instructed",
        "The person dealing with this matter has confirmed",
        "We have been asked to make clear",
        "Having looked again at the papers, we can say",
        "So that nobody is taken by surprise",
    ),
    (
        "that the timetable set by the court has been kept",
        "that the schedule enclosed is as full as it can be at this stage",
        "that no further copies need to be made for the hearing",
        "that each page has been numbered at the foot",
        "that the originals remain in our strongroom",
        "that the estimate of half a day still seems right",
        "that the usual notices have been served",
        "that there is nothing more to be added on this point",
    ),
    (
        "and we would ask for a short note by return.",
        "and the file has been marked accordingly.",
        "although we reserve our position on costs.",
        "and copies have gone to everyone on the list.",
        "unless the court directs otherwise.",
        "and we will write again when we hear.",
        "so the matter may be listed in the ordinary way.",
        "and we are grateful for the court's patience.",
    ),
)
_STATEMENT = (
    (
        "I remember that day well because",
        "I should say at once that",
        "Before this happened",
        "As far as I can recall",
        "I was asked about this again and told the officer that",
        "It was getting dark and",
        "I then went back the way I had come;",
        "When I arrived",
    ),
    (
        "it had been raining since the morning",
        "there was nobody else about that I could see",
        "the street lamps had just come on",
        "I had finished work a little earlier than usual",
        "I had a clear view and nothing stood in the way",
        "I did not think much of it at the time",
        "I had never seen either of them before",
        "the whole thing lasted two or three minutes",
    ),
    (
        "and I wrote down the time as soon as I could.",
        "and I stayed where I was.",
        "so I telephoned from the shop on the corner.",
        "and I am sure that I am not mistaken about that.",
        "although I could not swear to the exact minute.",
        "and I made a note of it that evening.",
        "and I would be willing to attend court.",
        "and I have not spoken about it with any other witness.",
    ),
)
_REPORT = (
    (
        "From the material supplied",
        "On examination",
        "Having read the papers listed in the appendix",
        "Within the limits of the method",
        "On the second visit",
        "For the avoidance of doubt",
    ),
    (
        "the findings were consistent throughout",
        "nothing was seen that would call for a different view",
        "the measurements were repeated and agreed within tolerance",
        "no further enquiry was thought necessary",
        "the history given was clear and coherent",
        "the records were complete for the period in question",
    ),
    (
        "and I have recorded this in the table of observations.",
        "and I understand that my duty is to the court.",
        "which I set out more fully below.",
        "though I would defer to another discipline on that point.",
        "and photographs were taken for the file.",
        "and no weight is placed on it beyond that.",
    ),
)
_ORDER = (
    (
        "Any document to be relied on at the hearing",
        "A paginated bundle agreed between the parties",
        "Any application to vary this order",
        "A list of issues in dispute",
        "The costs of and occasioned by this hearing",
        "Any request for an adjournment",
    ),
    (
        "shall be lodged by 4pm seven days before the hearing",
        "must be made in writing and copied to every other party",
        "shall be in the case",
        "shall be no longer than ten pages",
        "shall be filed and served in the usual way",
        "must explain why it could not have been made sooner",
    ),
    (
        "unless the court orders otherwise.",
        "and the parties shall co-operate to that end.",
        "failing which the party in default may not rely on it.",
        "and no extension shall be agreed without the court's leave.",
        "with liberty to apply on notice.",
        "and a copy of this order shall be served with it.",
    ),
)
_WELSH = (
    ("Yn ôl yr hyn a gofiaf", "Dylwn ddweud ar unwaith", "Gofynnwyd imi am hyn eto ac atebais", "Er mwyn bod yn glir"),
    (
        "fod y tywydd yn oer ac yn wlyb",
        "nad oedd neb arall i'w weld ar y stryd",
        "fod y goleuadau newydd gael eu cynnau",
        "imi weld y cyfan o ffenestr y tŷ",
    ),
    (
        "ac rwy'n sicr o hynny.",
        "ac ysgrifennais nodyn y noson honno.",
        "ac rwy'n fodlon dod i'r llys.",
        "a dyna'r cyfan.",
    ),
)

Bank = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def filler(dice: random.Random) -> str:
    """Return a paragraph of two sentences that could stand in any letter."""
    return _paragraph(dice, _LETTER)


def narrative(dice: random.Random) -> str:
    """Return a paragraph that could stand in any witness's statement."""
    return _paragraph(dice, _STATEMENT)


def finding(dice: random.Random) -> str:
    """Return a paragraph that could stand in any expert's report."""
    return _paragraph(dice, _REPORT)


def direction(dice: random.Random) -> str:
    """Return a paragraph that could stand in any order."""
    return _sentence(dice, _ORDER)


def welsh(dice: random.Random) -> str:
    """Return a paragraph in Welsh that could stand in any statement or letter."""
    return _paragraph(dice, _WELSH)


Filler = Callable[[random.Random], str]


def _paragraph(dice: random.Random, bank: Bank) -> str:
    return f"{_sentence(dice, bank)} {_sentence(dice, bank)}"


def _sentence(dice: random.Random, bank: Bank) -> str:
    opening, middle, closing = (dice.choice(part) for part in bank)
    return f"{opening} {middle}, {closing}" if closing[0].islower() else f"{opening} {middle} {closing}"
