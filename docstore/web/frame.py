"""What stands around every page: who is signed in, where they can go, what they must know about this installation.

Knows permissions only as far as a link is worth showing; each page asks its own room again. Works for people who are
not signed in and on error pages.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.cases import queries
from docstore.cases.admissions import alerts_for
from docstore.cases.scope import Scope
from docstore.core import clock, conf
from docstore.documents import listed
from docstore.reading import sandbox
from docstore.retention import integrity
from docstore.web import dates, daylist
from docstore.web.actors import actor_of
from docstore.web.sites import chosen_court

PLACES = (
    (gettext_lazy("Day list"), "day", Permission.SEE_DAY_LIST),
    (gettext_lazy("Cases"), "cases", None),
    (gettext_lazy("Search"), "search", Permission.SEARCH),
    (gettext_lazy("Intake"), "intake", Permission.SEE_INTAKE),
    (gettext_lazy("Work"), "work", Permission.MANAGE_JOBS),
    (gettext_lazy("Records"), "records", Permission.MANAGE_RECORDS),
    (gettext_lazy("Access"), "admissions", None),
    (gettext_lazy("Who did what"), "trail", Permission.WATCH_ACCESS),
)
# Named on the sign-in page of the demo court, and nowhere else.
DEMO_PEOPLE = ("clerk", "adviser", "judge", "usher", "listing", "prosecutor", "defence", "records", "auditor")
# Which place of the navigation a view belongs to, where its own name is not the place's.
BELONGS = {
    "sheets": "cases",
    "scans": "intake",
    "scan": "intake",
    "case": "cases",
    "case-timeline": "cases",
    "case-cover": "cases",
    "case-hearings": "cases",
    "case-history": "cases",
    "case-notes": "cases",
    "case-act": "cases",
    "several": "cases",
    "hearing": "cases",
    "strike-note": "cases",
    "moved": "cases",
    "courtroom": "day",
    "import-hearings": "day",
    "open-case": "cases",
    "file-documents": "cases",
    "document": "cases",
    "page": "cases",
    "correct-page": "cases",
    "document-text": "cases",
    "saved-searches": "search",
    "saved-search": "search",
    "print-document": "cases",
    "compare-versions": "cases",
    "document-act": "cases",
    "readers": "cases",
    "records-list": "records",
    "records-stored": "records",
    "disposal-lists": "records",
    "disposal-list": "records",
    "records-calendar": "records",
    "records-simulator": "records",
    "records-stale": "records",
    "records-schedules": "records",
    "records-class": "records",
    "class-lock": "records",
    "repair-version": "records",
    "define-class": "records",
    "draft-version": "records",
    "version-act": "records",
    "records-holds": "records",
    "records-hold": "records",
    "place-hold": "records",
    "release-hold": "records",
    "case-access": "cases",
    "case-preview": "cases",
    "case-preview-role": "cases",
    "document-access": "cases",
    "break-glass": "admissions",
    "access-report": "admissions",
    "misfiled": "admissions",
    "people": "admissions",
    "person": "admissions",
    "batches": "intake",
    "batch": "intake",
    "exceptions": "intake",
    "exception": "intake",
    "exception-case": "intake",
    "reconciling": "intake",
    "webhooks": "intake",
    "webhook": "intake",
    "renew-secret": "intake",
    "stations": "intake",
    "station": "intake",
    "issue-key": "intake",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the navigation."""

    name: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """Plain values for the base template."""

    person: str
    roles: str
    site: str
    may_change_site: bool
    places: tuple[Place, ...]
    notices: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    here: str
    printed_at: str
    demo_people: tuple[str, ...]
    idle_seconds: int


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Return the frame for a template, as `frame`."""
    actor = actor_of(request)
    return {
        "frame": Frame(
            person=actor.name if actor else "",
            roles=_role_words(actor) if actor else "",
            site=_site(request, actor) if actor else "",
            may_change_site=bool(actor and len(actor.courts) > 1),
            places=_places(request, actor) if actor else (),
            notices=notices_for(request, actor),
            languages=tuple((code, str(name)) for code, name in settings.LANGUAGES),
            here=request.path if request.method == "GET" else reverse("home"),
            printed_at=dates.moment(clock.now()),
            idle_seconds=settings.SESSION_IDLE_SECONDS if actor else 0,
            demo_people=DEMO_PEOPLE if conf.get().env == "demo" and not actor else (),
        )
    }


def notices_for(request: HttpRequest, actor: Actor | None) -> tuple[str, ...]:
    """Return everything that stands above a person's pages, in the order in which it is read."""
    return (*notices(), *alerts(actor), *late_papers(request, actor))


