"""What one test run has for itself on the shared services: a bucket with object lock, and indices by name."""

import contextlib
import os
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ops import bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MARK = "docstore-test-"


def make() -> None:
    for name in _buckets():
        bucket.make({**os.environ, "S3_BUCKET": name})


def remove() -> None:
    """Best effort: what a lock keeps stays, under a name that nobody uses again."""
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
    {"make": make, "remove": remove}[sys.argv[1]]()
