"""The OpenAPI document against what answers: whatever is sent to stations' addresses, there is no fault of ours (WIN-18).

Examples are made from the published document, good and bad ones, with bodies, headers and ids that nobody would send.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from config.wsgi import application
from tests.api import raw_bodies
from tests.courts import TwoCourts, build_courts
from tests.intake.sending import Sender

__all__ = ["raw_bodies"]  # known to schemathesis by being imported

pytestmark = pytest.mark.django_db(transaction=True)  # a real handler closes its connection after each request

OURS = ("/stations", "/batches", "/uploads", "/events", "/envelopes", "/statements", "/reconciliations", "/schemas")
EXAMPLES = 3


@pytest.fixture
def courts(transactional_db: None) -> TwoCourts:
    return build_courts()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["well formed", "ill formed"])
def test_no_address_of_stations_ever_fails(courts: TwoCourts, mode: GenerationMode) -> None:
    sender = Sender(courts)
    batch = sender.open(b"A paper", b"Another")
    headers = {"Authorization": f"Bearer {sender.key}", "Host": "testserver"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=headers)
    faults: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.removeprefix("/api/v1").startswith(OURS):
            _try(operation, mode, headers, batch, faults)
    assert faults == []


def _try(operation: Any, mode: GenerationMode, headers: dict[str, str], batch: str, faults: list[str]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        if "batch_id" in (case.path_parameters or {}):
            case.path_parameters["batch_id"] = batch  # a batch that is there, so that more than the gate is tried
        answer = case.call(headers=headers)
        if answer.status_code >= 500:
            faults.append(f"{case.method} {case.path}: {answer.status_code} {answer.text[:200]}")

    one()
