"""Reviewing who has access, and ending everything of somebody who leaves."""

import pytest
from django.test import Client

from docstore.access.models import AccessReview
from docstore.access.queries import user_of_key
from docstore.cases import leavers
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from tests.courts import TwoCourts


@pytest.mark.requirement("DOM-9.9")
def test_a_leaver_is_removed_in_one_action(courts: TwoCourts) -> None:
    key, browser = courts.key("judge"), Client()
    browser.force_login(courts.people["judge"])
    assert browser.get("/cases/").status_code == 200

    leavers.end_access(by=courts.actor("clerk"), person_id=courts.people["judge"].pk, reason="Retired")

    assert not Scope.of(courts.actor("judge")).grants
    assert user_of_key(key) is None
    assert browser.get("/cases/").status_code == 302
    with pytest.raises(NotFound):
        leavers.end_access(by=courts.actor("clerk"), person_id=courts.people["judge"].pk, reason="Again")


def test_support_ends_access_anywhere_and_a_clerk_only_at_the_own_court(courts: TwoCourts) -> None:
    with pytest.raises(NotFound):
        leavers.end_access(by=courts.actor("clerk2"), person_id=courts.people["judge"].pk, reason="Not ours")
    with pytest.raises(Forbidden):
        leavers.end_access(by=courts.actor("usher"), person_id=courts.people["judge"].pk, reason="No right")
    with pytest.raises(leavers.NotYourself):
        leavers.end_access(by=courts.actor("support"), person_id=courts.people["support"].pk, reason="Me")
    leavers.end_access(by=courts.actor("support"), person_id=courts.people["clerk2"].pk, reason="Moved away")
    assert not courts.people["clerk2"].__class__.objects.get(pk=courts.people["clerk2"].pk).is_active


def test_a_review_says_what_is_held_and_when_it_was_looked_at(courts: TwoCourts) -> None:
    courts.people.everybody()
    clerk = courts.actor("clerk")
    people = list(leavers.people_of(clerk))
    assert courts.people["judge"] in people
    assert courts.people["clerk2"] not in people
    before = {one.person: one for one in leavers.holdings(people, on=clock.today())}[courts.people["judge"]]
    assert before.roles == ("judge NGT",)
    assert before.is_due(now=clock.now())

    leavers.keep_access(by=clerk, person_id=courts.people["judge"].pk, note="Sits here")

    after = leavers.holdings([courts.people["judge"]], on=clock.today())[0]
    assert not after.is_due(now=clock.now())
    assert AccessReview.objects.get().kept
