"""Building the demo court: through the actions, twice without harm, and nowhere else."""

from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from docstore.access.actor import Actor
from docstore.access.models import User
from docstore.access.queries import actor_for, person, user_of_key
from docstore.audit.verify import verify
from docstore.cases.models import Case, Hearing
from docstore.cases.queries import hearings_on, list_cases
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.demo.build import build_court, build_documents
from docstore.demo.files import CASES
from docstore.demo.people import PASSWORD, PEOPLE
from docstore.documents.models import Document, Version

pytestmark = pytest.mark.django_db


def acting(name: str) -> Actor:
    return actor_for(person(name), method="test")


def titles(name: str) -> set[str]:
    return {case.title for case in list_cases(Scope.of(acting(name)), limit=100).rows}


def test_it_is_built_once_and_then_left_alone() -> None:
    first, second = build_court(), build_court()

    assert (first.people, first.cases) == (len(PEOPLE), 60)
    assert (second.people, second.cases) == (0, 0)
    assert list(verify()) == []


def test_people_have_the_promised_roles_and_password_and_stations_have_none() -> None:
    build_court()

    for one in PEOPLE:
        user = User.objects.get(username=one.username)
        assert [held.code for held in acting(one.username).roles] == [one.role]
        assert user.check_password(PASSWORD) is (one.role != "station")
    assert not User.objects.filter(is_superuser=True).exists()


def test_each_sees_what_is_theirs() -> None:
    build_court()
    here = {case.title for case in CASES if case.court == "NGATE"}

    assert titles("judge") == here
    assert titles("usher") == here - {"R v Larkspur", "R v Dunmore and Ferreday", "Re K (adoption)"}
    assert "R v Castellane" in titles("defence")
    assert "R v Castellane" not in titles("defence2")
    assert titles("support") == titles("auditor") == titles("stations") == set()
    assert titles("clerk2").isdisjoint(here)


def test_there_is_a_list_for_today_and_tomorrow() -> None:
    build_court()

    assert len(hearings_on(Scope.of(acting("judge")), clock.today())) >= 3
    assert Hearing.objects.filter(heard=True).exists()


def test_papers_are_filed_once_and_sealed_withdrawn_and_shown_as_written_down() -> None:
    build_court()
    few = [
        replace(case, documents=case.documents[-3:]) if case.key == "sealedcase" else case
        for case in CASES
        if case.key in ("sealedcase", "moorings", "orchid")
    ]

    first, second = build_documents(only=few), build_documents(only=few)

    assert first.documents == Version.objects.count() == sum(len(case.documents) for case in few)
    assert second.documents == 0
    assert Document.objects.get(title="Letter sent to the wrong case").is_withdrawn
    sealed = Document.objects.get(title="Statement of the witness known as Kingfisher")
    assert sealed.sealed
    assert [one.username for one in sealed.named.all()] == ["prosecutor"]
    assert Document.objects.get(title="Statement of the wharf manager").filings.count() == 2
    assert list(verify()) == []


def test_what_is_dealt_with_is_closed_after_its_papers_are_filed() -> None:
    build_court()
    closed = [replace(case, documents=case.documents[2:3]) for case in CASES if case.key == "spaniel"]

    build_documents(only=closed)

    case = Case.objects.get(title="R v Dauntsey")
    assert not case.is_open
    assert case.outcome == "Convicted, compensation and fine"


def test_a_key_is_printed_alone_and_works(capsys: pytest.CaptureFixture[str]) -> None:
    build_court()

    call_command("demo_key", "clerk")

    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1
    found = user_of_key(printed[0])
    assert found is not None
    assert found[0].username == "clerk"


def test_an_unknown_person_gets_no_key() -> None:
    build_court()

    with pytest.raises(CommandError, match="no person with the name nobody"):
        call_command("demo_key", "nobody")


@pytest.mark.parametrize(
    "command", [("demo",), ("demo", "--documents"), ("demo_key", "clerk"), ("demo_reset", "--yes")]
)
def test_nothing_of_this_works_outside_the_demo_court(command: tuple[str, ...], settings: LazySettings) -> None:
    settings.DOCSTORE = settings.DOCSTORE | {"ENV": "production"}

    with pytest.raises(CommandError):
        call_command(*command)
    assert not Case.objects.exists()


def test_a_step_that_is_no_step_is_refused() -> None:
    with pytest.raises(CommandError, match="not a step in time"):
        call_command("demo_clock", "--advance", "next week")


def test_the_clock_is_moved_for_everybody(settings: LazySettings, tmp_path: object) -> None:
    settings.DOCSTORE = settings.DOCSTORE | {"STATE": tmp_path}
    before = clock.today()

    call_command("demo_clock", "--advance", "30d")

    assert (clock.today() - before).days in (30, 31)
