"""Plain values for templates: a case as its bar shows it, a document as a row, a state as words.

Knows models of the rooms below and nothing of HTTP. Decides nothing about who may see what: it is given only what the
rooms have let through.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from docstore.access.permissions import Permission
from docstore.cases.models import Case, Hearing, Party
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents.models import Document, Filing, Stage, Version
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

    id: str
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
    opened = (
        _("Closed on %(day)s") % {"day": dates.day(row.closed_on)}
        if row.closed_on
        else _("Open since %(day)s") % {"day": dates.day(row.opened_on)}
    )
    return CaseShown(
        url=url,
        reference=words.main_reference(row),
        title=row.title,
        court=row.court.name,
        badges=case_badges(row),
        facts=(*words.other_numbers(row), words.named(row.case_type), opened),
        restriction=row.restriction,
        id=str(row.pk),
        file_url=reverse("file-documents", kwargs={"case_id": row.pk}) if may_file and row.is_open else "",
    )


def case_badges(row: Case) -> tuple[Mark, ...]:
    """Return the standing properties of a case."""
    found = []
    if row.sealed:
        found.append(Mark(_("Sealed"), "red"))
    if row.restriction:
        found.append(Mark(_("Reporting restriction"), "purple"))
    if not row.is_open:
        found.append(Mark(_("Closed"), "grey"))
    return tuple(found)


# The parts of a case file as its pages show them: key, words, address. Other rooms add theirs here.
PLACES = (
    ("documents", gettext_lazy("Documents"), "case"),
    ("hearings", gettext_lazy("Hearings"), "case-hearings"),
    ("timeline", gettext_lazy("Timeline"), "case-timeline"),
    ("notes", gettext_lazy("Notes to file"), "case-notes"),
)
HISTORY = ("history", gettext_lazy("History"), "case-history")


@dataclass(frozen=True, slots=True)
class Place:
    """One part of a case file, for its navigation."""

    name: str
    url: str
    here: bool


def places(scope: Scope, row: Case, *, here: str) -> tuple[Place, ...]:
    """Return the navigation within a case, with its history for those who may read who did what."""
    where = {"case_id": row.pk}
    found = (*PLACES, HISTORY) if scope.allows_on(row, Permission.READ_TRAILS) else PLACES
    return tuple(Place(str(name), reverse(url, kwargs=where), key == here) for key, name, url in found)


def document(placed: Placed, *, since: datetime | None = None, reader: UUID | None = None) -> DocumentShown:
    """Return a document as a row; what others filed after `since` is marked as new."""
    row, version = placed.document, placed.current
    is_new = since is not None and placed.filing.filed_at > since and placed.filing.filed_by != reader
    return DocumentShown(
        id=str(row.pk),
        url=reverse("document", kwargs={"document_id": row.pk}),
        title=row.title,
        pages=version.pages_total,
        filed_by=words.side(row.side),
        dated=row.dated_on,
        filed=dates.filed(row.filed_at),
        state=state(row, version),
        badges=(*document_badges(row), *filing_badges(placed.filing), *([Mark(_("New"), "blue")] if is_new else [])),
        sentence=state_sentence(version),
    )


def document_badges(row: Document) -> tuple[Mark, ...]:
    """Return the standing properties of a document."""
    found = []
    if row.sealed:
        found.append(Mark(_("Sealed"), "red"))
    if row.is_withdrawn:
        found.append(Mark(_("Withdrawn"), "grey"))
    return tuple(found)


def filing_badges(row: Filing) -> tuple[Mark, ...]:
    """Return what stands in doubt about the place of a document."""
    return (Mark(_("Wrong case?"), "red"),) if row.doubt else ()


def state(row: Document, version: Version) -> Mark:
    """Return how far reading has come. Only what somebody must know or act on has a colour."""
    match Stage(version.stage):
        case Stage.RECEIVED:
            return Mark(_("Being checked for viruses"), "blue")
        case Stage.CLEAN if not version.is_begun:
            return Mark(_("Waiting to be read"), "blue")
        case Stage.CLEAN | Stage.READABLE:
            done = version.pages_searchable + version.pages_without_text + version.pages_failed
            return Mark(
                _("Reading %(done)s of %(pages)s") % {"done": done, "pages": pages(version.pages_total or 0)}, "blue"
            )
        case Stage.QUARANTINED:
            return Mark(_("Quarantined"), "red")
        case Stage.UNREADABLE:
            return Mark(_("Cannot be read"), "yellow")
        case Stage.SEARCHABLE:
            return Mark(_("Partly read"), "yellow") if version.is_partial else Mark(_("Searchable"))


def state_sentence(version: Version) -> str:
    """Return what the state means and what to do, as one or two sentences."""
    total = version.pages_total or 0
    match Stage(version.stage):
        case Stage.RECEIVED:
            return _reason(version) or _("It is being checked for viruses and can be opened when that has passed.")
        case Stage.CLEAN if not version.is_begun:
            return _("It waits to be read. Pages can be opened as soon as their pictures are made.")
        case Stage.CLEAN | Stage.READABLE:
            said = _("%(readable)s of %(pages)s can be viewed, %(searchable)s can be searched.")
            return said % {
                "readable": version.pages_readable,
                "pages": pages(total),
                "searchable": version.pages_searchable,
            }
        case Stage.QUARANTINED:
            why = _reason(version) or _("The virus check stopped it.")
            return f"{why} {_('Nobody can open it. Ask the sender for a clean copy.')}"
        case Stage.UNREADABLE:
            return _reason(version) or _("Its pages cannot be shown. The original can be downloaded by those who may.")
        case Stage.SEARCHABLE:
            return _searchable(total, silent=version.pages_without_text, failed=version.pages_failed)


def _reason(version: Version) -> str:
    """What was written down when it stopped; sentences of ours are known to the catalogue."""
    return gettext(version.stage_reason) if version.stage_reason else ""


def _searchable(total: int, *, silent: int, failed: int) -> str:
    """Say how much of a finished document search knows."""
    whole = not failed and not silent and total > 1
    said = _("Searchable, all %(pages)s") if whole else _("Searchable, %(pages)s")
    parts = [said % {"pages": pages(total)}]
    if silent:
        parts.append(ngettext("%(count)s without words", "%(count)s without words", silent) % {"count": silent})
    if failed:
        unread = ngettext(
            "%(count)s could not be read and can still be viewed",
            "%(count)s could not be read and can still be viewed",
            failed,
        )
        parts.append(unread % {"count": failed})
    return ", ".join(parts) + "."


def pages(count: int) -> str:
    """Return "1 page" or "12 pages"."""
    return ngettext("%(count)s page", "%(count)s pages", count) % {"count": count}


def sittings(rows: Iterable[Hearing]) -> list[Sitting]:
    """Return hearings for the side of the case page: what is to come first, then what was, the latest first."""
    every, today = list(rows), clock.today()
    to_come = [one for one in every if one.starts_at.astimezone(clock.COURT_ZONE).date() >= today]
    past = [one for one in every if one not in to_come]
    return [
        Sitting(dates.sitting(one.starts_at), f"{one.kind}. {one.room}" + (f". {_('Heard')}" if one.heard else ""))
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
        name = gettext(grant.role.name).lower()
        facts = {"role": name, "a_role": _with_article(name), "court": row.court.name}
        if grant.is_court:
            said.append(_("You may open this case because you are %(a_role)s at %(court)s.") % facts)
        elif grant.is_duty:
            said.append(
                _("You may open this case while it is listed in a courtroom where you sit as %(role)s.") % facts
            )
        elif grant.role.is_court_staff:
            said.append(_("You may open this case because you are named on it as %(role)s.") % facts)
        else:
            facts["side"] = words.side(grant.side).lower()
            said.append(
                _("You may open this case because you are named on it as %(role)s, for the %(side)s side.") % facts
            )
    return list(dict.fromkeys(said))


def _with_article(word: str) -> str:
    """Return "an adviser", "a judge"; Welsh has no such word."""
    if get_language() == "cy":
        return word
    article = "an" if word[:1] in "aeiou" and not word.startswith("us") else "a"
    return f"{article} {word}"
