"""Plain values for templates: a case as its bar shows it, a document as a row, a state as words.

Knows models of the rooms below and nothing of HTTP. Decides nothing about who may see what: it is given only what the
rooms have let through.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.cases.models import Case, Hearing, Party
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents.models import Document, Stage, Version
from docstore.documents.queries import Placed
from docstore.web import dates, words


@dataclass(frozen=True, slots=True)
class Mark:
    """Words with a colour, for badges and tags; without a colour they are plain text."""

    text: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case as its bar, a list or a title shows it."""

    url: str
    reference: str
    title: str
    court: str
    badges: tuple[Mark, ...]
    facts: tuple[str, ...]
    restriction: str
    id: str
    file_url: str = ""


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """A document as a row of a table."""

    url: str
    title: str
    pages: int | None
    filed_by: str
    dated: date | None
    filed: str
    state: Mark
    badges: tuple[Mark, ...]
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what is said of it, line by line."""

    name: str
    lines: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sitting:
    """A hearing as a list shows it."""

    when: str
    what: str


def case(row: Case, *, may_file: bool = False) -> CaseShown:
    """Return a case for its bar."""
    url = reverse("case", kwargs={"case_id": row.pk})
    opened = f"Closed on {dates.day(row.closed_on)}" if row.closed_on else f"Open since {dates.day(row.opened_on)}"
    return CaseShown(
        url=url,
        reference=words.main_reference(row),
        title=row.title,
        court=row.court.name,
        badges=case_badges(row),
        facts=(*words.other_numbers(row), row.case_type.name, opened),
        restriction=row.restriction,
        id=str(row.pk),
        file_url=reverse("file-documents", kwargs={"case_id": row.pk}) if may_file and row.is_open else "",
    )


def case_badges(row: Case) -> tuple[Mark, ...]:
    """Return the standing properties of a case."""
    found = []
    if row.sealed:
        found.append(Mark("Sealed", "red"))
    if row.restriction:
        found.append(Mark("Reporting restriction", "purple"))
    if not row.is_open:
        found.append(Mark("Closed", "grey"))
    return tuple(found)


# The parts of a case file as its pages show them: key, words, address. Other rooms add theirs here.
PLACES = (
    ("documents", gettext_lazy("Documents"), "case"),
    ("hearings", gettext_lazy("Hearings"), "case-hearings"),
    ("timeline", gettext_lazy("Timeline"), "case-timeline"),
    ("notes", gettext_lazy("Notes to file"), "case-notes"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One part of a case file, for its navigation."""

    name: str
    url: str
    here: bool


def places(row: Case, *, here: str) -> tuple[Place, ...]:
    """Return the navigation within a case."""
    where = {"case_id": row.pk}
    return tuple(Place(str(name), reverse(url, kwargs=where), key == here) for key, name, url in PLACES)


def document(placed: Placed, *, since: datetime | None = None, reader: UUID | None = None) -> DocumentShown:
    """Return a document as a row; what others filed after `since` is marked as new."""
    row, version = placed.document, placed.current
    is_new = since is not None and placed.filing.filed_at > since and placed.filing.filed_by != reader
    return DocumentShown(
        url=reverse("document", kwargs={"document_id": row.pk}),
        title=row.title,
        pages=version.pages_total,
        filed_by=words.side(row.side),
        dated=row.dated_on,
        filed=dates.filed(row.filed_at),
        state=state(row, version),
        badges=(*document_badges(row), *([Mark(_("New"), "blue")] if is_new else [])),
        sentence=state_sentence(version),
    )


def document_badges(row: Document) -> tuple[Mark, ...]:
    """Return the standing properties of a document."""
    found = []
    if row.sealed:
        found.append(Mark("Sealed", "red"))
    if row.is_withdrawn:
        found.append(Mark("Withdrawn", "grey"))
    return tuple(found)


