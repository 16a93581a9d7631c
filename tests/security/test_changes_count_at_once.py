"""What is taken away is gone with the next request; what was never meant to be sent or told is neither."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.access.models import RoleAssignment, ServiceKey
from docstore.api import answers
from docstore.cases import actions as cases
from docstore.core import clock
from tests.courts import TwoCourts
from tests.security.world import Matrix, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def matrix(courts: TwoCourts) -> Matrix:
    return build(courts)


def api(matrix: Matrix, who: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {matrix.key(who)}"})


def page(matrix: Matrix, who: str) -> Client:
    client = Client()
    client.force_login(matrix.courts.people[who])
    return client


def both(matrix: Matrix, who: str) -> list[tuple[Client, str]]:
    """A key and an open session of one person, each with the address of the document."""
    return [
        (api(matrix, who), f"/api/v1/documents/{matrix.document.pk}"),
        (page(matrix, who), f"/documents/{matrix.document.pk}/"),
    ]


def statuses(doors: list[tuple[Client, str]]) -> list[int]:
    return [client.get(address).status_code for client, address in doors]


@pytest.mark.requirement("SEC-5")
def test_a_role_that_ends_is_gone_with_the_next_request(matrix: Matrix) -> None:
    doors = both(matrix, "judge")
    assert statuses(doors) == [200, 200]
    held = RoleAssignment.objects.get(user=matrix.courts.people["judge"])
    access.end_role(by=system("tests"), held=held)
    assert statuses(doors) == [404, 404]


@pytest.mark.requirement("SEC-5")
def test_a_sealed_case_is_gone_with_the_next_request(matrix: Matrix) -> None:
    doors = both(matrix, "usher")
    assert statuses(doors) == [200, 200]
    cases.seal_case(by=matrix.courts.actor("clerk"), case_id=matrix.case.pk, reason="An order")
    assert statuses(doors) == [404, 404]


@pytest.mark.requirement("SEC-5", "DOM-9.6")
def test_somebody_barred_is_out_with_the_next_request(matrix: Matrix) -> None:
    doors = both(matrix, "adviser")
    assert statuses(doors) == [200, 200]
    person = matrix.courts.people["adviser"]
    cases.exclude_person(by=matrix.courts.actor("clerk"), case_id=matrix.case.pk, person=person, reason="A conflict")
    assert statuses(doors) == [404, 404]


@pytest.mark.requirement("SEC-5")
def test_a_membership_that_ends_is_gone_with_the_next_request(matrix: Matrix) -> None:
    doors = both(matrix, "defence")
    assert statuses(doors) == [200, 200]
    member = matrix.case.memberships.get(person=matrix.courts.people["defence"])
    cases.end_membership(by=matrix.courts.actor("clerk"), case_id=matrix.case.pk, member_id=member.pk, reason="Left")
    assert statuses(doors) == [404, 404]


@pytest.mark.requirement("SEC-66")
def test_keys_that_are_revoked_over_or_not_yet_valid_open_nothing(matrix: Matrix) -> None:
    client = api(matrix, "clerk")
    key = ServiceKey.objects.filter(user=matrix.courts.people["clerk"])
    assert client.get("/api/v1/me").status_code == 200
    now = clock.now()
    for change in (
        {"revoked_at": now, "expires_at": now + timedelta(days=1), "not_before": now - timedelta(days=1)},
        {"revoked_at": None, "expires_at": now - timedelta(seconds=1), "not_before": now - timedelta(days=1)},
        {"revoked_at": None, "expires_at": now + timedelta(days=2), "not_before": now + timedelta(days=1)},
    ):
        key.update(**change)
        assert client.get("/api/v1/me").status_code == 401


@pytest.mark.requirement("SEC-7")
@pytest.mark.parametrize(
    "field",
    ["id", "is_staff", "owner", "site", "status", "sealed", "sha256", "retention_class", "opened_by", "court_id"],
)
def test_fields_that_are_not_for_callers_are_refused_by_name(matrix: Matrix, field: str) -> None:
    body = {"title": "R v X", "court": "NGT", "case_type": "crime-magistrates", "references": [], field: "1"}
    response = api(matrix, "clerk").post("/api/v1/cases", body, content_type="application/json")
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [f"/{field}"]


@pytest.mark.requirement("SEC-7")
def test_a_query_does_not_reach_into_columns(matrix: Matrix) -> None:
    filters = {"case__sealed": False, "document__rank__lte": 9}
    body = {"query": "page", "filters": filters}
    response = api(matrix, "defence").post("/api/v1/search", body, content_type="application/json")
    assert response.status_code == 422


@pytest.mark.requirement("SEC-8")
def test_answers_hold_the_documented_fields_alone(matrix: Matrix) -> None:
    client = api(matrix, "clerk")
    shapes: dict[str, Any] = {
        "/api/v1/me": answers.Me,
        f"/api/v1/cases/{matrix.case.pk}": answers.Case,
        f"/api/v1/documents/{matrix.document.pk}": answers.Document,
        f"/api/v1/documents/{matrix.document.pk}/pages/1": answers.Page,
        f"/api/v1/documents/{matrix.document.pk}/trail": answers.Trail,
    }
    for address, shape in shapes.items():
        assert (address, set(client.get(address).json()) - set(shape().fields)) == (address, set())


@pytest.mark.requirement("SEC-8", "DOM-2.8")
def test_parties_are_not_told_how_much_is_hidden(matrix: Matrix) -> None:
    address = f"/api/v1/cases/{matrix.case.pk}"
    assert "hidden" in api(matrix, "clerk").get(address).json()
    assert "hidden" not in api(matrix, "defence").get(address).json()


@pytest.mark.requirement("SEC-12")
def test_ids_are_random_and_no_protection_by_themselves(matrix: Matrix) -> None:
    told = api(matrix, "clerk").get(f"/api/v1/documents/{matrix.document.pk}").json()
    for one in (told["id"], told["case"], str(matrix.courts.people["clerk"].pk)):
        assert uuid.UUID(one).version == 4
    assert api(matrix, "defence2").get(f"/api/v1/documents/{told['id']}").status_code == 404
