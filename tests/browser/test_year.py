"""A records manager's year, driven in a browser by keys alone: everything that a person does is done on a page."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.models import Document
from docstore.documents.models import Page as Leaf
from docstore.documents.vault import vault
from docstore.retention.disposal_models import DestructionTarget, DisposalList
from docstore.search import actions as search
from tests.api.client import drain
from tests.browser import records_year as acts
from tests.browser.conftest import signed_in
from tests.browser.driving import WIDE
from tests.browser.keyboard import without_a_mouse
from tests.browser.records_year import Year

ENDED, DUE = date(2018, 3, 5), date(2025, 3, 5)
DIVORCED = date(2004, 5, 17)
VERIFIER = Path(__file__).resolve().parents[2] / "ops" / "verify_evidence.py"
SEVEN = {"trigger": "case_closed", "period": "P7Y", "approval_stages": "2"}
SENTENCED = {"trigger": "case_closed", "period": "P7Y", "later": "sentence_end"}
STRIPPED = {
    "trigger": "case_closed",
    "period": "P18Y",
    "action": "strip",
    "keep_types": "Decree absolute",
    "keep_class": "DECREES",
}
THEN = {"trigger": "step:completed", "period": "P82Y"}
HUNDRED = {"trigger": "case_closed", "period": "P100Y"}


@pytest.fixture
def year(live_server: LiveServer, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    contexts: list[BrowserContext] = []

    def visit(who: str) -> Page:
        contexts.append(browser.new_context(viewport=WIDE))
        return signed_in(contexts[-1], live_server.url, begun.courts.people[who])

    without_a_mouse(monkeypatch)
    begun = acts.begin(live_server.url, visit, monkeypatch)
    yield begun
    for context in contexts:
        context.close()


@pytest.mark.requirement("RET-A11", "RET-I7", "RET-N5")
def test_a_records_managers_year(year: Year, tmp_path: Path) -> None:
    cases = spring(year)
    evidence = gone_later(cases["plain"])
    summer(year, cases)
    made = autumn(year, cases)
    winter(year, cases, made, evidence, tmp_path)
    assert year.heard == []


def spring(year: Year) -> dict[str, Case]:
    """Schedules take force, cases get their classes and close, a sentence extends one, a moratorium holds one."""
    acts.write_class(year, "CRIME", SEVEN)
    acts.write_class(year, "CUSTODY", SENTENCED)
    acts.write_class(year, "DECREES", HUNDRED, level="document")
    acts.write_class(year, "DIVORCE", STRIPPED, THEN)
    cases = {
        "plain": year.case("R v Thackwray", ("Statement", "heron feathers on the sill"), ("Letter", "a second paper")),
        "held": year.case("R v Isbourne", ("Report", "a safeguarding referral was made")),
        "sentence": year.case("R v Quarmby", ("Statement", "the lock was forced")),
        "divorce": year.case("Lovage v Lovage", ("Petition", "petition words"), ("Decree absolute", "decree words")),
    }
    classes = {"plain": "CRIME", "held": "CRIME", "sentence": "CUSTODY", "divorce": "DIVORCE"}
    for name, case in cases.items():
        acts.assign(year, case, classes[name])
        acts.close(year, case, DIVORCED if name == "divorce" else ENDED)
    drain()
    acts.record_sentence(year, cases["sentence"], clock.today() + timedelta(days=900))
    acts.place_moratorium(year, "safeguarding")
    return cases


def summer(year: Year, cases: dict[str, Case]) -> None:
    """A closure is provisional for a week; then the dashboard counts what is due, and opens exactly that."""
    page = year.at("keeper", f"/cases/{cases['plain'].pk}/retention/")
    assert "Provisional" in page.locator("h1").inner_text()
    year.pass_days(8)
    page = year.at("keeper", "/records/")
    tile = page.locator(".ds-tiles li", has_text="due for disposal")
    assert tile.locator("strong").inner_text() == "2"
    assert acts.looked_at(page) == []
    tile.locator("a").click()
    listed = page.locator("table.ds-table tbody").inner_text()
    assert all(acts.number(cases[name]) in listed for name in ("plain", "divorce"))
    assert acts.number(cases["held"]) not in listed
    held = year.at("keeper", f"/cases/{cases['held'].pk}/retention/").locator("main").inner_text()
    assert "A hold stops its disposal" in held
    assert "5 March 2025" in held
    later = year.at("clerk", f"/cases/{cases['sentence'].pk}/retention/").locator("main").inner_text()
    assert "the end of the sentence" in later.lower()


def autumn(year: Year, cases: dict[str, Case]) -> DisposalList:
    """The list: made, looked at copy by copy, decided, approved by two others, and not carried out too early."""
    acts.switch_on(year)
    page = year.at("keeper", "/records/disposal/")
    page.click("text=Make a list of what is due")
    made = DisposalList.objects.get()
    assert page.locator("tbody tr").count() == 2
    assert "R v Thackwray" in page.locator("tbody").inner_text()
    page.click("text=Record decision")
    assert "Tick the records that you mean" in page.locator("main").inner_text()
    page.fill("#id_f-due_before", f"{DUE.day + 1} {DUE.month} {DUE.year}")
    page.click(".ds-filters-row button")
    page.check("#g-2", force=True)
    page.fill("#id_reason", "Nobody has asked for it")
    assert acts.looked_at(page) == []
    page.click("text=Record decision")
    page.click("text=Submit for approval")
    assert "You cannot approve this list" in page.locator("main").inner_text()
    for who in ("second", "third"):
        other = year.at(who, f"/records/disposal/{made.pk}/")
        assert acts.looked_at(other) == []
        other.check("#id_sure", force=True)
        other.fill("#id_confirm", made.number)
        other.click("main form button.govuk-button--warning")
        assert "Approved." in other.locator("main").inner_text()
    page.goto(page.url)
    page.click("main form button.govuk-button--warning")
    assert "cools off until" in page.locator("main").inner_text()
    assert vault().has(cases["plain"].filings.first().document.versions.get().key)  # type: ignore[union-attr]
    return made


def winter(year: Year, cases: dict[str, Case], made: DisposalList, evidence: "Evidence", folder: Path) -> None:
    """Carried out: everything is gone and seen to be gone, the certificate stands by itself, the stub answers."""
    year.pass_days(8)
    page = year.at("third", f"/records/disposal/{made.pk}/copies/")
    page.locator("main summary").first.click()
    assert "object version" in page.locator("main").inner_text()
    page = year.at("keeper", f"/records/disposal/{made.pk}/")
    page.click("main form button.govuk-button--warning")
    drain()
    page.goto(f"{year.base}/records/disposal/{made.pk}/")
    assert page.locator(".govuk-caption-m").inner_text() == "Done"
    assert acts.looked_at(page) == []
    evidence.is_gone()
    page.click("tbody tr:has-text('5 March 2025') >> text=Evidence")
    assert page.locator("tbody tr:has-text('rendition')").count() > 0
    assert acts.looked_at(page) == []
    divorce_is_stripped(year, cases["divorce"])
    check_certificate(year, made, folder)
    page = year.at("second", "/records/destroyed/")
    page.fill("#id_reference", evidence.number)
    page.click("text=Look it up")
    assert "is not held. It was destroyed on" in page.locator("main").inner_text()
    assert made.certificate.number in page.locator("main").inner_text()
    assert acts.looked_at(page) == []
    assert "was destroyed" in year.at("clerk", f"/cases/{cases['plain'].pk}/").locator("main").inner_text()
    held = Document.objects.get(filings__case=cases["held"])
    assert year.at("clerk", f"/documents/{held.pk}/").locator("h1").count() == 1
    assert not held.is_gone


class Evidence:
    """Where every copy of a case was, so that it can be looked for afterwards."""

    def __init__(self, case: Case) -> None:
        self.number = acts.number(case)  # afterwards the case itself has none
        papers = list(Document.objects.filter(filings__case=case))
        self.papers = [one.pk for one in papers]
        self.keys = [version.key for one in papers for version in one.versions.all()] + acts.renditions_of(case)
        assert len(self.keys) == 4
        assert all(vault().has(key) for key in self.keys)

    def is_gone(self) -> None:
        assert not any(vault().has(key) for key in self.keys)
        assert not Leaf.objects.filter(version__document__in=self.papers).exists()
        assert all(search.proof_of_removal(one).entries == 0 for one in self.papers)
        rows = DestructionTarget.objects.filter(paper__in=[str(one) for one in self.papers])
        assert set(rows.values_list("status", flat=True)) == {"verified"}


def gone_later(case: Case) -> Evidence:
    return Evidence(case)


def divorce_is_stripped(year: Year, case: Case) -> None:
    """The decree stays, readable and under its own class; the petition is gone; the rest of the rule goes on."""
    papers = {one.type or "gone": one for one in Document.objects.filter(filings__case=case)}
    decree, petition = papers["Decree absolute"], papers["gone"]
    assert petition.is_gone
    page = year.at("clerk", f"/documents/{decree.pk}/retention/")
    assert "DECREES" in page.locator("main").inner_text()
    assert dates_of(page, "17 May 2104")
    page = year.at("clerk", f"/documents/{petition.pk}/")
    assert "was destroyed" in page.locator("main").inner_text()


def dates_of(page: Page, day: str) -> bool:
    return day in page.locator("main").inner_text()


def check_certificate(year: Year, made: DisposalList, folder: Path) -> None:
    """Saved from the page and checked by a program that knows nothing of the server but its published keys."""
    page = year.at("keeper", f"/records/disposal/{made.pk}/")
    with page.expect_download() as download:
        page.click("text=The same, signed (JSON)")
    certificate, keys = folder / "certificate.json", folder / "keys.json"
    download.value.save_as(certificate)
    keys.write_text(json.dumps(page.request.get(f"{year.base}/.well-known/jwks.json").json()))
    command = [sys.executable, "-I", str(VERIFIER), str(certificate), str(keys)]
    told = subprocess.run(command, capture_output=True, check=False, text=True)
    assert told.returncode == 0, told.stdout