def state(row: Document, version: Version) -> Mark:
    """Return how far reading has come. Only what somebody must know or act on has a colour."""
    match Stage(version.stage):
        case Stage.RECEIVED:
            return Mark("Being checked for viruses", "blue")
        case Stage.CLEAN:
            return Mark("Waiting to be read", "blue")
        case Stage.READABLE:
            done = version.pages_searchable + version.pages_without_text + version.pages_failed
            return Mark(f"Reading {done} of {pages(version.pages_total or 0)}", "blue")
        case Stage.QUARANTINED:
            return Mark("Quarantined", "red")
        case Stage.UNREADABLE:
            return Mark("Cannot be read", "yellow")
        case Stage.SEARCHABLE:
            return Mark("Partly read", "yellow") if version.is_partial else Mark("Searchable")


def state_sentence(version: Version) -> str:
    """Return what the state means and what to do, as one or two sentences."""
    total = version.pages_total or 0
    match Stage(version.stage):
        case Stage.RECEIVED:
            return version.stage_reason or "It is being checked for viruses and can be opened when that has passed."
        case Stage.CLEAN:
            return "It waits to be read. Pages can be opened as soon as their pictures are made."
        case Stage.READABLE:
            return (
                f"{version.pages_readable} of {pages(total)} can be viewed, {version.pages_searchable} can be searched."
            )
        case Stage.QUARANTINED:
            why = version.stage_reason or "The virus check stopped it."
            return f"{why} Nobody can open it. Ask the sender for a clean copy."
        case Stage.UNREADABLE:
            return version.stage_reason or "Its pages cannot be shown. The original can be downloaded by those who may."
        case Stage.SEARCHABLE:
            return _searchable(total, silent=version.pages_without_text, failed=version.pages_failed)


def _searchable(total: int, *, silent: int, failed: int) -> str:
    """Say how much of a finished document search knows."""
    whole = not failed and not silent
    parts = [f"Searchable, {'all ' if whole and total > 1 else ''}{pages(total)}"]
    if silent:
        parts.append(f"{silent} without words")
    if failed:
        parts.append(f"{failed} could not be read and can still be viewed")
    return ", ".join(parts) + "."


def pages(count: int) -> str:
    """Return "1 page" or "12 pages"."""
    return f"{count} page" if count == 1 else f"{count} pages"


def sittings(rows: Iterable[Hearing]) -> list[Sitting]:
    """Return hearings for the side of the case page: what is to come first, then what was, the latest first."""
    every, today = list(rows), clock.today()
    to_come = [one for one in every if one.starts_at.astimezone(clock.COURT_ZONE).date() >= today]
    past = [one for one in every if one not in to_come]
    return [
        Sitting(dates.sitting(one.starts_at), f"{one.kind}. {one.room}" + (". Heard" if one.heard else ""))
        for one in [*to_come, *reversed(past)]
    ]


def parties(rows: Iterable[Party]) -> list[Fact]:
    """Return who is in the case, by side."""
    return [
        Fact(
            words.side(one.side), tuple(line for line in (one.name, one.note, one.representative) if line), strong=True
        )
        for one in rows
    ]


def why(scope: Scope, row: Case) -> list[str]:
    """Return in words through what the person may open this case."""
    said = []
    for grant in scope.grants_on(row):
        name = grant.role.name.lower()
        if grant.is_court:
            said.append(f"You may open this case because you are {article(name)} {name} at {row.court.name}.")
        elif grant.is_duty:
            said.append(f"You may open this case while it is listed in a courtroom where you sit as {name}.")
        elif grant.role.is_court_staff:
            said.append(f"You may open this case because you are named on it as {name}.")
        else:
            said.append(f"You may open this case because you are named on it as {name}, for the {grant.side} side.")
    return list(dict.fromkeys(said))


def article(word: str) -> str:
    """Return "an" before a vowel, else "a"."""
    return "an" if word[:1] in "aeiou" and not word.startswith("us") else "a"
