"""Every page × every role × what can and cannot be seen, against the table that auditors read (SEC-1)."""

import contextlib
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from docstore.access.permissions import Permission
from docstore.access.roles import ROLES
from docstore.cases.doors import Door, Target
from docstore.cases.models import Hearing
from docstore.documents.models import Version
from docstore.web.access import ROUTES
from tests.courts import TwoCourts
from tests.security.world import PEOPLE, Matrix, build, refusals, sees_case, sees_document

pytestmark = pytest.mark.django_db


# Pages that allauth brings and that are about the caller's own sign-in are left to its own tests.
PAGES = {
    name: methods["GET"]
    for name, methods in ROUTES.items()
    if "GET" in methods and methods["GET"].target is not Target.OPEN and not name.startswith("account_")
}
POSTS = [name for name, methods in ROUTES.items() if "POST" in methods and methods["POST"].target is not Target.OPEN]
ASKED = {"go-to-page": "?page=1&number=1&n=1", "courtroom": "?court=NGT&room=1&day=2026-11-25"}
NAMES = (
    (),
    ("code",),
    ("case_id",),
    ("document_id",),
    ("document_id", "number"),
    ("document_id", "act"),
    ("job_id",),
    ("case_id", "act"),
    ("case_id", "hearing_id"),
    ("case_id", "note_id"),
    ("case_id", "filing_id"),
    ("search_id",),
    ("case_id", "person_id"),
    ("case_id", "role"),
    ("person_id",),
    ("admission_id",),
    ("class_id",),
    ("version_id",),
    ("version_id", "act"),
    ("hold_id",),
    ("trigger_id",),
    ("batch_id",),
    ("station_id",),
    ("station_id", "key_id"),
    ("exception_id",),
    ("exception_id", "number"),
    ("item_id", "number"),
    ("webhook_id",),
    ("webhook_id", "delivery_id"),
    ("list_id",),
    ("list_id", "act"),
    ("certificate",),
    ("item_id",),
    ("listed_id",),
    ("proposal_id",),
    ("schedule",),
    ("transfer_id",),
    ("transfer_id", "act"),
    ("request_id",),
    ("request_id", "act"),
    ("finding_id",),
    ("stored_id",),
)
INTAKE = (Target.SENT, Target.STATION, Target.EXCEPTION, Target.SCAN, Target.WEBHOOK)
ACTS = {"case-act": "link", "case-retention-act": "trigger", "document-retention-act": "trigger"}
# What only its author or a stub opens is absent for everybody else, whatever their role.
OFTEN_ABSENT = ("document-act", "strike-note", "moved", "compare-versions")
# A token that changes with every page, and the address itself, which differs between two ids by nature.
VARIES = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|/triggers/[0-9]+/|/open-for-years/[0-9]+/'
)


@pytest.fixture
def matrix(courts: TwoCourts) -> Matrix:
    return build(courts)


def address(matrix: Matrix, name: str, which: str) -> str:
    case_id, document_id = matrix.ids(which)
    act = ACTS.get(name, "withdraw")
    arguments = {"case_id": case_id, "document_id": document_id, "number": 1, "act": act, "job_id": 1}
    listed = Hearing.objects.filter(case_id=case_id).values_list("pk", flat=True).first()
    arguments |= {"hearing_id": listed or uuid.uuid4(), "note_id": uuid.uuid4(), "filing_id": uuid.uuid4()}
    arguments |= {"search_id": uuid.uuid4(), "code": "not-found"}
    arguments |= {"person_id": matrix.courts.people["judge"].pk, "admission_id": uuid.uuid4(), "role": "defence"}
    arguments |= matrix.things[which]
    arguments |= {"key_id": "none", "delivery_id": uuid.uuid4(), **matrix.more_ids(which)}
    arguments |= {
        "stored_id": Version.objects.filter(document=document_id).values_list("pk", flat=True).first() or uuid.uuid4()
    }
    if name == "disposal-item":  # an item of a disposal list, where stations call an item what they scanned
        arguments |= matrix.things[which]
    for names in NAMES:
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, kwargs={one: arguments[one] for one in names}) + ASKED.get(name, "")
    raise LookupError(name)


def _signed_in(matrix: Matrix, who: str) -> Client:
    """Somebody's browser, signed in once: that costs more than most pages."""
    if who not in matrix.browsers:
        matrix.browsers[who] = Client()
        matrix.browsers[who].force_login(matrix.courts.people[who])
    return matrix.browsers[who]


