"""Chance that falls the same way every time: it makes dirt and filler, never secrets."""

import random


def dice_for(seed: int) -> random.Random:
    """Return a source of chance that depends on `seed` alone."""
    return random.Random(seed)  # noqa: S311 – repeatable on purpose
