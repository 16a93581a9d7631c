"""Templates and scripts write text as text (SEC-43, SEC-44), and titles and addresses name nobody (SEC-51)."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "docstore" / "web"
BANNED_IN_TEMPLATES = {
    "a filter that trusts text": re.compile(r"\|\s*(safe|safeseq)\b|autoescape\s+off"),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "something from elsewhere": re.compile(r"(src|href)=\"(https?:)?//", re.IGNORECASE),
}
BANNED_IN_SCRIPTS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\s*[\"']on|\.style\b"
)
BANNED_IN_PYTHON = re.compile(r"mark_safe|format_html|SafeString\(|html_safe")

TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
SCRIPTS = sorted((WEB / "static" / "docstore" / "js").glob("*.js"))


@pytest.mark.requirement("SEC-44")
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_no_template_lets_markup_through(template: Path) -> None:
    text = template.read_text()

    assert [what for what, pattern in BANNED_IN_TEMPLATES.items() if pattern.search(text)] == []


@pytest.mark.requirement("SEC-44")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.name)
def test_no_script_writes_markup(script: Path) -> None:
    assert BANNED_IN_SCRIPTS.findall(script.read_text()) == []


@pytest.mark.requirement("SEC-44")
def test_no_module_calls_text_safe() -> None:
    found = [one.name for one in (WEB.parent).rglob("*.py") if BANNED_IN_PYTHON.search(one.read_text())]

    assert found == []


def test_no_title_of_a_page_names_a_party_or_a_paper() -> None:
    titles = [re.search(r"{% block title %}(.*?){% endblock", one.read_text()) for one in TEMPLATES]

    assert [found[1] for found in titles if found and re.search(r"\.title\b|\.name\b", found[1])] == []
