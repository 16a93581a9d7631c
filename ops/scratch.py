"""What one test run has for itself: a migrated database to copy, a bucket with object lock, and indices by name."""

import contextlib
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from ops import bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MARK = "docstore-test-"


def template() -> None:
    """Migrate one database that every process of the run copies, and print its name (PostgreSQL) or file (SQLite)."""
    environment, name = dict(os.environ), f"docstore_template_{os.environ['DOCSTORE_RUN']}"
    url = environment.get("DATABASE_URL")
    if url:
        _ask(url, f'CREATE DATABASE "{name}"')
        environment["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
    environment["DOCSTORE_STATE"] = tempfile.mkdtemp(prefix="docstore-test-")
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)
    print(name if url else Path(environment["DOCSTORE_STATE"]) / "docstore.sqlite3")


def _ask(url: str, statement: str) -> None:
    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as asked:
        asked.execute(statement.encode())


def make() -> None:
    for name in _buckets():
        bucket.make({**os.environ, "S3_BUCKET": name})


def remove() -> None:
    """Best effort: what a lock keeps stays, under a name that nobody uses again."""
    if os.environ.get("DATABASE_URL") and os.environ.get("DOCSTORE_TEST_TEMPLATE"):
        _ask(os.environ["DATABASE_URL"], f'DROP DATABASE IF EXISTS "{os.environ["DOCSTORE_TEST_TEMPLATE"]}"')
    if os.environ.get("S3_ENDPOINT_URL"):
        for name in _buckets():
            with contextlib.suppress(ClientError, BotoCoreError):
                _remove_bucket(bucket.client(os.environ), name)
    if os.environ.get("OPENSEARCH_URL"):
        with contextlib.suppress(urllib.error.URLError):
            _remove_indices(os.environ["OPENSEARCH_URL"], f"{MARK}{os.environ['DOCSTORE_RUN']}")


def _buckets() -> list[str]:
    """The run's bucket, and one for each of its processes where there are several (config.settings.test names them)."""
    name = os.environ["S3_BUCKET"]
    if not name.startswith(MARK):
        raise SystemExit(f"{name} is not a test bucket")
    return [name, *(f"{name}-gw{at}" for at in range(int(os.environ.get("DOCSTORE_TEST_PROCESSES", "0"))))]


def _remove_bucket(s3: "S3Client", name: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        for one in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"], BypassGovernanceRetention=True)
    s3.delete_bucket(Bucket=name)


def _remove_indices(url: str, prefix: str) -> None:
    with urllib.request.urlopen(f"{url}/_cat/indices/{prefix}*?h=index", timeout=10) as answer:
        names = answer.read().decode().split()
    for name in names:
        urllib.request.urlopen(urllib.request.Request(f"{url}/{name}", method="DELETE"), timeout=10).close()


if __name__ == "__main__":
    {"template": template, "make": make, "remove": remove}[sys.argv[1]]()
