"""A person who has no mouse: what a script would click, tick, choose or fill in is done by keys alone."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

# Goes to what a person would mean by these words, as Tab does: never to what the order of keys leaves out.
_REACH = """one => {
    const meant = one.closest("a[href], button, summary, input, select, textarea, label") ?? one;
    const control = meant.control ?? meant;
    control.focus();
    if (control.tabIndex !== 0 || document.activeElement !== control) throw new Error(`no key reaches ${one.outerHTML}`);
}"""
_CHOSEN = "(one, wanted) => [...one.options].find(option => option.value === wanted).label"


def without_a_mouse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let scripts go on as they are written, and have each of their acts done by keys."""
    for kind in (Page, Locator):
        for act in (click, check, fill, select_option):
            monkeypatch.setattr(kind, act.__name__, act)


def click(where: Page | Locator, selector: str = "", **_: Any) -> None:
    """Press what is meant."""
    _reach(where, selector).press("Enter")


def check(where: Page | Locator, selector: str = "", **_: Any) -> None:
    """Tick what is meant, or choose it among its like."""
    control = _reach(where, selector)
    if not control.is_checked():
        control.press("Space")
    assert control.is_checked()


def fill(where: Page | Locator, *said: str, **_: Any) -> None:
    """Write over what is there."""
    control = _reach(where, "".join(said[:-1]))
    control.press("Control+a")
    control.press_sequentially(said[-1])
    assert control.input_value() == said[-1]


def select_option(where: Page | Locator, *said: str, **_: Any) -> None:
    """Choose by the beginning of its words, as a list of choices takes letters."""
    control = _reach(where, "".join(said[:-1]))
    control.press_sequentially(control.evaluate(_CHOSEN, said[-1]))
    assert control.input_value() == said[-1]


def _reach(where: Page | Locator, selector: str) -> Locator:
    page, one = (where, where.locator(selector).first) if isinstance(where, Page) else (where.page, where)
    one.evaluate(_REACH)
    return page.locator(":focus")
