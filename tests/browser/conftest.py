"""A small court on a live server, and a browser in front of it."""

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pytest_django.live_server_helper import LiveServer

from docstore.access.models import User
from docstore.cases import actions as cases
from docstore.cases.days import start_of
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents import actions as documents
from docstore.documents.models import Document, Filing, Method, RenditionKind, Word
from docstore.documents.progress import Picture, begin_pages, store_page
from docstore.documents.received import PageText
from docstore.documents.vault import in_memory, vault
from docstore.search import actions as search
from tests.browser.driving import WIDE, chromium, has_chromium
from tests.courts import TwoCourts, build_courts, stored

# The driver runs an event loop in this thread; Django would take the test's own queries for calls from within it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVIL = "<img src=x onerror=alert(1)>.pdf"
LINES = ("The door at Hawthorn Lane was replaced.", "A kitchen knife lay on the floor.", "Lock seen, no marks.")
PAGES = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives the browser, and skip it where there is none."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not has_chromium():
                item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))


@dataclass
class Court:
    """The running court: its address, its people and one document with pictures of its pages."""

    base: str
    courts: TwoCourts
    document: Document

    def url(self, path: str) -> str:
        return f"{self.base}{path}"

    @property
    def case_path(self) -> str:
        return f"/cases/{self.courts.case.pk}/"

    @property
    def hearing_path(self) -> str:
        """The page of the case's one hearing, which is today."""
        return f"{self.case_path}hearings/{self.courts.case.hearings.get().pk}/"

    @property
    def document_path(self) -> str:
        return f"/documents/{self.document.pk}/"

    def make_old(self) -> None:
        """Let the case and its paper have been there for two days, so that what comes today is late."""
        earlier = clock.now() - timedelta(days=2)
        Case.objects.filter(pk=self.courts.case.pk).update(created_at=earlier)
        self._filed_at(self.document, earlier)

    def file_late(self, title: str) -> Document:
        """File a paper at nine this morning, whatever the time of the test is."""
        document = self.courts.file("Filed while the court sits", title=title)
        self._filed_at(document, start_of(clock.today()) + timedelta(hours=9))
        return document

    @staticmethod
    def _filed_at(document: Document, moment: datetime) -> None:
        Document.objects.filter(pk=document.pk).update(filed_at=moment)
        Filing.objects.filter(document=document).update(filed_at=moment)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with chromium() as one:
        yield one


@pytest.fixture
def court(live_server: LiveServer) -> Court:
    """A case with a scan of three pages, read and searchable."""
    courts = build_courts()
    courts.people.everybody()  # they sign in by name
    cases.list_hearing(
        by=courts.actor("clerk"),
        case_id=courts.case.pk,
        room="Courtroom 1",
        starts_at=start_of(clock.today()) + timedelta(hours=10),
        kind="Trial",
    )
    return Court(live_server.url, courts, _scan(courts))


@pytest.fixture
def visit(browser: Browser, court: Court) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody, signed in already, at a size, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def open_as(
        who: str, *, viewport: ViewportSize = WIDE, script: bool = True, language: str = "en", forced: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport=viewport, java_script_enabled=script, forced_colors="active" if forced else "none"
        )
        contexts.append(context)
        if not who:
            return context.new_page()
        return signed_in(context, court.base, court.courts.people[who], language=language)

    yield open_as
    for context in contexts:
        for page in context.pages:
            # Pictures still on their way are the server's business, too; a page that asks again by itself never rests.
            with suppress(PlaywrightTimeout):
                page.wait_for_load_state("networkidle", timeout=5000)
        context.close()


def signed_in(context: BrowserContext, base: str, person: User, *, language: str = "en") -> Page:
    """A page of somebody who has signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    client.post("/language/", {"language": language, "next": "/"})
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": base}
            for name, morsel in client.cookies.items()
            if name in ("sessionid", "django_language")
        ]
    )
    return context.new_page()


def _scan(courts: TwoCourts) -> Document:
    document = documents.file_document(
        by=courts.actor("clerk"),
        case_id=courts.case.pk,
        section="statements",
        title=EVIL,
        received=stored(courts.case, b"the scan itself"),
    )
    version = document.versions.get()
    begin_pages(version.pk, [PageText(at, str(at), 595, 842, state="PENDING") for at in range(1, PAGES + 1)])  # type: ignore[arg-type]
    for at in range(1, PAGES + 1):
        text = PageText(at, str(at), 595, 842, "\n".join(LINES), _words(), Method.OCR, "test", "eng", 88.0)
        store_page(
            version.pk,
            text,
            [_picture(version.pk, at, kind) for kind in (RenditionKind.PAGE_IMAGE, RenditionKind.THUMBNAIL)],
        )
    search.index(document.pk)
    document.refresh_from_db()
    return document


def _words() -> list[Word]:
    """The words of the lines, side by side; the last line is unclear."""
    found = []
    for row, line in enumerate(LINES):
        left = 0.1
        for text in line.split():
            right = left + 0.012 * len(text)
            found.append(
                Word(text, (left, 0.1 + row * 0.1, right, 0.12 + row * 0.1), 40 if row == len(LINES) - 1 else 95)
            )
            left = right + 0.012
    return found


def _picture(version: object, page: int, kind: RenditionKind) -> Picture:
    size = (595, 842) if kind is RenditionKind.PAGE_IMAGE else (132, 187)
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, "WEBP")
    content = file.getvalue()
    digest, key = hashlib.sha256(content).hexdigest(), f"renditions/{version}/{kind}-{page}"
    vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type="image/webp")
    return Picture(kind, page, key, digest, len(content), "image/webp", *size, "test")
