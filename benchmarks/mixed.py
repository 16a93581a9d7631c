"""Promise: twenty requests a second of what a court does at a quarter to ten, none refused and each within its time.

One clerk's session asks for home, day list, case list, case pages, pages of documents and searches, at an even pace whatever
the answers take: a slow answer delays no later request, so waiting counts in full.
"""

import http.client
import re
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from statistics import quantiles
from typing import Any

from benchmarks.product import Product, running
from benchmarks.table import Row
from benchmarks.viewer import file_papers
from tests.browser.driving import PASSWORD

A_SECOND, SECONDS, AT_ONCE = 20, 30, 40
TARGET_P95 = 300.0
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
WORDS = ("heron", '"otter sluice"', "hinge OR knife", "statement -heron")


def measure() -> list[Row]:
    """Return one row: how long the slowest twentieth waited, and how many were not answered as they should be."""
    with running(workers=1) as product:
        documents = file_papers(product)
        desk = Desk(product)
        asked = _requests(product, documents)
        for one in asked:  # warm: every page once
            desk.ask(*one)
        spent, wrong = _at_an_even_pace(desk, asked)
    p95 = quantiles(spent, n=20)[-1]
    return [
        Row(
            promise=f"{A_SECOND} requests a second, mixed, for {SECONDS} s, embedded, one web process of four threads",
            limit="–",
            measured=f"p95 {p95:.0f} ms, longest {max(spent):.0f} ms, {wrong} of {len(spent)} not answered",
            target=f"p95 ≤ {TARGET_P95:.0f} ms, all answered",
            kept=p95 <= TARGET_P95 and wrong == 0,
        )
    ]


class Desk:
    """A clerk who is signed in, on as many connections as are needed."""

    def __init__(self, product: Product) -> None:
        address = urllib.parse.urlsplit(product.base)
        self._host, self._port = address.hostname or "", address.port
        _status, headers, body = self._send("GET", "/sign-in/", {})
        self._cookies = _cookies(headers)
        told = {"login": "clerk", "password": PASSWORD, "csrfmiddlewaretoken": TOKEN.findall(body)[0].decode()}
        status, headers, _body = self._send("POST", "/sign-in/", told)
        self._cookies |= _cookies(headers)
        if status != http.HTTPStatus.FOUND:
            raise RuntimeError(f"the clerk could not sign in: {status}")
        self._token = TOKEN.findall(self._send("GET", "/", {})[2])[0].decode()

    def ask(self, method: str, path: str, given: dict[str, str]) -> int:
        """Return the status of the answer, read to its end; a search is followed to its results."""
        told = given | {"csrfmiddlewaretoken": self._token} if method == "POST" else given
        status, headers, _body = self._send(method, path, told)
        if status == http.HTTPStatus.SEE_OTHER:
            return self._send("GET", dict(headers)["Location"].partition("#")[0], {})[0]
        return status

    def _send(self, method: str, path: str, given: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
        line = http.client.HTTPConnection(self._host, self._port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in getattr(self, "_cookies", {}).items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, urllib.parse.urlencode(given) if method == "POST" else None, headers)
        answer = line.getresponse()
        found = answer.status, answer.getheaders(), answer.read()
        line.close()
        return found


def _cookies(headers: list[tuple[str, str]]) -> dict[str, str]:
    pairs = (value.partition(";")[0].partition("=") for name, value in headers if name == "Set-Cookie")
    return {name: value for name, _, value in pairs}


def _requests(product: Product, documents: list[dict[str, Any]]) -> list[tuple[str, str, dict[str, str]]]:
    """What is asked, in the order in which it is asked again and again."""
    cases = [one["id"] for one in product.get("cases")["results"]][:8]
    found: list[tuple[str, str, dict[str, str]]] = []
    for case, document, words in zip(cases, documents, cycle(WORDS), strict=False):
        found += [
            ("GET", "/day/", {}),
            ("GET", f"/cases/{case}/", {}),
            ("GET", f"/documents/{document['id']}/pages/1/", {}),
            ("GET", f"/documents/{document['id']}/pages/1/picture/", {}),
            ("GET", f"/documents/{document['id']}/pages/2/", {}),
            ("POST", "/search/", {"query": words}),
            ("GET", "/", {}),
            ("GET", "/cases/", {}),
        ]
    return found


def _at_an_even_pace(desk: Desk, asked: list[tuple[str, str, dict[str, str]]]) -> tuple[list[float], int]:
    """Send each at its moment; return how long each took from that moment on, in milliseconds, and how many failed."""
    begun = time.monotonic() + 1

    def one(at: int, what: tuple[str, str, dict[str, str]]) -> tuple[float, bool]:
        due = begun + at / A_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        status = desk.ask(*what)
        return (time.monotonic() - due) * 1000, status != http.HTTPStatus.OK

    many = list(islice(cycle(asked), A_SECOND * SECONDS))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(one, range(len(many)), many))
    return [spent for spent, _ in answers], sum(failed for _, failed in answers)
