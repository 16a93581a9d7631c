"""Headers, methods and content types, on answers and on refusals alike."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from docstore.api.access import ROUTES
from docstore.api.urls import urlpatterns
from tests.courts import TwoCourts
from tests.security.world import Matrix, build

pytestmark = pytest.mark.django_db

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
NOWHERE = f"/api/v1/documents/{uuid.UUID(int=7)}"


@pytest.fixture
def matrix(courts: TwoCourts) -> Matrix:
    return build(courts)


@pytest.fixture
def client(matrix: Matrix) -> Client:
    return Client(headers={"Authorization": f"Bearer {matrix.key('clerk')}"})


def answers(matrix: Matrix, client: Client) -> dict[str, Any]:
    """One answer of every sort: pages, JSON, bytes, refusals."""
    person = Client()
    person.force_login(matrix.courts.people["clerk"])
    document = f"/api/v1/documents/{matrix.document.pk}"
    return {
        "sign-in": Client().get("/sign-in/"),
        "page": person.get("/cases/"),
        "document page": person.get(f"/documents/{matrix.document.pk}/"),
        "page that is not there": person.get(f"/documents/{uuid.UUID(int=7)}/"),
        "sent to the sign-in": Client().get("/cases/"),
        "json": client.get(document),
        "bytes": client.get(f"{document}/content"),
        "picture": client.get(f"{document}/pages/1/image"),
        "not found": client.get(NOWHERE),
        "no such address": client.get("/api/v1/nothing/of/this"),
        "no key": Client().get(document),
        "wrong method": client.delete(document),
        "wrong body": client.post("/api/v1/search", "{", content_type="application/json"),
    }


@pytest.mark.requirement("SEC-71")
def test_every_answer_says_what_browsers_may_do_with_it(matrix: Matrix, client: Client) -> None:
    for sort, response in answers(matrix, client).items():
        found = response.headers
        assert (sort, found.get("X-Content-Type-Options")) == (sort, "nosniff")
        assert (sort, found.get("Referrer-Policy")) == (sort, "same-origin")
        assert (sort, found.get("Cross-Origin-Opener-Policy")) == (sort, "same-origin")


@pytest.mark.requirement("SEC-71")
def test_over_tls_browsers_are_told_to_stay_there(matrix: Matrix) -> None:
    for address in ("/sign-in/", NOWHERE, "/nothing/"):
        told = Client().get(address, secure=True).headers["Strict-Transport-Security"]
        assert "max-age=31536000" in told
        assert "includeSubDomains" in told


@pytest.mark.requirement("SEC-70")
def test_every_answer_brings_a_strict_policy(matrix: Matrix, client: Client) -> None:
    for sort, response in answers(matrix, client).items():
        policy = response.headers["Content-Security-Policy"]
        assert (sort, "default-src 'none'" in policy) == (sort, True)
        assert "unsafe" not in policy
        assert "*" not in policy
    policy = Client().get("/sign-in/").headers["Content-Security-Policy"]
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "report-uri"):
        assert part in policy


@pytest.mark.requirement("SEC-48")
def test_nothing_behind_the_door_is_kept_by_browsers(matrix: Matrix, client: Client) -> None:
    for sort, response in answers(matrix, client).items():
        assert (sort, "no-store" in response.headers.get("Cache-Control", "")) == (sort, True)


@pytest.mark.requirement("SEC-48")
def test_signing_out_clears_what_the_browser_has(matrix: Matrix) -> None:
    person = Client()
    person.force_login(matrix.courts.people["clerk"])
    assert "cache" in person.post("/sign-out/").headers["Clear-Site-Data"]
    assert person.get("/cases/").status_code == 302


def test_bytes_come_in_a_cage(matrix: Matrix, client: Client) -> None:
    """Until they have a host of their own: a sandboxed policy, and never to be shown by themselves."""
    found = client.get(f"/api/v1/documents/{matrix.document.pk}/content").headers
    assert "sandbox" in found["Content-Security-Policy"]
    assert found["Content-Disposition"].startswith("attachment;")


@pytest.mark.requirement("SEC-74")
def test_only_listed_methods_are_taken(matrix: Matrix, client: Client) -> None:
    asked = [(name, method) for name, taken in ROUTES.items() if taken for method in sorted(METHODS - set(taken))]
    taken = [
        (name, method)
        for name, method in asked
        if client.generic(method, _address(name, matrix), "{}", content_type="application/json").status_code != 405
    ]
    assert len(asked) > 100
    assert taken == []


@pytest.mark.requirement("SEC-74")
@pytest.mark.parametrize("address", ["/sign-in/", "/cases/", "/api/v1/me", NOWHERE])
def test_trace_is_off(client: Client, address: str) -> None:
    assert client.trace(address).status_code == 405


@pytest.mark.requirement("SEC-75")
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/xml", "text/html", "application/x-www-form-urlencoded"]
)
def test_other_content_types_are_refused(client: Client, kind: str) -> None:
    response = client.generic("POST", "/api/v1/search", '{"query": "x"}', content_type=kind)
    assert response.status_code == 415


@pytest.mark.requirement("SEC-75")
@pytest.mark.parametrize(
    "body",
    [
        '{"query": "a", "query": "b"}',
        '{"query": "a", "filters": ' + '{"a": ' * 30 + "1" + "}" * 31,
        '{"query": NaN}',
        '["query"]',
        '{"query": "' + "x" * 1_100_000 + '"}',
        b'{"query": "\xff\xfe"}',
    ],
    ids=["a key twice", "too deep", "not a number", "not an object", "too long", "not UTF-8"],
)
def test_lenient_json_is_refused(client: Client, body: str | bytes) -> None:
    response = client.generic("POST", "/api/v1/search", body, content_type="application/json")
    assert response.status_code in (400, 413)


@pytest.mark.requirement("SEC-75")
def test_another_charset_is_refused(client: Client) -> None:
    body = '{"query": "é"}'.encode("latin-1")
    response = client.generic("POST", "/api/v1/search", body, content_type="application/json; charset=latin-1")
    assert response.status_code in (400, 415)


@pytest.mark.requirement("SEC-50")
def test_other_sites_do_not_get_bytes(matrix: Matrix, client: Client) -> None:
    address = f"/api/v1/documents/{matrix.document.pk}/content"
    assert client.get(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.requirement("SEC-50")
@pytest.mark.parametrize("tail", ["original/", "pages/1/picture/", "pages/1/thumbnail/"])
def test_other_sites_do_not_get_bytes_through_pages(matrix: Matrix, tail: str) -> None:
    person = Client()
    person.force_login(matrix.courts.people["clerk"])
    address = f"/documents/{matrix.document.pk}/{tail}"
    assert person.get(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.requirement("SEC-76")
def test_two_lengths_at_once_are_refused(client: Client) -> None:
    response = client.post(
        "/api/v1/search", {"query": "x"}, content_type="application/json", headers={"Transfer-Encoding": "chunked"}
    )
    assert response.status_code == 400


def _address(name: str, matrix: Matrix) -> str:
    """The address of a route, with whichever ids it takes."""
    arguments = {"case_id": matrix.case.pk, "document_id": matrix.document.pk, "number": 1}
    arguments |= {
        "search_id": uuid.UUID(int=7),
        "batch_id": matrix.batch("visible"),
        "seq": 1,
        **matrix.things["visible"],
    }
    [pattern] = [one for one in urlpatterns if one.name == name]
    return reverse(name, kwargs={one: arguments[one] for one in pattern.pattern.converters})
