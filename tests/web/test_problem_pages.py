"""The `type` of a problem is the address of a page that says in plain English what it means."""

import pytest
from django.test import Client

from docstore.intake.problems import problems
from tests.courts import TwoCourts
from tests.intake.sending import Sender

pytestmark = pytest.mark.django_db


def test_what_a_program_is_told_leads_to_a_page(courts: TwoCourts) -> None:
    told = Sender(courts).post("batches", {"site": "NGT"}).json()
    page = Client().get(told["type"])
    assert page.status_code == 200
    assert told["code"] in page.content.decode()


def test_every_code_has_a_page_that_says_what_to_do() -> None:
    reader = Client()
    for code, problem in problems().items():
        page = reader.get(f"/docs/problems/{code}")
        assert page.status_code == 200, code
        assert problem.title in page.content.decode(), code
        assert problem.sentences, code


def test_a_code_that_nobody_is_told_has_none(courts: TwoCourts) -> None:
    assert Client().get("/docs/problems/no-such-code").status_code == 404
    assert Client().get("/docs/problems/virus-found").content.decode().count("ERR_AV_FAILED") == 1
