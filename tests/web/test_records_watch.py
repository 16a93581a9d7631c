"""What a records manager is told without asking: every figure of the start page, each with its list behind it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from docstore.core import clock
from docstore.retention import execution, tiles
from docstore.retention.disposal_models import ItemState, ListItem
from docstore.retention.models import RetentionStatus
from docstore.retention.tiles import Filters
from tests.retention.disposing import Disposal
from tests.retention.test_disposal import hold_case
from tests.web.test_records_pages import at, read

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("RET-N1")
def test_the_start_page_shows_everything_that_somebody_must_know(disposal: Disposal) -> None:
    world, keeper = disposal.world, at(disposal.world, "rm1")
    done, held, blocked, failed, soon = (disposal.case()[0] for _ in range(5))
    in_a_month = clock.today().replace(year=clock.today().year - 7, day=1) + timedelta(days=45)
    world.case(disposal.kind, closed_on=in_a_month)
    world.case(None, closed_on=None)
    disposal.pass_days(8)
    made = disposal.approved()
    disposal.pass_days(8)
    hold_case(disposal, held.pk)
    execution.carry_out(by=world.actor("rm1"), list_id=made.pk)
    ListItem.objects.filter(record=blocked.pk).update(
        state=ItemState.BLOCKED, not_before=clock.now() + timedelta(days=9)
    )
    later = clock.now() + timedelta(days=9)
    ListItem.objects.filter(record=failed.pk).update(state=ItemState.INCOMPLETE, attempts=9, not_before=later)
    disposal.run(made.pk)
    RetentionStatus.objects.filter(record_id=soon.pk).update(confidence=30)
    page = read(keeper.get(reverse("records")))
    counts = tiles.counts(world.actor("rm1"))
    for key in ("held", "unclassified", "blocked", "failed", "due-60"):
        assert counts[key] == tiles.listed(world.actor("rm1"), key, Filters()).count() >= 1, key
        assert f"?show={key}" in page, key
    for told in ("Inquiry", "Waits for you", "1 list is still in backups", "Anchored up to", "due for disposal"):
        assert told in page, told
    backups = read(keeper.get(f"{reverse('disposal-lists')}?show=backups"))
    assert made.number in backups
    assert done.pk != soon.pk
