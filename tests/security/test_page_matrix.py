"""Every page × every role × what can and cannot be seen, against the table that auditors read (SEC-1)."""

import contextlib
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from docstore.cases.doors import Door, Target
from docstore.web.access import ROUTES
from tests.courts import TwoCourts
from tests.security.world import PEOPLE, Matrix, build, refusals, sees_case, sees_document

pytestmark = pytest.mark.django_db


def rows(*targets: Target) -> list[Any]:
    """The pages that are about one of these, as parameters of a test."""
    return [
        pytest.param(name, methods["GET"], id=name)
        for name, methods in ROUTES.items()
        if "GET" in methods and methods["GET"].target in targets and not name.startswith("account_")
    ]


ABOUT_THINGS = rows(Target.CASE, Target.DOCUMENT)
ABOUT_CALLER = rows(Target.OWN)
POSTS = [name for name, methods in ROUTES.items() if "POST" in methods and methods["POST"].target is not Target.OPEN]
ASKED = {"go-to-page": "?page=1&number=1&n=1"}
# A token that changes with every page, and the address itself, which differs between two ids by nature.
VARIES = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}')


@pytest.fixture
def matrix(courts: TwoCourts) -> Matrix:
    return build(courts)


def address(name: str, case_id: uuid.UUID, document_id: uuid.UUID) -> str:
    arguments = {"case_id": case_id, "document_id": document_id, "number": 1, "act": "withdraw", "job_id": 1}
    for names in ((), ("case_id",), ("document_id",), ("document_id", "number"), ("document_id", "act"), ("job_id",)):
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, kwargs={one: arguments[one] for one in names}) + ASKED.get(name, "")
    raise LookupError(name)


def visit(matrix: Matrix, who: str, name: str, which: str) -> Any:
    client = Client()
    client.force_login(matrix.courts.people[who])
    response: Any = client.get(address(name, *matrix.ids(which)))
    return response, b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.requirement("SEC-1", "SEC-2")
@pytest.mark.parametrize(("name", "door"), ABOUT_THINGS)
def test_what_can_be_seen(matrix: Matrix, name: str, door: Door) -> None:
    sees = sees_case if door.target is Target.CASE else sees_document
    wrong = {}
    for who in PEOPLE:
        expected = refusals(who, door, sees=sees(who))
        status = visit(matrix, who, name, "visible")[0].status_code
        # A page of an act that the role may not do is forbidden, or says that there is nothing to do.
        fine = {200, 302, 303} | ({403, 404} if name == "document-act" else set())
        if (status not in expected) if expected else (status not in fine):
            wrong[who] = (status, expected or "let in")
    assert wrong == {}


@pytest.mark.requirement("SEC-1", "SEC-2", "SEC-3")
@pytest.mark.parametrize(("name", "door"), ABOUT_THINGS)
def test_what_is_hidden_is_as_what_does_not_exist(matrix: Matrix, name: str, door: Door) -> None:
    for who in ("clerk", "judge", "defence", "support"):
        hidden, hidden_body = visit(matrix, who, name, "hidden")
        absent, absent_body = visit(matrix, who, name, "absent")
        assert (who, hidden.status_code, absent.status_code) == (who, 404, 404)
        assert VARIES.sub(b"", hidden_body) == VARIES.sub(b"", absent_body)


@pytest.mark.requirement("SEC-1")
@pytest.mark.parametrize(("name", "door"), ABOUT_CALLER)
def test_what_is_about_the_caller(matrix: Matrix, name: str, door: Door) -> None:
    wrong = {}
    for who in PEOPLE:
        expected = refusals(who, door, sees=True)
        status = visit(matrix, who, name, "visible")[0].status_code
        if (status not in expected) if expected else (status not in (200, 302, 303)):
            wrong[who] = (status, expected or "let in")
    assert wrong == {}


@pytest.mark.requirement("SEC-1")
def test_nobody_comes_in_without_signing_in(matrix: Matrix) -> None:
    """Everybody who is not signed in is sent to the sign-in, whether a thing is there or not."""
    for one in [*ABOUT_THINGS, *ABOUT_CALLER]:
        name = str(one.values[0])
        for which in ("visible", "hidden", "absent"):
            response = Client().get(address(name, *matrix.ids(which)))
            assert (name, response.status_code) == (name, 302)
            assert response.headers["Location"].startswith("/sign-in/?next=/")


@pytest.mark.requirement("SEC-64")
@pytest.mark.parametrize("name", POSTS)
def test_nothing_is_done_without_the_pages_own_token(matrix: Matrix, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(matrix.courts.people["clerk"])
    assert client.post(address(name, *matrix.ids("visible")), {"reason": "A test"}).status_code == 403
    matrix.document.refresh_from_db()
    assert not matrix.document.is_withdrawn
