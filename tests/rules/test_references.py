"""The reference pages are written from the code and are fresh; every address has a row on the access page."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from docstore.api.access import ROUTES as API_ROUTES
from docstore.documents.models import Stage
from docstore.management.references import lifecycle, pages
from docstore.management.references.access_matrix import ROUTES, addresses
from docstore.web.access import ROUTES as PAGE_ROUTES

# Addresses without a row: probes that say nothing, and the last one, behind which there is nothing.
WITHOUT_ROW = {"livez", "readyz", "startupz", "<path:anything>"}
# Names that a package brings with its own views: second factors, each behind the sign-in and about the caller alone.
BROUGHT = ("mfa_",)


@pytest.mark.parametrize("name", list(pages.PAGES))
def test_a_page_is_fresh(name: str) -> None:
    assert name not in pages.stale(), "run `manage.py references`"


@pytest.mark.requirement("SEC-1")
def test_every_address_has_a_row() -> None:
    assert {name for name in addresses() if not name.startswith(BROUGHT)} - set(ROUTES) == set()


def test_every_row_has_an_address() -> None:
    assert set(ROUTES) - set(addresses()) == set()


def test_api_and_pages_do_not_share_names() -> None:
    assert set(API_ROUTES) & set(PAGE_ROUTES) == set()


@pytest.mark.requirement("SEC-1")
def test_every_address_has_a_name() -> None:
    """An address without a name could not have a row."""
    assert [path for path in _nameless(get_resolver().url_patterns, "/") if path.strip("/") not in WITHOUT_ROW] == []


def test_every_stage_is_explained() -> None:
    assert set(lifecycle.MEANS) == set(Stage)


def _nameless(patterns: list[URLPattern | URLResolver], before: str) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            found += [] if pattern.app_name == "admin" else _nameless(pattern.url_patterns, path)
        elif not pattern.name:
            found.append(path)
    return found
