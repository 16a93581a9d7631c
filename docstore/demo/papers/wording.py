"""Harmless wording that fills a page around the sentences that matter.

Knows how court letters sound. Says nothing that a search in the demo court is meant to find.
"""

import random

_OPENINGS = (
    "We write further to our letter of the third of last month",
    "As the parties will recall from the last hearing",
    "For completeness we add",
    "It has been agreed between those instructed",
    "The officer dealing with this matter has confirmed",
    "We have been asked to make clear",
    "Having looked again at the papers, we can say",
    "So that nobody is taken by surprise",
)
_MIDDLES = (
    "that the timetable set by the court has been kept",
    "that the schedule enclosed is as full as it can be at this stage",
    "that no further copies need to be made for the hearing",
    "that each page has been numbered at the foot",
    "that the originals remain in our strongroom",
    "that the estimate of half a day still seems right",
    "that the usual notices have been served",
    "that there is nothing more to be added on this point",
)
_CLOSINGS = (
    "and we would ask for a short note by return.",
    "and the file has been marked accordingly.",
    "although we reserve our position on costs.",
    "and copies have gone to everyone on the list.",
    "unless the court directs otherwise.",
    "and we will write again when we hear.",
    "so the matter may be listed in the ordinary way.",
    "and we are grateful for the court's patience.",
)


def filler(dice: random.Random) -> str:
    """Return a paragraph of two sentences that could stand in any letter."""
    return f"{_sentence(dice)} {_sentence(dice)}"


def _sentence(dice: random.Random) -> str:
    return f"{dice.choice(_OPENINGS)} {dice.choice(_MIDDLES)}, {dice.choice(_CLOSINGS)}"
