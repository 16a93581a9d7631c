"""What is asked of every page: no axe violation, no console error, nothing wider than the window, targets large enough."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LEAST_TARGET = 24

TARGETS = """least => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(one => !one.closest('.govuk-skip-link, [hidden], [aria-hidden=true]') && one.type !== 'hidden')
  .map(one => ({box: (one.type === 'radio' || one.type === 'checkbox' ? one.parentElement : one).getBoundingClientRect(), one}))
  .filter(({box, one}) => box.width > 1 && box.height > 1 && getComputedStyle(one).visibility !== 'hidden')
  .filter(({box, one}) => !one.closest('.govuk-visually-hidden') && (box.width < least || box.height < least))
  .map(({box, one}) => `${one.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""

SHAPE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  return {
    h1: document.querySelectorAll('h1').length,
    main: document.querySelectorAll('main').length,
    lang: document.documentElement.lang,
    skip: !!document.querySelector('.govuk-skip-link'),
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    inline: document.querySelectorAll('[style], script:not([src]), style').length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""


@lru_cache(maxsize=1)
def axe_source() -> str:
    """The script of axe-core, which runs under the strict content policy because it is evaluated by the driver."""
    return AXE.read_text()


def listen(page: Page) -> list[str]:
    """Collect what the console complains of; a refusal under the content policy is among it."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(f"{message.type}: {message.text} {message.location}")

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(f"page error: {error}"))
    return heard


def faults(page: Page) -> list[str]:
    """Return everything that is wrong with the page as it stands, in words."""
    shape: dict[str, Any] = page.evaluate(SHAPE)
    found = [
        f"{name} is {shape[name]}"
        for name, right in {"h1": 1, "main": 1, "inline": 0, "skip": True}.items()
        if shape[name] != right
    ]
    if shape["lang"] not in ("en", "cy"):
        found.append(f"lang is {shape['lang']}")
    found += [f"id {one} twice" for one in shape["twice"]]
    if shape["wide"] > 0:
        found.append(f"{shape['wide']} px wider than the window")
    found += [f"small target {one}" for one in page.evaluate(TARGETS, LEAST_TARGET)]
    page.evaluate(axe_source())
    result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    for one in result["violations"]:
        found += [f"axe {one['id']}: {node['target']} {node['failureSummary']}" for node in one["nodes"]]
    return found
