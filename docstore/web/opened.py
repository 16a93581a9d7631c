"""A document in somebody's hands: what its own page and the pages of its pages all show.

Knows the rooms below by their questions. Whether this person may hold it was asked before an Opened is made.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.cases.models import Classification, Right
from docstore.cases.scope import Scope
from docstore.core.errors import NotFound
from docstore.documents import amending, queries
from docstore.documents.models import Document, RenditionKind, Stage, Version
from docstore.documents.queries import Placed
from docstore.web import dates, shown, words

A_MOMENT = timedelta(minutes=1)

LONGEST_VERSION = 4


@dataclass(frozen=True, slots=True)
class Opened:
    """A document, the version that is looked at, and the scope that it was reached through."""

    scope: Scope
    placed: Placed
    version: Version

    @property
    def document(self) -> Document:
        return self.placed.document

    @property
    def is_current(self) -> bool:
        return self.version.number == self.document.current

    @property
    def may_download(self) -> bool:
        """Whether its bytes may be taken away, on paper or as a file: a right of its own."""
        filing = self.placed.filing
        return self.version.is_served and filing.section_id in self.scope.sections_on(filing.case, Right.DOWNLOAD)

    @property
    def pages(self) -> int:
        return self.version.pages_total or 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document's contents."""

    title: str
    page: int
    url: str
    level: int
    is_here: bool


def open_document(by: Actor, document_id: UUID, *, version: int | None = None) -> Opened:
    """Return a document that this person may open, in the version asked for, else the current one; raise NotFound."""
    scope = Scope.of(by)
    found = queries.placed(scope, [queries.get_document(scope, document_id)])
    if not found:
        raise NotFound
    current = found[0].current
    wanted = current if version in (None, current.number) else queries.version_of(found[0].document, version)
    return Opened(scope, found[0], wanted)


def version_in(text: str) -> int | None:
    """Return the version that an address names, or None for the current one."""
    return int(text) if text.isdigit() and len(text) <= LONGEST_VERSION else None


def common(opened: Opened) -> dict[str, object]:
    """What every page about a document shows: its case, its title and marks, what is known about it."""
    document, version = opened.document, opened.version
    where = {"document_id": document.pk}
    original = reverse("original", kwargs=where)
    return {
        "case": shown.case(opened.placed.filing.case),
        "document": document,
        "document_url": reverse("document", kwargs=where),
        "version": version,
        "is_current": opened.is_current,
        "badges": (*shown.document_badges(document), *shown.filing_badges(opened.placed.filing)),
        "facts": facts(opened),
        "original_url": (original if opened.is_current else f"{original}?version={version.number}")
        if opened.may_download
        else "",
    }


def facts(opened: Opened) -> list[shown.Fact]:
    """What is said about a document beside its pages."""
    document, version = opened.document, opened.version
    found = [
        shown.Fact(_("Filed by"), (_filed_by(version, document),)),
        shown.Fact(_("Section"), (words.named(opened.placed.filing.section),)),
        shown.Fact(_("Dated"), (dates.day(document.dated_on) if document.dated_on else _("No date given"),)),
        *_came(document),
        shown.Fact(_("Who may open"), (_who_may_open(opened),)),
    ]
    found += _relations(opened)
    if document.sealed:
        found.append(shown.Fact(_("Sealed"), (document.sealed_reason,)))
    if document.is_withdrawn:
        found.append(shown.Fact(_("Withdrawn"), (document.withdrawn_reason,)))
    found.append(shown.Fact(_("Reading"), (shown.state_sentence(version),)))
    found.append(shown.Fact(_("Virus check"), (_checked(version),)))
    return found


def _came(document: Document) -> list[shown.Fact]:
    """When the court got it, when it was scanned and when its bytes came, where those were other days than the filing."""
    found = []
    if document.received_on:
        found.append(shown.Fact(_("Received"), (dates.day(document.received_on),)))
    if document.scanned_on:
        found.append(shown.Fact(_("Scanned"), (dates.day(document.scanned_on),)))
    if document.received_at and document.filed_at - document.received_at > A_MOMENT:
        found.append(shown.Fact(_("Safe here since"), (dates.moment(document.received_at),)))
    return found


def _who_may_open(opened: Opened) -> str:
    if opened.placed.filing.doubt:
        return _("Court staff, until its case is certain")
    if opened.placed.filing.partition_after is not None:
        return _("Court staff and whoever filed it, until its first pages are read")
    return str(words.CLASSIFICATIONS[Classification(opened.document.rank)])


def _relations(opened: Opened) -> list[shown.Fact]:
    """Whom, which hearings and which application a paper is about, where somebody said so."""
    document, case = opened.document, opened.placed.filing.case
    parties = tuple(document.parties.filter(case=case).values_list("name", flat=True))
    hearings = tuple(f"{one.kind}, {dates.sitting(one.starts_at)}" for one in document.hearings.filter(case=case))
    application = (
        amending.applications_on(opened.scope, case).filter(pk=document.application_id).first()
        if document.application_id
        else None
    )
    told = (
        (_("Concerns"), parties),
        (_("For the hearing"), hearings),
        (_("Belongs to"), (application.title,) if application else ()),
    )
    return [shown.Fact(name, lines) for name, lines in told if lines]


def page_link(opened: Opened, number: int, *, has_picture: bool, tail: str = "") -> dict[str, object]:
    """Return a page as a link with its small picture, where that is made already."""
    where = {"document_id": opened.document.pk, "number": number}
    version = "" if opened.is_current else f"?version={opened.version.number}"
    return {
        "number": number,
        "url": _page_url(opened, number, tail),
        "picture": f"{reverse('thumbnail', kwargs=where)}{version}" if has_picture else "",
    }


def page_links(opened: Opened, numbers: range, *, tail: str = "") -> list[dict[str, object]]:
    """Return several pages as links."""
    made = queries.pictures_of(opened.version, RenditionKind.THUMBNAIL, pages=numbers)
    return [page_link(opened, number, has_picture=number in made, tail=tail) for number in numbers]


def contents(opened: Opened, *, number: int = 0, tail: str = "") -> list[Line]:
    """Return the outline that the file brings, as links; the heading under which page `number` stands is marked."""
    headings = queries.outline_of(opened.version) if opened.version.is_served else []
    begun = [at for at, one in enumerate(headings) if one.page <= number]
    here = max(begun, key=lambda at: (headings[at].page, at)) if begun else None
    return [
        Line(one.title, one.page, _page_url(opened, one.page, tail), one.level, at == here)
        for at, one in enumerate(headings)
        if one.page <= opened.pages
    ]


def _page_url(opened: Opened, number: int, tail: str) -> str:
    version = "" if opened.is_current else f"?version={opened.version.number}"
    return reverse("page", kwargs={"document_id": opened.document.pk, "number": number}) + (tail or version)


def _filed_by(version: Version, document: Document) -> str:
    who = version.filed_by or document.filed_by
    return _("%(person)s, for the %(side)s, %(when)s") % {
        "person": who.name if who else _("the service"),
        "side": words.side(document.side).lower(),
        "when": dates.moment(version.filed_at),
    }


def _checked(version: Version) -> str:
    match Stage(version.stage):
        case Stage.RECEIVED:
            return _("Not yet made")
        case Stage.QUARANTINED:
            return _("Stopped it")
        case _ if not version.is_scanned:
            return _("Not made: no virus scanner is configured here")
        case _:
            return _("Passed (%(scanner)s)") % {"scanner": version.scanned_by}
