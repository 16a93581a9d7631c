"""What an exception page says for and against a case, and about the paper itself."""

from datetime import timedelta

import pytest
from django.test import Client

from docstore.cases.mentions import day_named
from docstore.cases.models import Hearing
from docstore.core import clock
from docstore.intake.models import IntakeException, Station
from docstore.web.dates import day
from tests.courts import TwoCourts
from tests.intake.sending import Sender

pytestmark = pytest.mark.django_db


def page(courts: TwoCourts) -> str:
    clerk = Client()
    clerk.force_login(courts.people["clerk"])
    return clerk.get(f"/intake/exceptions/{IntakeException.objects.get().pk}/").content.decode()


@pytest.mark.parametrize("with_year", [True, False])
def test_a_hearing_whose_day_stands_on_the_paper_speaks_for_its_case(courts: TwoCourts, with_year: bool) -> None:
    at = clock.now() + timedelta(days=3)
    Hearing.objects.create(case=courts.case, court=courts.first, room="1", starts_at=at, kind="Trial")
    spoken = day(at.astimezone(clock.COURT_ZONE).date())
    written = spoken if with_year else spoken.rpartition(" ")[0]
    Sender(courts).send_all(f"Dear court, Ann Ash cannot come on Monday {written}. Yours, a friend".encode())
    shown = page(courts)
    assert f"It is heard on {spoken}, a date on the paper." in shown
    assert "No hearing is listed." not in shown


def test_a_case_without_a_hearing_says_so(courts: TwoCourts) -> None:
    Sender(courts).send_all(b"Dear court, Ann Ash cannot come on Monday.")
    shown = page(courts)
    assert "No hearing is listed." in shown
    assert "a date on the paper" not in shown


def test_the_page_says_where_the_paper_lies_and_until_when(courts: TwoCourts) -> None:
    sender = Sender(courts)
    Station.objects.filter(pk=sender.station.pk).update(tray="tray 4", paper_days=10)
    sender.send_all(b"Dear court, I cannot come.")
    until = day(clock.today() + timedelta(days=10))
    assert f"It lies in tray 4. Keep it until this is decided, and until {until} at least; then shred it." in page(
        courts
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [("on 23 November", True), ("the 23rd of November 2026", True), ("23/11/2026", True), ("23.11.2026", True),
     ("23 November 2025", False), ("123 November", False), ("23/12/2026", False), ("", False)],
)  # fmt: skip
def test_a_day_is_written_as_people_write_it(text: str, named: bool) -> None:
    wanted = clock.today().replace(year=2026, month=11, day=23)
    assert (day_named(text, [wanted]) == wanted) is named
