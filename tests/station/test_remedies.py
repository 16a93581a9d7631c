"""Whoever stands beside the scanner is told what to do about every reason for which a file is set aside."""

import pytest

from docstore.intake.envelopes import SUPPLIER_CODES
from docstore.management.sentences import refusals
from station import notes
from station.remedies import REMEDIES, with_remedy

# What a check can say of one file; each of them sets it aside.
OF_FILES = {one.code for one in refusals() if one.__module__ == "docstore.reading.refusals"}


def test_every_reason_has_a_remedy() -> None:
    judged = {"virus-found", "rescan-required", "aborted", "superseded", "page-count-mismatch", "too-large"}
    assert OF_FILES | judged <= set(REMEDIES)
    assert {"virus-found", "rescan-required"} <= set(SUPPLIER_CODES)


@pytest.mark.parametrize("code", sorted(REMEDIES))
def test_the_text_beside_a_file_says_why_and_then_what_to_do(code: str) -> None:
    text = notes.not_taken("a.pdf", with_remedy(code, "The court said this.")).decode()
    assert "NOT TAKEN. Keep the paper." in text
    assert text.index("Why: The court said this.") < text.index(f"What to do: {REMEDIES[code]}")
    assert text.count("What to do:") == 1


def test_an_unknown_reason_is_told_with_the_usual_remedy() -> None:
    text = notes.not_taken("a.pdf", with_remedy("something-new", "The court said this.")).decode()
    assert "What to do: mend what is named above, or scan the paper again" in text
