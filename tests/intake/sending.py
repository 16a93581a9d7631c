"""What a station sends, for tests."""

import uuid
from typing import Any

from django.test import Client

from docstore.access.actor import system
from docstore.access.models import Court
from docstore.core import clock, jobs
from docstore.core.jobs import Job
from docstore.intake.stations import issue_station_key, register_station
from tests.api.client import drain
from tests.courts import TwoCourts
from tests.intake.manifests import item, manifest, told_of
from workers import pipeline

__all__ = ["Sender", "drain_intake", "item", "manifest", "told_of"]


class Sender:
    """A scanning station's key in use, at a court of its own."""

    def __init__(self, courts: TwoCourts, name: str = "station", court: Court | None = None) -> None:
        self.court = court or courts.first
        self.station = register_station(by=system("tests"), court=self.court, username=name, name=name)
        courts.people[name] = self.station.user
        self.key = issue_station_key(by=system("tests"), station_id=self.station.pk, label="test")
        self._client = Client(headers={"Authorization": f"Bearer {self.key}"})

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(f"/api/v1/{path}", headers=_named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4()), **_named(headers)}
        return self._client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._client.patch(f"/api/v1/{path}", body, content_type="application/json", headers=_named(headers))

    def send(self, method: str, path: str, content: bytes = b"", kind: str = "text/plain", **headers: str) -> Any:
        """Any request with bytes."""
        return self._client.generic(method, f"/api/v1/{path}", content, content_type=kind, headers=_named(headers))

    def put(self, batch: str, seq: int, content: bytes, kind: str = "text/plain") -> Any:
        return self.send("PUT", f"batches/{batch}/items/{seq}/content", content, kind, **told_of(content))

    def open(self, *contents: bytes, reference: str | None = None, **more: Any) -> str:
        """Open a batch; return its id."""
        answer = self.post("batches", manifest(self.court.code, *contents, reference=reference, **more))
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def send_all(self, *contents: bytes, reference: str | None = None, **more: Any) -> str:
        """Open a batch, send every item, close it, and let workers do their part; return its id."""
        batch = self.open(*contents, reference=reference, **more)
        for seq, content in enumerate(contents, start=1):
            assert self.put(batch, seq, content).status_code == 201
        assert self.post(f"batches/{batch}/close").status_code == 202
        drain()
        return batch

    def told(self, batch: str) -> Any:
        return self.get(f"batches/{batch}").json()


def drain_intake() -> int:
    """Do what workers would do for batches, and leave reading and search to wait."""
    done = 0
    while job := Job.objects.takeable(now=clock.seconds()).filter(name__startswith="intake.").order_by("id").first():
        leased = jobs.lease(owner="test", only=job)
        assert leased is not None
        pipeline.carry_out(leased)
        done += 1
    return done


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
