"""The registry of problem codes: what the API answers where it says no (RFC 9457), and what an item is rejected with."""

from collections.abc import Iterator, Sequence

from docstore.intake.problems import problems
from docstore.management.references.markdown import page, table
from docstore.management.sentences import refusals


def render() -> str:
    """Return the page of codes."""
    heads = ("code", "status", "may be repeated unchanged", "HMCTS", "what it says")
    return page(
        "What a refusal says to a program",
        "Every refusal of the API is a problem document: `type` is `/docs/problems/` and the code, which is the address of a"
        " page that says the same as this one; `detail` is a sentence for people, `code` never changes its meaning,"
        " `retryable` says whether the same request may succeed later, and `errors` names fields with JSON pointers. Words"
        " in braces are replaced by facts.",
        table(heads, _rows()),
    )


def _rows() -> Iterator[Sequence[str]]:
    for one in problems(refusals()).values():
        statuses = ", ".join(map(str, one.statuses)) or "an item is rejected"
        again = "yes" if one.retryable else "no"
        yield f"`{one.code}`", statuses, again, one.supplier_code or "–", "<br>".join(one.sentences)
