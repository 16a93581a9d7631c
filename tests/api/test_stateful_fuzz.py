"""A station that does anything in any order, led by the links of the published document: never a fault of ours (WIN-18).

Bodies that no generator could guess – a manifest of this court, the bytes that were declared – are put in now and then, so
that the walk gets beyond the first refusal.
"""

import random
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from config.wsgi import application
from tests.api import raw_bodies
from tests.courts import TwoCourts, build_courts
from tests.intake.sending import Sender, manifest, told_of

__all__ = ["raw_bodies"]  # known to schemathesis by being imported

pytestmark = pytest.mark.django_db(transaction=True)  # a real handler closes its connection after each request

OURS = r"^/api/v1/(stations|batches|uploads|events|statements)"
WALKS, STEPS = 16, 8
PAPER = b"A paper"


@pytest.fixture
def courts(transactional_db: None) -> TwoCourts:
    return build_courts()


def test_no_walk_through_the_api_meets_a_fault(courts: TwoCourts) -> None:
    sender = Sender(courts)
    headers = {"Authorization": f"Bearer {sender.key}", "Host": "testserver"}
    whole = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=headers)
    chance, statuses, faults = random.Random(11), Counter[int](), list[str]()

    class Walk(whole.include(path_regex=OURS).as_state_machine()):  # type: ignore[misc] # made at run time
        """One station on its way."""

        def before_call(self, case: Any) -> None:
            _put_in_what_fits(case, chance)
            case.headers = {**(case.headers or {}), **headers, **_told(case, chance)}

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            statuses[response.status_code] += 1
            if response.status_code >= 500:
                faults.append(f"{case.method} {case.path}: {response.text[:300]}")

    one_walk = settings(
        max_examples=2,  # the first is the shortest of all
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for number in range(WALKS):
        with suppress(Flaky):  # the court remembers, so that no walk can be taken twice; faults are kept all the same
            run_state_machine_as_test(seed(number)(Walk), settings=one_walk)
    assert faults == []
    assert {201, 202} <= set(statuses), statuses  # it did get beyond the gate


def _put_in_what_fits(case: Any, chance: random.Random) -> None:
    """A manifest that this court takes, three times in four."""
    if case.operation.label == "POST /api/v1/batches" and chance.random() < 0.75:
        case.body, case.media_type = manifest("NGT", PAPER), "application/json"
    if case.operation.label.startswith("PUT ") and chance.random() < 0.75:
        case.body, case.media_type = PAPER, "application/octet-stream"


def _told(case: Any, chance: random.Random) -> dict[str, str]:
    """The headers that go with it."""
    told = {"Idempotency-Key": f"walk-{chance.randrange(10**6)}"}
    return {**told, **told_of(case.body)} if isinstance(case.body, bytes) else told
