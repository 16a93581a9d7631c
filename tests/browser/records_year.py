"""A court whose records are managed by three people, its clock, and the acts of their year as steps on pages."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Page

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.models import Document, Rendition, RenditionKind
from docstore.documents.progress import Picture, store_pictures
from docstore.documents.vault import in_memory, vault
from docstore.retention import nightly
from docstore.search import actions as search
from docstore.web import dates, words
from tests.api.client import drain
from tests.browser.checks import faults, listen
from tests.courts import TwoCourts, build_courts

MANAGERS = ("keeper", "second", "third")


@dataclass
class Year:
    """The running court, who sits where, and what the console complained of."""

    base: str
    courts: TwoCourts
    visit: Callable[[str], Page]
    monkeypatch: pytest.MonkeyPatch
    pages: dict[str, Page] = field(default_factory=dict)
    listened: list[list[str]] = field(default_factory=list)
    ahead: timedelta = timedelta(0)

    def at(self, who: str, path: str = "") -> Page:
        """The browser of one person, on a page."""
        if who not in self.pages:
            self.pages[who] = self.visit(who)
            self.listened.append(listen(self.pages[who]))
        page = self.pages[who]
        if path:
            page.goto(f"{self.base}{path}")
        return page

    @property
    def heard(self) -> list[str]:
        """What consoles complained of. A page that is refused on purpose is reported as a failed load; that is no fault."""
        every = [one for page in self.listened for one in page]
        return [one for one in every if "Failed to load resource" not in one]

    def pass_days(self, days: int) -> None:
        """Move the product's clock, and let workers and the night do what is due by then."""
        drain()
        self.ahead += timedelta(days=days)
        ahead = self.ahead
        self.monkeypatch.setattr(clock, "ahead", lambda: ahead)
        nightly.pass_night()
        drain()

    def case(self, title: str, *papers: tuple[str, str], by: str = "clerk") -> Case:
        """An open case with papers that are read, drawn and searchable: (kind of paper, its words)."""
        case = self.courts.open_case(by=by)
        Case.objects.filter(pk=case.pk).update(title=title)
        for kind, text in papers:
            self.paper(case, kind, text)
        case.refresh_from_db()
        return case

    def paper(self, case: Case, kind: str, text: str) -> Document:
        paper = self.courts.file(text, case=case, title=kind)
        Document.objects.filter(pk=paper.pk).update(type=kind)
        version = paper.versions.get()
        store_pictures(version.pk, [_picture(paper.pk, version.pk)])
        search.index(paper.pk)
        paper.refresh_from_db()
        return paper


def begin(base: str, visit: Callable[[str], Page], monkeypatch: pytest.MonkeyPatch) -> Year:
    """The court with three records managers of its own."""
    courts = build_courts()
    for name in MANAGERS:
        person = access.create_person(by=system("tests"), username=name, name=name.title(), password="test-password-1")
        access.grant_role(by=system("tests"), person=person, role="records", court=courts.first)
        courts.people[name] = person
    return Year(base, courts, visit, monkeypatch)


def _picture(document: UUID, version: UUID) -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (132, 187), "white").save(file, "WEBP")
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    key = f"renditions/{document}/{version}/{RenditionKind.THUMBNAIL}-1-{digest}"
    vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type="image/webp")
    return Picture(RenditionKind.THUMBNAIL, 1, key, digest, len(content), "image/webp", 132, 187, "test")


# --- what people do, each as they would on pages -------------------------------------------------


def write_class(year: Year, code: str, *steps: dict[str, str], level: str = "case") -> None:
    """One records manager writes a class and submits it; the author cannot approve; another looks and approves."""
    page = year.at("keeper", "/records/schedules/")
    page.click("text=Make a disposal class")
    page.fill("#id_schedule", "NORTHGATE")
    page.fill("#id_code", code)
    page.fill("#id_title", f"Files of the kind {code}")
    page.fill("#id_description", "Whole files, with every paper")
    page.fill("#id_mandate", "The court’s schedule of 2026")
    page.fill("#id_scope_notes", "None")
    page.check(f"input[name=level][value={level}]", force=True)
    page.click("main form button")
    for at, step in enumerate(steps, start=1):
        if at > 1:
            page.click("text=Add a step")
        for name, value in step.items():
            field = page.locator(f"#id_s{at}-{name}")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
    page.fill("#id_effective_from", "1 1 2000")
    page.fill("#id_guard_days", "0")
    page.click("text=Keep the draft")
    page.click("main .ds-split a.govuk-button:has-text('Submit for approval')")
    assert page.locator(".ds-figures dd").first.inner_text() == "0"  # its preview: nothing stands under it yet
    page.click("main form button")
    other = year.at("second", "/records/")
    other.click(f"text=Approve {code}, version 1")
    other.click("main form button")
    assert "Approved" in other.locator("main").inner_text()


def assign(year: Year, case: Case, code: str) -> None:
    page = year.at("keeper", f"/cases/{case.pk}/retention/class/")
    page.select_option("#id_code", f"NORTHGATE/{code}")
    page.fill("#id_reason", "As the schedule says")
    page.click("main form button")


def close(year: Year, case: Case, on: date) -> None:
    page = year.at("clerk", f"/cases/{case.pk}/acts/close/")
    page.fill("#id_closed_on", f"{on.day} {on.month} {on.year}")
    page.fill("#id_outcome", "Concluded")
    page.fill("#id_reason", "Nothing more is to come")
    page.click("main form button")
    assert "The case is closed" in page.locator("main").inner_text()


def record_sentence(year: Year, case: Case, until: date) -> None:
    page = year.at("clerk", f"/cases/{case.pk}/retention/")
    page.click("text=Record what happened")
    page.select_option("#id_type", "sentence_end")
    page.fill("#id_event_on", until.isoformat())
    page.fill("#id_reason", "As the warrant says")
    page.click("main form button")
    assert dates.day(until) in page.locator("main").inner_text()


def place_moratorium(year: Year, said: str) -> None:
    page = year.at("keeper", "/records/holds/")
    page.click("text=Place a hold")
    page.check("input[name=kind][value=query]", force=True)
    page.fill("#id_target", said)
    page.fill("#id_title", "Child protection moratorium")
    page.fill("#id_reason", "Nothing that may bear on children is destroyed until the inquiry has reported")
    page.fill("#id_mandate", "Direction of the inquiry")
    ahead = clock.today() + timedelta(days=365)
    page.fill("#id_review_on", f"{ahead.day} {ahead.month} {ahead.year}")
    page.click("main form button")
    assert "The hold is in force on" in page.locator("main").inner_text()


def switch_on(year: Year) -> None:
    page = year.at("keeper", "/records/switch/")
    page.fill("#id_reason", "The year’s first list")
    page.click("text=Ask for it to be switched on")
    assert "Somebody else has to confirm it" in page.locator("main").inner_text()
    other = year.at("second", "/records/switch/")
    other.fill("#id_reason", "Agreed")
    other.click("text=Switch it on, as the second person")
    assert "Destruction is switched on" in other.locator("h1").inner_text()


def number(case: Case) -> str:
    return words.main_reference(case)


def looked_at(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    return [f"{page.url}: {one}" for one in faults(page)]


def renditions_of(case: Case) -> list[str]:
    rows = Rendition.objects.filter(version__document__filings__case=case)
    return list(rows.values_list("key", flat=True))
