"""Every route of the API × every role × what can and cannot be seen, against the table that auditors read (SEC-1)."""

import contextlib
import json
import re
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from docstore.access.roles import ROLES
from docstore.api.access import ROUTES
from docstore.cases.doors import Door, Target
from docstore.core.references import with_luhn_digit
from tests.courts import TwoCourts
from tests.security import records_world, station_world
from tests.security.world import PEOPLE, SECTION, Matrix, build, refusals, sees_case, sees_document

pytestmark = pytest.mark.django_db


DOORS = [(name, method, door) for name, methods in ROUTES.items() for method, door in methods.items()]
UNLIKE = ("X-Request-Id", "Content-Length", "RateLimit")  # different for any two requests
REASON = {"reason": "A test"}
ARGUMENTS = ((), ("case_id",), ("document_id",), ("document_id", "number"), ("batch_id",), ("batch_id", "seq"))


@pytest.fixture
def matrix(courts: TwoCourts) -> Matrix:
    return build(courts)


def _upload(**fields: str) -> Callable[[], dict[str, Any]]:
    def body() -> dict[str, Any]:
        content = f"A short letter {uuid.uuid4()}".encode()
        return {"file": SimpleUploadedFile("letter.txt", content, content_type="text/plain"), **fields}

    return body


def bodies(matrix: Matrix) -> dict[str, dict[str, Any]]:
    """What each route is sent: well formed, so that only the gate can refuse it."""
    number = with_luhn_digit("1" + str(uuid.uuid4().int)[:14])
    return {
        "api-cases": {
            "title": "R v Nobody",
            "court": "NGT",
            "case_type": "crime-magistrates",
            "references": [{"kind": "ccd", "value": number}],
        },
        "api-members": {"person": "defence2", "role": "defence", "side": "defence"},
        "api-exclusions": {"person": "defence2", "reason": "A test"},
        "api-reclassify": {"classification": "PRIVATE", **REASON},
        "api-move": {"case": str(matrix.case.pk), "section": "exhibits", **REASON},
        "api-reread": {},
        "api-corrections": {"text": "what the page says", **REASON},
        "api-search": {"query": "page"},
        "api-search-export": {"query": "page"},
        "api-find": {"query": "page"},
        "api-saved-searches": {"name": "Mine", "query": "page"},
        "api-saved-watch": {"watched": True},
        "api-saved-seen": {},
        **station_world.bodies(),
        **records_world.bodies(str(matrix.case.pk), str(matrix.document.pk)),
    }


FILES = {
    "api-case-documents": _upload(section=SECTION, title="Letter"),
    "api-versions": _upload(reason="A better scan"),
}


def call(matrix: Matrix, who: str, name: str, method: str, which: str) -> Any:
    """Make the request, and undo whatever it did."""
    with transaction.atomic():
        client = Client(headers={"Authorization": f"Bearer {matrix.key(who)}"})
        response = _send(client, matrix, name, method, _address(matrix, name, which))
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response, content


ASKED = {"api-explain": "?person=defence", "api-import-schedule": "?schedule=TAKEN-IN"}


def _address(matrix: Matrix, name: str, which: str) -> str:
    case_id, document_id = matrix.ids(which)
    arguments = {"case_id": case_id, "document_id": document_id, "number": 1, **matrix.things[which]}
    arguments |= {"batch_id": matrix.batch(which), "seq": 1}
    for names in (*ARGUMENTS, *((one,) for one in arguments)):
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, kwargs={one: arguments[one] for one in names}) + ASKED.get(name, "")
    return reverse(name, kwargs={"search_id": document_id})  # what somebody made for themselves: here, nothing at all


def _send(client: Client, matrix: Matrix, name: str, method: str, address: str) -> Any:
    headers = {"If-Match": matrix.document.etag, "Idempotency-Key": str(uuid.uuid4())}
    if (answer := station_world.send(client, name, method, address, matrix.sent)) is not None:
        return answer
    if method in ("GET", "DELETE"):
        return client.generic(method, address)
    if name == "api-import-schedule":
        return client.post(address, records_world.STARTER, content_type="text/csv", headers=headers)
    if name in FILES:
        return client.post(address, FILES[name](), headers=headers)
    body = bodies(matrix).get(name, REASON)
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


