"""A court's own S3 server for tests: versitygw with object lock, and an account for each identity of `ops/policies`."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ops import bucket, daemons, identities
from ops.identities import Account
from ops.roads import objects

IDENTITIES = ("web", "worker", "destroyer", "break-glass")


@dataclass(frozen=True, slots=True)
class CourtStorage:
    """Where it answers. `owner` may do anything that the server lets anybody do."""

    url: str
    secret: str

    def where(self, identity: str = "owner") -> dict[str, str]:
        """Return the variables by which an identity reaches the server."""
        access = "owner" if identity == "owner" else f"docstore-{identity}"
        return {"S3_ENDPOINT_URL": self.url, "S3_ACCESS_KEY": access, "S3_SECRET_KEY": self.secret}

    def client(self, identity: str = "owner") -> Any:
        return bucket.client(self.where(identity))

    def new_bucket(self) -> str:
        """Make a bucket with object lock and the policy that is shipped."""
        name = f"court-{secrets.token_hex(6)}"
        bucket.make(self.where() | {"S3_BUCKET": name})
        identities.make(self.where(), self._accounts(), name=name)
        return name

    def withhold(self, name: str, action: str) -> None:
        """Take one permission from everybody, as a policy changed in a hurry does."""
        policy = identities.bucket_policy(self._accounts(), name=name)
        for one in policy["Statement"]:
            one["Action"] = [said for said in one["Action"] if said != action]
        self.client().put_bucket_policy(Bucket=name, Policy=json.dumps(policy))

    def end_lock(self, name: str, key: str, version: str) -> None:
        """Shorten a lock to a moment as break-glass, and wait for its end: the server's clock cannot be moved."""
        moment = datetime.now(UTC) + timedelta(seconds=1)
        self.client("break-glass").put_object_retention(
            Bucket=name,
            Key=key,
            VersionId=version,
            Retention={"Mode": "GOVERNANCE", "RetainUntilDate": moment},
            BypassGovernanceRetention=True,
        )
        time.sleep(1.2)

    def _accounts(self) -> list[Account]:
        return [Account(one, f"docstore-{one}", self.secret) for one in IDENTITIES]

    def storages(self, there: dict[str, Any], name: str, *, vault: str = "worker") -> dict[str, Any]:
        """Return settings.STORAGES for a process that has these identities here."""

        def of(identity: str) -> dict[str, Any]:
            mine = self.where(identity)
            told = {"endpoint_url": self.url, "bucket_name": name, "secret_key": mine["S3_SECRET_KEY"]}
            return there["vault"] | {
                "OPTIONS": there["vault"]["OPTIONS"] | told | {"access_key": mine["S3_ACCESS_KEY"]}
            }

        return there | {"vault": of(vault), "destroyer": of("destroyer")}


@contextmanager
def running(home: Path) -> Iterator[CourtStorage]:
    """Start the server over an empty folder, and stop it at the end."""
    secret, port = secrets.token_hex(16), daemons.free_port(18070 + os.getpid() % 400 * 50)
    line, _ = objects.command(home, port)
    owner = {"ROOT_ACCESS_KEY": "owner", "ROOT_SECRET_KEY": secret}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(line, env={**os.environ, **owner}, stdout=log, stderr=log)
    try:
        while not daemons.answers(port):
            if server.poll() is not None:
                raise daemons.Failed(daemons.last_words(home))
            time.sleep(0.05)
        yield CourtStorage(f"http://127.0.0.1:{port}", secret)
    finally:
        server.terminate()
        server.wait(timeout=10)
