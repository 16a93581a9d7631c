"""The roles that a court needs are there, and those that must not read cases read none (DOM-9.4)."""

import pytest

from docstore.access.actor import system
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES
from docstore.cases.scope import Scope
from docstore.documents import trails
from docstore.documents.trails import Asked
from docstore.documents.visibility import visible_to
from docstore.intake.batches import open_batch
from docstore.intake.manifest import parse
from docstore.intake.stations import register_station
from tests.courts import TwoCourts
from tests.intake.sending import manifest

NEEDED = {
    "clerk",
    "adviser",
    "judge",
    "usher",
    "listing",
    "records",
    "station",
    "prosecutor",
    "defence",
    "probation",
    "auditor",
    "support",
    "system",
}


@pytest.mark.requirement("DOM-9.4")
def test_a_station_creates_and_reads_nothing_back_and_an_auditor_sees_the_trail_and_no_content(
    courts: TwoCourts,
) -> None:
    assert set(ROLES) >= NEEDED
    courts.file("a paper")
    station = register_station(by=system("tests"), court=courts.first, username="post-1", name="Post room")
    courts.people["station"] = station.user
    sender = courts.actor("station")

    batch = open_batch(by=sender, manifest=parse(manifest("NGT", b"%PDF-1.4 one")))
    assert batch.items.count() == 1
    for who in ("station", "auditor", "support", "stations"):
        scope = Scope.of(courts.actor(who))
        assert not scope.cases().exists(), who
        assert not visible_to(scope).exists(), who
        assert not scope.actor.may(Permission.SEARCH), who
    types = {one.type for one in trails.read_trail(by=courts.actor("auditor"), asked=Asked(case=courts.case.pk)).rows}
    assert "document.filed" in types
