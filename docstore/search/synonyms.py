"""Other ways to say a word: names that are spelt in several ways, and words that courts use for one thing.

Kept in two text files beside this one, one group a line, so that a court can maintain them; a group is read both ways.
They are held against queries, not against pages, so a new line counts from the next start without a rebuild.
"""

from functools import lru_cache
from pathlib import Path

from docstore.search.text import terms

FILES = ("synonyms.txt", "names.txt")
_FOLDER = Path(__file__).with_name("words")


def alike(term: str) -> tuple[tuple[str, ...], ...]:
    """Return what else a term may be called, each as one term or several."""
    return _groups().get(term, ())


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Every single term that stands in a group, with the others of its groups."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in FILES:
        for line in (_FOLDER / name).read_text("utf-8").splitlines():
            said = line.partition("#")[0].split(",")
            group = [tuple(terms(one)) for one in said if terms(one)]
            for one in group:
                if len(one) == 1:
                    found.setdefault(one[0], []).extend(other for other in group if other != one)
    return {term: tuple(dict.fromkeys(others)) for term, others in found.items()}