@pytest.mark.requirement("SEC-1", "SEC-2", "SEC-3", "DOM-9.5")
@pytest.mark.parametrize("who", PEOPLE)
def test_every_door_in_this_role(matrix: Matrix, who: str) -> None:
    wrong = {
        (method, name, which): found
        for name, method, door in DOORS
        for which, found in _tried(matrix, who, name, method, door)
        if found
    }
    assert wrong == {}


def _tried(matrix: Matrix, who: str, name: str, method: str, door: Door) -> Iterator[tuple[str, str]]:
    """What is wrong with the answers to one role at one door; empty where all is as the table says."""
    status = call(matrix, who, name, method, "visible")[0].status_code
    if door.target is Target.OWN:
        yield "own", _unlike(status, refusals(who, door, sees=True))
        return
    if door.target is Target.MINE:
        yield "of nobody", _unlike(status, {404})
        return
    if door.target is Target.BATCH:
        is_station = door.opens_for(ROLES[who])
        yield "own batch", _unlike(status, refusals(who, door, sees=True))
        yield "another's", _told_apart(matrix, who, name, method) if is_station else ""
        return
    is_auditors_trail = who == "auditor" and name == "api-trail"  # trails of documents that they cannot open
    sees = sees_case(who) if door.target is Target.CASE else sees_document(who) or is_auditors_trail
    yield "visible", _unlike(status, refusals(who, door, sees=sees))
    if not is_auditors_trail:
        yield "hidden", _told_apart(matrix, who, name, method)


def _unlike(status: int, expected: set[int]) -> str:
    fine = expected or {200, 201, 202, 204, 409}
    return "" if status in fine else f"{status}, not one of {sorted(fine)}"


def _told_apart(matrix: Matrix, who: str, name: str, method: str) -> str:
    """How what is hidden differs from what does not exist."""
    hidden, hidden_body = call(matrix, who, name, method, "hidden")
    absent, absent_body = call(matrix, who, name, method, "absent")
    if hidden.status_code != 404:
        return f"{hidden.status_code}, not 404"
    same_body = _without_request(hidden_body) == _without_request(absent_body)
    return "" if same_body and _headers(hidden) == _headers(absent) else "hidden and absent differ"


@pytest.mark.requirement("SEC-1")
@pytest.mark.parametrize("authorisation", ["", "Bearer ds_test_nobody_" + "x" * 43, "Basic Y2xlcms6Y2xlcms="])
def test_nobody_comes_in_without_a_key(matrix: Matrix, authorisation: str) -> None:
    client = Client(headers={"Authorization": authorisation} if authorisation else {})
    let_in = [
        (method, name, which)
        for name, methods in ROUTES.items()
        for method in methods
        for which in ("visible", "hidden", "absent")
        if _send(client, matrix, name, method, _address(matrix, name, which)).status_code != 401
    ]
    assert let_in == []


def test_what_the_table_calls_a_permission_is_one(matrix: Matrix) -> None:
    """Somebody without any role but a key gets nothing but themselves."""
    assert call(matrix, "support", "api-me", "GET", "visible")[0].status_code == 200
    assert json.loads(call(matrix, "support", "api-cases", "GET", "visible")[1])["results"] == []


@pytest.mark.requirement("SEC-3")
def test_hidden_and_absent_take_the_same_time(matrix: Matrix) -> None:
    """Interleaved, so that a slow moment of the machine falls on both alike."""
    client = Client(headers={"Authorization": f"Bearer {matrix.key('defence2')}"})
    took: dict[str, list[float]] = {"hidden": [], "absent": []}
    for _ in range(500):
        for which, times in took.items():
            address = _address(matrix, "api-document", which)
            begun = time.perf_counter()
            client.get(address)
            times.append(time.perf_counter() - begun)
    hidden, absent = statistics.median(took["hidden"]), statistics.median(took["absent"])
    assert abs(hidden - absent) / absent <= 0.10


def _without_request(content: bytes) -> bytes:
    return re.sub(rb'"request_id": ?"[0-9a-f]*"', b"", content)


def _headers(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in UNLIKE}
