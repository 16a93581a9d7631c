"""What the night puts on lists, and what may go without a person's word: only where class and organisation both say so."""

from typing import Any

import pytest

from docstore.retention import certificates, nightly, tending
from docstore.retention.disposal_models import DisposalList, ItemState, ListStatus
from tests.retention.disposing import Disposal, with_disposal
from tests.retention.world import SEVEN_YEARS

pytestmark = pytest.mark.django_db

BY_ITSELF = {**SEVEN_YEARS, "auto_allowed": True}


def due(disposal: Disposal, *kinds: object, sensitive: bool = False) -> None:
    for kind in kinds:
        disposal.kind = disposal.world.new_class(kind, sensitive=sensitive)  # type: ignore[arg-type]
        disposal.case()
    disposal.pass_days(8)


@pytest.mark.requirement("RET-F1")
def test_the_night_lists_what_is_due_by_class_and_court_and_a_person_decides(disposal: Disposal, settings: Any) -> None:
    due(disposal, SEVEN_YEARS, SEVEN_YEARS)
    assert not DisposalList.objects.exists()  # unless it is asked to
    with_disposal(settings, GATHER=True)
    assert nightly.pass_night().gathered == 2
    assert nightly.pass_night().gathered == 0
    rows = list(DisposalList.objects.all())
    assert {(one.court.code, len(one.classes), one.items_total) for one in rows if one.court} == {("NGT", 1, 1)}
    assert {one.status for one in rows} == {ListStatus.DRAFT}
    disposal.pass_days(30)
    tending.tend()
    assert {one.status for one in DisposalList.objects.all()} == {ListStatus.DRAFT}
    made = disposal.make()  # a person's list takes the place of one that nobody has looked at
    assert made.items_total == 1
    assert DisposalList.objects.filter(status=ListStatus.CANCELLED).count() == 1


@pytest.mark.requirement("RET-F1")
@pytest.mark.parametrize(
    ("rule", "automatic", "sensitive", "goes"),
    [
        (BY_ITSELF, True, False, True),
        (BY_ITSELF, False, False, False),
        (SEVEN_YEARS, True, False, False),
        (BY_ITSELF, True, True, False),
    ],
    ids=["both say so", "the organisation does not", "the class does not", "it is sensitive"],
)
def test_nothing_goes_without_a_persons_word_unless_class_and_organisation_say_so(
    disposal: Disposal, settings: Any, rule: dict[str, Any], automatic: bool, sensitive: bool, goes: bool
) -> None:
    with_disposal(settings, GATHER=True, AUTOMATIC=automatic)
    due(disposal, rule, sensitive=sensitive)
    made = DisposalList.objects.get()
    assert made.approved_by_rule is goes
    tending.tend()
    assert made.items.get().state == (ItemState.APPROVED if goes else ItemState.LISTED)  # it cools off like any other
    disposal.pass_days(8)
    tending.tend()
    made = disposal.run(made.pk)
    assert made.items.get().state == (ItemState.DESTROYED if goes else ItemState.LISTED)
    if goes:
        told = certificates.certificate_of(disposal.world.actor("rm1"), made).content
        assert (told["list"]["approved_by_rule"], told["approvals"]) == (True, [])
