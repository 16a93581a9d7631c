"""What a paper says of itself: its kind, its date, whom it concerns, and so its title and section.

Only suggestions: a person sees each of them in its field, marked as such, before anything is filed.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from docstore.cases.mentions import parties_named
from docstore.cases.models import Party, Side

# Words near the top of a paper, its kind, and the sections where such papers go, the likeliest first.
KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"charge sheet", "charge sheet", ("charges",)),
    (r"indictment", "indictment", ("charges",)),
    (r"defence (?:case )?statement", "defence statement", ("defence",)),
    (r"schedule of (?:relevant )?(?:non-sensitive )?unused", "schedule", ("unused",)),
    (r"pre-?sentence report", "report", ("reports",)),
    (r"(?:witness )?statement of [a-z]|witness statement", "statement", ("statements",)),
    (r"(?:medical|expert|valuation) report|report of the joint expert", "report", ("experts", "forensic", "reports")),
    (r"previous convictions", "record", ("convictions",)),
    (r"particulars of claim", "particulars", ("claim",)),
    (r"claim form|form et1|response et3", "form", ("claim", "application")),
    (r"(?:directions|case management) order|it is ordered|order of the court", "order", ("orders",)),
    (r"judgment", "judgment", ("orders",)),
    (r"application (?:for|to|notice)", "application", ("applications", "application")),
    (r"invoice|receipt", "invoice", ("exhibits", "documents")),
    (r"dear (?:sir|madam|mr|mrs|ms|dr)|yours (?:faithfully|sincerely)", "letter", ("correspondence", "management")),
)
TOP = 700
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b([0-3]?[0-9])(?:st|nd|rd|th)? ({_MONTHS}),? ([12][0-9]{{3}})\b|\b([0-3]?[0-9])[/.]([01]?[0-9])[/.](20[0-9]{{2}})\b", re.IGNORECASE)  # fmt: skip
_LABELLED = re.compile(r"\b(?:dated?|signed|made on)\b[^0-9]{0,20}$", re.IGNORECASE)
_STAMPED = re.compile(r"\breceived\b[^0-9]{0,40}$", re.IGNORECASE)
_STATEMENT_OF = re.compile(r"(?:witness )?statement of ([^\n,.;:]{3,60})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the text suggests; empty where it says nothing clear."""

    type: str = ""
    section: str = ""
    dated_on: date | None = None
    received_on: date | None = None
    party: UUID | None = None
    title: str = ""


def suggest(pages: Sequence[str], *, sections: Collection[str], parties: Sequence[Party], today: date) -> Suggested:
    """Return what the first pages suggest, among the sections in which this person may file."""
    text = "\n".join(pages)
    if not text.strip():
        return Suggested()
    kind, places = _kind(text)
    return Suggested(
        type=kind,
        section=next((one for one in places if one in sections), ""),
        dated_on=_date(text, today),
        received_on=_received(text, today),
        party=_party(text, parties),
        title=_title(text, kind),
    )


def _kind(text: str) -> tuple[str, tuple[str, ...]]:
    """The kind whose words stand nearest to the top."""
    top = text[:TOP].lower()
    found = [(match.start(), at) for at, (words, _, _) in enumerate(KINDS) if (match := re.search(words, top))]
    if not found:
        return "", ()
    return KINDS[min(found)[1]][1:]


def _date(text: str, today: date) -> date | None:
    """A date that is called one ("dated", "signed") before any other; never a received stamp, nor one still to come."""
    spoken = [one for one in _DATE.finditer(text) if not _STAMPED.search(text[: one.start()])]
    found = [(bool(_LABELLED.search(text[: one.start()])), day) for one in spoken if (day := _day(one))]
    past = [(is_labelled, day) for is_labelled, day in found if day <= today]
    labelled = [day for is_labelled, day in past if is_labelled]
    if labelled:
        return labelled[-1]
    return past[0][1] if past else None


def _received(text: str, today: date) -> date | None:
    """The date of the first received stamp; never one that is still to come."""
    stamped = [one for one in _DATE.finditer(text) if _STAMPED.search(text[: one.start()])]
    return next((day for one in stamped if (day := _day(one)) and day <= today), None)


def _day(found: re.Match[str]) -> date | None:
    day, month, year, day_in_figures, month_in_figures, year_in_figures = found.groups()
    text, shape = (
        (f"{day} {month} {year}", "%d %B %Y")
        if month
        else (f"{day_in_figures} {month_in_figures} {year_in_figures}", "%d %m %Y")
    )
    try:
        return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a civil date on a paper
    except ValueError:
        return None


def _party(text: str, parties: Sequence[Party]) -> UUID | None:
    """The one party whom the text names, where it names one alone; the prosecution stands on every paper of its."""
    others = [one for one in parties if one.side != Side.PROSECUTION]
    named = set(parties_named(text, others))
    concerned = [one for one in others if one.name in named]
    return concerned[0].pk if len(concerned) == 1 else None


def _title(text: str, kind: str) -> str:
    """A statement is called after who made it; other papers keep the name of their file."""
    found = _STATEMENT_OF.search(text[:TOP]) if kind == "statement" else None
    if found is None:
        return ""
    name = " ".join(found.group(1).split())
    return f"Statement of {name.title() if name.isupper() else name}"[:200]
