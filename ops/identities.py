"""Who may do what on an S3 server: accounts, and the policy of a bucket made of the files in `ops/policies`.

For versitygw, which has accounts of its own and policies of buckets. Elsewhere the files are given to the provider as they are.
Runs as the bucket's owner, once, and is safe to run again.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

from ops import bucket

POLICIES = Path(__file__).parent / "policies"
VAULT, EVIDENCE = "docstore", "docstore-evidence"
MADE, THERE_ALREADY = 201, 409
# Everyday identities; break-glass is made by hand, for hours, by two people (docs/how-to/locks.md).
IN_VAULT, IN_EVIDENCE = ("web", "worker", "destroyer"), ("anchor",)


@dataclass(frozen=True, slots=True)
class Account:
    """An identity of `ops/policies` with the name and secret that it has on a server."""

    identity: str
    access: str
    secret: str


def bucket_policy(accounts: list[Account], *, name: str) -> dict[str, Any]:
    """Return the policy of one bucket: what the identities' own files say of it, for these accounts.

    What holds for the same accounts is one statement: servers keep a policy in a few kilobytes.
    """
    who: dict[tuple[str, str, str], list[str]] = {}
    for one in accounts:
        for said in json.loads((POLICIES / f"{one.identity}.json").read_text())["Statement"]:
            _, _, part = said["Resource"].partition("/")
            at = f"arn:aws:s3:::{name}/{part}" if part else f"arn:aws:s3:::{name}"
            for action in said["Action"]:
                who.setdefault((said["Effect"], at, action), []).append(one.access)
    actions: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (effect, at, action), names in who.items():
        actions.setdefault((effect, at, tuple(names)), []).append(action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": effect, "Principal": {"AWS": list(names)}, "Action": some, "Resource": at}
            for (effect, at, names), some in actions.items()
        ],
    }


def make(where: Mapping[str, str], accounts: list[Account], *, name: str) -> None:
    """Make the accounts where they are not there yet, and give the bucket their policy."""
    for one in accounts:
        _make_account(where, one)
    policy = json.dumps(bucket_policy(accounts, name=name), separators=(",", ":"))
    bucket.client(where).put_bucket_policy(Bucket=name, Policy=policy)


def _make_account(where: Mapping[str, str], one: Account) -> None:
    """versitygw's own call for it. A plain account may do only what a policy says."""
    told = f"<Access>{escape(one.access)}</Access><Secret>{escape(one.secret)}</Secret><Role>user</Role>"
    body = f"<Account>{told}</Account>".encode()
    request = AWSRequest("PATCH", f"{where['S3_ENDPOINT_URL'].rstrip('/')}/create-user", data=body)
    owner = Credentials(where["S3_ACCESS_KEY"], where["S3_SECRET_KEY"])
    S3SigV4Auth(owner, "s3", where.get("S3_REGION", "us-east-1")).add_auth(request)
    answer = URLLib3Session(timeout=10).send(request.prepare())
    if answer.status_code not in (MADE, THERE_ALREADY):
        raise SystemExit(f"The server made no account for {one.identity}: {answer.status_code}")


def _named(identities: tuple[str, ...]) -> list[Account]:
    """The accounts that the environment gives a secret to, such as S3_WEB_SECRET_KEY."""
    known = ((one, f"S3_{one.upper()}_SECRET_KEY") for one in identities)
    return [Account(one, f"docstore-{one}", os.environ[name]) for one, name in known if os.environ.get(name)]


if __name__ == "__main__":
    make(os.environ, _named(IN_VAULT), name=os.environ.get("S3_BUCKET", VAULT))
    make(os.environ, _named(IN_EVIDENCE), name=os.environ.get("S3_ANCHOR_BUCKET", EVIDENCE))