def notices() -> tuple[str, ...]:
    """Return what everybody must know about this installation, on every page."""
    config = conf.get()
    said = []
    if config.scanner.backend.endswith("NoScanner"):
        said.append(
            _("No virus scanner is configured: files are not checked for viruses here. Do not file real papers.")
        )
    if not config.sandbox_required and not sandbox.is_available():
        said.append(
            _("Files are read without a sandbox on this computer. It is fit for trying out, not for real papers.")
        )
    if clock.ahead():
        said.append(
            _("The clock of this demo court has been moved forward. It says %(now)s.")
            % {"now": dates.moment(clock.now())}
        )
    return tuple(said)


def alerts(actor: Actor | None) -> tuple[str, ...]:
    """Return what those who watch access (DOM-9.8), and those who keep the records, must look at."""
    return (*_opened_at_once(actor), *_damaged(actor)) if actor else ()


def _damaged(actor: Actor) -> tuple[str, ...]:
    """Return what a check of stored bytes found, for those who keep the records (DOM-3.4)."""
    count = integrity.faults(actor).count() if actor.may(Permission.MANAGE_RECORDS) else 0
    said = ngettext(
        "The stored bytes of %(count)d paper are missing or changed. Look under Records, Stored bytes.",
        "The stored bytes of %(count)d papers are missing or changed. Look under Records, Stored bytes.",
        count,
    )
    return (said % {"count": count},) if count else ()


def _opened_at_once(actor: Actor) -> tuple[str, ...]:
    count = alerts_for(actor)
    if not count:
        return ()
    said = ngettext(
        "A judge opened a case at once. Look at it under Access.",
        "Judges opened %(count)d cases at once. Look at them under Access.",
        count,
    )
    return (said % {"count": count},)


def late_papers(request: HttpRequest, actor: Actor | None) -> tuple[str, ...]:
    """Return what those who sit today must hear of wherever they are: papers that came in since they saw the list (DOM-7.4)."""
    if actor is None or not actor.may(Permission.SEE_DAY_LIST):
        return ()
    today = clock.today()
    duties = queries.own_duties(actor, today)
    since = max(daylist.morning_of(today), daylist.list_seen(request))
    count = listed.count_late(Scope.of(actor), duties, since=since) if duties else 0
    said = ngettext(
        "%(count)d paper came in for a case that you hear today. See the day list.",
        "%(count)d papers came in for cases that you hear today. See the day list.",
        count,
    )
    return (said % {"count": count},) if count else ()


def _role_words(actor: Actor) -> str:
    names = dict.fromkeys(_(held.role.name) for held in actor.roles)
    return ", ".join(name if place == 0 else name.lower() for place, name in enumerate(names)).lower()


def _site(request: HttpRequest, actor: Actor) -> str:
    chosen = chosen_court(request, actor)
    codes = [chosen] if chosen else sorted(actor.courts)
    if len(codes) > 1:
        return _("All your courts")
    return court_name(codes[0]) if codes else ""


@lru_cache(maxsize=64)
def court_name(code: str) -> str:
    """Return the name of a court; names are as good as fixed, so a process asks once."""
    court = Court.objects.filter(code=code).first()
    return court.name if court else code


def _places(request: HttpRequest, actor: Actor) -> tuple[Place, ...]:
    match = request.resolver_match
    name = match.url_name if match else ""
    here = BELONGS.get(name or "", name)
    return tuple(
        Place(str(label), reverse(target), target == here)
        for label, target, permission in PLACES
        if permission is None or actor.may(permission)
    )
