"""Which sections must hold a paper before a case is ready for a kind of hearing. Data, for courts to change.

A hearing is matched by the words of its kind; the first row that fits counts.
"""

from dataclasses import dataclass

from docstore.cases.models import Case


@dataclass(frozen=True, slots=True)
class Expected:
    """For cases of a jurisdiction and hearings whose kind contains the word: sections that must not be empty."""

    jurisdiction: str
    word: str
    sections: tuple[str, ...]


TABLE = (
    Expected("crime", "sentence", ("charges", "reports")),
    Expected("crime", "trial", ("charges", "statements")),
    Expected("crime", "", ("charges",)),
    Expected("family", "final", ("application", "statements")),
    Expected("family", "", ("application",)),
    Expected("civil", "trial", ("claim", "statements")),
    Expected("civil", "", ("claim",)),
    Expected("employment", "final", ("claim", "statements")),
    Expected("employment", "", ("claim",)),
)


def sections_for(case: Case, kind: str) -> tuple[str, ...]:
    """Return the codes of the sections that a hearing of this kind needs."""
    said = kind.lower()
    fitting = (row for row in TABLE if row.jurisdiction == case.case_type.jurisdiction and row.word in said)
    return next((row.sections for row in fitting), ())
