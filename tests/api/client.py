"""A client of the API for tests: a key, JSON, and uploads."""

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from docstore.core import jobs
from tests.courts import TwoCourts
from workers import pipeline


class Api:
    """One person's key in use."""

    def __init__(self, courts: TwoCourts, who: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {courts.key(who)}"})

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(f"/api/v1/{path}", headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._client.post(
            f"/api/v1/{path}",
            body if body is not None else {},
            content_type="application/json",
            headers=_named(headers),
        )

    def upload(self, path: str, content: bytes, name: str = "letter.txt", **fields: Any) -> Any:
        headers = {"Idempotency-Key": fields.pop("key", str(uuid.uuid4()))}
        if "if_match" in fields:
            headers["If-Match"] = fields.pop("if_match")
        file = SimpleUploadedFile(name, content, content_type=fields.pop("kind", "application/octet-stream"))
        return self._client.post(f"/api/v1/{path}", {"file": file, **fields}, headers=headers)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def drain() -> int:
    """Do what workers would do, until nothing is left to do just now."""
    done = 0
    while job := jobs.lease(owner="test"):
        pipeline.carry_out(job)
        done += 1
    return done
