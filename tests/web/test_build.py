"""What is shipped to browsers: no typeface, crest or crown that is not ours to use, and nothing that is missing."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "docstore" / "web" / "static" / "docstore" / "build"
SHEET = BUILD / "pages.css"
FORBIDDEN_FILES = ("govuk-crest", "govuk-logotype-crown", "moj-logotype-crest", "moj-apple-touch-icon")

pytestmark = pytest.mark.skipif(not SHEET.exists(), reason="the page styles are not built: npm ci && npm run build")


def test_the_sheet_has_no_typeface_of_its_own() -> None:
    css = SHEET.read_text()

    assert "GDS Transport" not in css
    assert "@font-face" not in css


def test_every_picture_that_the_sheet_names_is_there_and_none_is_a_crest_or_crown() -> None:
    named = re.findall(r"url\(\"?([^\")]+)\"?\)", SHEET.read_text())

    assert named
    assert [one for one in named if not (BUILD / one).is_file()] == []
    assert [one for one in named if "crest" in one or "crown" in one] == []


def test_no_file_of_theirs_that_is_reserved_is_shipped() -> None:
    shipped = [one.name for one in (BUILD.parent).rglob("*") if one.is_file()]

    assert [one for one in shipped if one.startswith(FORBIDDEN_FILES)] == []


def test_the_script_names_no_source_map_that_is_not_shipped() -> None:
    assert "sourceMappingURL" not in (BUILD / "govuk-frontend.min.js").read_text()
