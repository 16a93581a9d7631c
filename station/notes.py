"""What the person beside the scanner reads: a text beside every file that was moved, and one page for the whole station."""

from collections.abc import Mapping, Sequence
from typing import Any

from station import remedies

USUALLY = (
    "mend what is named above, or scan the paper again, and put the file into the watched folder under a new name."
)
SAFE = """{name}
SAFE. The court has this paper since {custody_at}: {pages}, control number {control_number}.
{decide}The signed receipt lies beside it as receipt.json. Check it at any time, without a network, with
    docstore-station verify receipt.json
Keep the paper for as long as your court's rule says; after that it may be destroyed.
{advice}"""
ATTENTION = "A person at the court must still decide where it belongs: {detail} The paper itself is no longer needed for that.\n"
NOT_TAKEN = """{name}
NOT TAKEN. Keep the paper. The court does not have it.
Why: {why}
If you cannot tell what is wrong, show this text to whoever looks after the stations.
{advice}"""


def safe(name: str, held: Mapping[str, Any], *, detail: str, advice: str) -> bytes:
    """The text beside a file that is in custody."""
    pages = int(held.get("pages") or 0)
    return SAFE.format(
        name=name,
        custody_at=held.get("custody_at"),
        pages="1 page" if pages == 1 else f"{pages} pages" if pages else "pages not counted yet",
        control_number=held.get("control_number"),
        decide=ATTENTION.format(detail=detail) if detail else "",
        advice=_advice(advice),
    ).encode()


def not_taken(name: str, why: str, *, advice: str = "") -> bytes:
    """The text beside a file that was not taken."""
    told = why if remedies.MARK in why else f"{why}{remedies.MARK}{USUALLY}"
    return NOT_TAKEN.format(name=name, why=told, advice=_advice(advice)).encode()


def status(
    *,
    at: str,
    trouble: str,
    counts: Mapping[str, int],
    waits: Sequence[str],
    advice: Sequence[str],
    warnings: Sequence[str],
) -> bytes:
    """The page for the whole station, its state in the first word: the traffic light, in words."""
    done, failed = counts.get("done", 0), counts.get("failed", 0)
    under_way = sum(counts.values()) - done - failed
    if trouble:
        first = f"RED. {trouble}"
    elif under_way or waits:
        first = f"AMBER. {under_way} scans are on their way. Keep the paper."
    elif failed:
        first = f"AMBER. Nothing is on its way. {failed} files were not taken: see failed/ and the text beside each."
    else:
        first = "GREEN. All that was scanned is safe."
    lines = [first, f"Written {at}.", f"{done} files are safe so far, {failed} were not taken."]
    return "\n".join(
        [*lines, *warnings, *waits, *(["", "Look at the paper while it is here:", *advice] if advice else []), ""]
    ).encode()


def _advice(advice: str) -> str:
    return f"The quick check found: {advice}\n" if advice else ""