def visit(matrix: Matrix, who: str, name: str, which: str) -> Any:
    response: Any = _signed_in(matrix, who).get(address(matrix, name, which))
    return response, b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.requirement("SEC-1", "SEC-2", "SEC-3")
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_in_this_role(matrix: Matrix, who: str) -> None:
    wrong = {
        (name, which): found for name, door in PAGES.items() for which, found in tried(matrix, who, name, door) if found
    }
    assert wrong == {}
    assert _signed_in(matrix, who).get("/").status_code == 200, "a page has signed them out"


def tried(matrix: Matrix, who: str, name: str, door: Door) -> Iterator[tuple[str, str]]:
    """What is wrong with the answers to one role at one page; empty where all is as the table says."""
    status = visit(matrix, who, name, "visible")[0].status_code
    if door.target in (Target.OWN, Target.PERSON):
        # The list of the matrix has not been carried out, so its certificate is not given yet.
        early = frozenset({409} if name in ("certificate-pdf", "certificate-envelope") else ())
        yield "own", _unlike(status, refusals(who, door, sees=True), also=early)
        return
    if door.target is Target.MINE:  # somebody else's, for everybody
        yield "mine", _unlike(status, {404})
        return
    if door.target in INTAKE:
        yield from _tried_intake(matrix, who, name, door, status)
        return
    sees = sees_case(who) if door.target is Target.CASE else sees_document(who)
    # A page of an act that the role may not do is forbidden, or says that there is nothing to do.
    also = frozenset({403, 404} if name in OFTEN_ABSENT else ())
    yield "visible", _unlike(status, refusals(who, door, sees=sees), also=also)
    yield "hidden", _told_apart(matrix, who, name)


def _tried_intake(matrix: Matrix, who: str, name: str, door: Door, status: int) -> Iterator[tuple[str, str]]:
    """What stations send is another court's, or nothing, to whoever has the permission; nobody else comes in at all."""
    refused = refusals(who, door, sees=True)
    # Bytes have not come, so there is no picture for anybody.
    nothing = frozenset({404} if name in ("exception-picture", "scan-picture") else ())
    yield "visible", _unlike(status, refused, also=nothing)
    if refused:
        hidden, absent = (visit(matrix, who, name, which)[0].status_code for which in ("hidden", "absent"))
        yield "hidden", "" if (hidden, absent) == (door.refusal, door.refusal) else f"{hidden} and {absent}"
    elif Permission.MANAGE_STATIONS not in ROLES[who].permissions:  # they see the stations of every court
        yield "hidden", _told_apart(matrix, who, name)


def _unlike(status: int, expected: set[int], *, also: frozenset[int] = frozenset()) -> str:
    fine = expected or {200, 302, 303} | also
    return "" if status in fine else f"{status}, not one of {sorted(fine)}"


def _told_apart(matrix: Matrix, who: str, name: str) -> str:
    """How what is hidden differs from what does not exist."""
    hidden, hidden_body = visit(matrix, who, name, "hidden")
    absent, absent_body = visit(matrix, who, name, "absent")
    if (hidden.status_code, absent.status_code) != (404, 404):
        return f"{hidden.status_code} and {absent.status_code}, not 404"
    return "" if VARIES.sub(b"", hidden_body) == VARIES.sub(b"", absent_body) else "hidden and absent differ"


@pytest.mark.requirement("SEC-1")
def test_nobody_comes_in_without_signing_in(matrix: Matrix) -> None:
    """Everybody who is not signed in is sent to the sign-in, whether a thing is there or not."""
    for name in PAGES:
        for which in ("visible", "hidden", "absent"):
            response = Client().get(address(matrix, name, which))
            assert (name, response.status_code) == (name, 302)
            assert response.headers["Location"].startswith("/sign-in/?next=/")


@pytest.mark.requirement("SEC-64")
def test_nothing_is_done_without_the_pages_own_token(matrix: Matrix) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(matrix.courts.people["clerk"])
    for name in POSTS:
        response = client.post(address(matrix, name, "visible"), {"reason": "A test"})
        assert (name, response.status_code) == (name, 403)
    matrix.document.refresh_from_db()
    assert not matrix.document.is_withdrawn


def test_an_address_that_only_takes_a_form_leads_back_to_its_page(matrix: Matrix) -> None:
    """Whoever reloads the page that said what was wrong with a form is not left with “method not allowed”."""
    client = Client()
    client.force_login(matrix.courts.people["clerk"])
    only_forms = [name for name in POSTS if "GET" not in ROUTES[name] and not name.startswith("account_")]
    assert len(only_forms) > 10
    for name in only_forms:
        here = address(matrix, name, "visible")
        back = client.get(here)
        assert (name, back.status_code) == (name, 303)
        assert here.startswith(back.headers["Location"])
        assert client.head(here).status_code == 405
