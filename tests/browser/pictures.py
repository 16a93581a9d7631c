"""Take the pictures of the documentation: `make pictures`, while the demo court runs.

    python -m tests.browser.pictures [folder]        DOCSTORE_URL=http://127.0.0.1:8000

Shows the demo court only, whose people and papers are invented.
"""

import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, ViewportSize

from tests.browser.driving import NARROW, WIDE, chromium, sign_in

BASE = os.environ.get("DOCSTORE_URL", "http://127.0.0.1:8000").rstrip("/")
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LONGEST = 2400
# A case with many papers, a scan among them, and words that stand on that scan.
CASE = "Dunmore"
WORDS = '"hawthorn lane" OR knife OR "front door"'
STATEMENT = (
    "WITNESS STATEMENT\nStatement of Thaddeus Okafor-Lind\nURN 45MC1234542\nDated 19 November 2026\nI saw two people."
)
LETTER = "Dear Sir\nOur reference 45MC1234547. R v Castellane. We act for the defendant.\nYours faithfully"
PAPER = "Letter and repair records"


def take(page: Page, folder: Path, name: str) -> None:
    """Save the whole page as it stands, the top of it where it is very long."""
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"] if page.viewport_size else 0
    height = min(LONGEST, int(page.evaluate("document.documentElement.scrollHeight")))
    page.screenshot(
        path=folder / f"{name}-{width}.png", full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
    )
    with Image.open(folder / f"{name}-{width}.png") as picture:  # 256 colours: a third of the size, no visible loss
        picture.convert("RGB").quantize(256).save(folder / f"{name}-{width}.png", optimize=True)
    print(f"{name}-{width}")


def go_round(context: BrowserContext, folder: Path) -> None:
    """Visit every screen that the documentation shows."""
    start = context.new_page()
    start.goto(f"{BASE}/sign-in/")
    take(start, folder, "sign-in")
    page = sign_in(context, BASE, "adviser")
    take(page, folder, "home")
    page.goto(f"{BASE}/day/")
    take(page, folder, "day")
    page.goto(f"{BASE}/cases/?title={CASE}")
    page.click("main tbody a")
    take(page, folder, "case")
    case = page.url
    for part in ("timeline", "notes"):
        page.goto(f"{case}{part}/")
        take(page, folder, part)
    page.goto(case)
    page.goto(f"{page.url}file/")
    papers: list[FilePayload] = [
        {"name": "Second statement.txt", "mimeType": "text/plain", "buffer": STATEMENT.encode()},
        {"name": "Letter_14_Nov.txt", "mimeType": "text/plain", "buffer": LETTER.encode()},
        {"name": "Medical report.pdf", "mimeType": "application/pdf", "buffer": b""},
    ]
    page.set_input_files("#id_files", papers)
    page.wait_for_selector("[data-row] >> nth=1")
    page.wait_for_selector("[data-sending] .ds-batch__refused")
    take(page, folder, "file")
    for _ in range(page.locator("[data-row]").count()):  # the demo court is left as it was found
        page.locator("[data-row] button[name=do]").first.click()
    page.goto(f"{BASE}/cases/?title={CASE}")
    page.click("main tbody a")
    page.fill("#q", WORDS)
    page.press("#q", "Enter")
    page.wait_for_selector("#results")
    take(page, folder, "search")
    page.locator(".ds-hit__page p .govuk-link", has_text=PAPER).first.click()
    page.wait_for_selector("[data-viewer]")
    take(page, folder, "page")
    page.click("h1 a")
    take(page, folder, "document")


def look_behind(context: BrowserContext, folder: Path) -> None:
    """Visit the pages of those who keep cases, people and work; wide only, they are used at desks."""
    page = sign_in(context, BASE, "clerk")
    page.goto(f"{BASE}/cases/")
    take(page, folder, "cases")
    page.goto(f"{BASE}/cases/?title={CASE}")
    page.click("main tbody a")
    case = page.url
    for part, name in (
        ("history/", "history"),
        ("access/", "access"),
        ("cover/", "cover"),
        ("?section=statements", "section"),
    ):
        page.goto(f"{case}{part}")
        take(page, folder, name)
    page.goto(case)
    page.click("main tbody th a")
    page.click("text=Who may open it")
    page.fill("[name=person]", "usher")
    page.press("[name=person]", "Enter")
    page.wait_for_selector(".ds-verdict")
    take(page, folder, "explain")
    for path, name in (
        ("intake/", "intake"),
        ("work/", "work"),
        ("access/", "admissions"),
        ("people/", "people"),
        ("account/second-factor/", "second-step"),
    ):
        page.goto(f"{BASE}/{path}")
        take(page, folder, name)
    page.goto(case)
    page.click("text=Cymraeg")
    page.goto(case)
    take(page, folder, "case.cy")


def look_as(context: BrowserContext, folder: Path, who: str, pages: dict[str, str]) -> None:
    """Visit some pages as somebody."""
    page = sign_in(context, BASE, who)
    for name, path in pages.items():
        page.goto(f"{BASE}/{path}")
        take(page, folder, name)


OTHERS = {
    "records": {
        "records": "records/",
        "records-list": "records/list/?show=all",
        "what-if": "records/what-if/?as_of=1+1+2035",
    },
    "auditor": {"trail": "trail/"},
    "stations": {"stations": "intake/stations/"},
}


def main() -> None:
    """Take every picture: what everybody uses wide and narrow, the rest wide."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:

        def fresh(viewport: ViewportSize = WIDE) -> BrowserContext:
            return browser.new_context(viewport=viewport, device_scale_factor=1, locale="en-GB")

        for viewport in (WIDE, NARROW):
            go_round(fresh(viewport), folder)
        look_behind(fresh(), folder)
        for who, pages in OTHERS.items():
            look_as(fresh(), folder, who, pages)


if __name__ == "__main__":
    main()
