"""One client for each S3 storage in a process, whichever of its threads asks, and the versions that a server lists.

django-storages makes a session for every thread, which costs each some hundred milliseconds at its first object; clients of
boto3 may be shared between threads. A process that was forked makes its own: lines to a server are not shared.
"""

import os
from collections.abc import Iterator
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

_made: "WeakKeyDictionary[Any, tuple[int, Any]]" = WeakKeyDictionary()
_one_at_a_time = Lock()


def client_of(storage: Any) -> Any:
    """Return the client of a storage, made by whoever asks first."""
    with _one_at_a_time:
        process, client = _made.get(storage, (0, None))
        if process != os.getpid():
            client = storage.connection.meta.client
            _made[storage] = os.getpid(), client
        return client


def versions_under(client: Any, bucket: str, key: str) -> Iterator[dict[str, Any]]:
    """Yield what the server lists of every stored version of one object, the newest first; not of those whose names begin so."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        yield from (one for one in page.get("Versions", ()) if one["Key"] == key)
