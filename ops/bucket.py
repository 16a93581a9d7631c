"""A bucket with object lock, and so with versions, on the S3 server that the environment names. Safe to run again."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def client(where: Mapping[str, str]) -> "S3Client":
    return boto3.client(
        "s3",
        endpoint_url=where["S3_ENDPOINT_URL"],
        aws_access_key_id=where["S3_ACCESS_KEY"],
        aws_secret_access_key=where["S3_SECRET_KEY"],
        region_name=where.get("S3_REGION", "us-east-1"),
        config=Config(s3={"addressing_style": "path"}),
    )


def make(where: Mapping[str, str]) -> None:
    """Object lock can only be asked for when a bucket is made; one that exists is left as it is, for doctor to judge."""
    try:
        client(where).create_bucket(Bucket=where["S3_BUCKET"], ObjectLockEnabledForBucket=True)
    except ClientError as problem:
        if problem.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise


if __name__ == "__main__":
    make(os.environ)
    if evidence := os.environ.get("S3_ANCHOR_BUCKET"):
        make({**os.environ, "S3_BUCKET": evidence})
