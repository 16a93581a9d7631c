"""The promise about one very large item of a station: sent in pieces into S3, cut at 99 per cent and resumed.

    python -m benchmarks.large_item

Left out where the environment names no S3 server. The bare limit is boto3's multipart upload to the same server.
"""

import http.client
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import httpx

from benchmarks.large_file import GIB, MIB, SIZE, bare_upload, write_recording
from benchmarks.product import running
from benchmarks.station_client import NO_LIMIT, Station, declared, open_batch, station_of
from benchmarks.table import Row, as_markdown

LEAST_RATE, MOST_MEMORY = 0.7, 250 * MIB


def measure() -> list[Row]:
    """Return the row of the table."""
    return large()


def large() -> list[Row]:
    """One item of 1 GiB through a station's resumable upload into S3, cut at 99 per cent."""
    if not os.environ.get("S3_ENDPOINT_URL"):
        return []
    kept = {name: value for name, value in os.environ.items() if name.startswith("S3_")}
    with tempfile.NamedTemporaryFile(prefix="docstore-bench-") as file:
        digest = write_recording(Path(file.name))
        bare = bare_upload(Path(file.name))
        with running(workers=1, extra={**kept, **NO_LIMIT}) as product:
            station = station_of(product)
            begun = time.monotonic()
            whole, resumed = _send_large(station, Path(file.name), digest)
            spent = time.monotonic() - begun
            memory = product.web_memory()
    rate = bare / spent
    return [
        Row(
            promise=f"an item of {SIZE / GIB:.2g} GiB in pieces of 64 MiB into S3, cut at 99 % and resumed",
            limit=f"bare boto3 multipart: {bare:.1f} s",
            measured=f"{spent:.1f} s, {rate:.2f} of its rate; went on at {resumed / SIZE:.1%}, digest "
            f"{'equal' if whole else 'DIFFERENT'}; web process {memory / MIB:.0f} MiB at most",
            target=f"≥ {LEAST_RATE} of its rate, ≤ {MOST_MEMORY // MIB} MiB",
            kept=whole and rate >= LEAST_RATE and memory <= MOST_MEMORY,
        )
    ]


def _send_large(station: Station, path: Path, digest: str) -> tuple[bool, int]:
    """Whether the whole is in custody under its digest, and where the upload went on after the cut."""
    with station.client() as client:
        batch = _open_large(client, station, path, digest)
        begun = client.post(
            f"batches/{batch}/items/1/uploads", headers={"Upload-Complete": "?0", "Content-Type": "audio/mpeg"}
        ).raise_for_status()
        place = begun.headers["Location"].removeprefix("/api/v1/")
        cut = int(SIZE * 0.99)
        _pieces(client, place, path, start=0, end=cut)
        _half_a_piece(station, place, path, cut)
        offset = int(client.head(place).headers["Upload-Offset"])
        _pieces(client, place, path, start=offset, end=SIZE)
        item = client.get(f"batches/{batch}").json()["items"][0]
    return item["sha256"] == digest and item["state"] not in ("expected", "receiving"), offset


def _open_large(client: httpx.Client, station: Station, path: Path, digest: str) -> str:
    batch = open_batch(client, station, [b"x"], "audio/mpeg")
    told = client.get(f"batches/{batch}")
    item = {**declared(1, b"x", "audio/mpeg"), "bytes": path.stat().st_size, "sha256": digest}
    client.patch(
        f"batches/{batch}", json={"items": [item]}, headers={"If-Match": told.headers["ETag"]}
    ).raise_for_status()
    return batch


def _pieces(client: httpx.Client, place: str, path: Path, *, start: int, end: int) -> None:
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            size = min(64 * MIB, end - start)
            last = "?1" if start + size >= SIZE else "?0"
            headers = {
                "Content-Type": "application/partial-upload",
                "Upload-Offset": str(start),
                "Upload-Complete": last,
                "Content-Length": str(size),
            }
            status = _piece(client, place, file.read, size, headers)
            if status == httpx.codes.CONFLICT:  # what was cut off is not noticed yet
                time.sleep(0.05)
                start = int(client.head(place).headers["Upload-Offset"])
                file.seek(start)
                continue
            if status not in (httpx.codes.NO_CONTENT, httpx.codes.CREATED):
                raise RuntimeError(f"a piece was answered with {status}")
            start += size


def _piece(
    client: httpx.Client, place: str, read: Callable[[int], bytes], size: int, headers: Mapping[str, str]
) -> int:
    """Send a piece over a bare line: what the measuring client costs is not what is measured."""
    address = client.base_url
    line = http.client.HTTPConnection(address.host, address.port, timeout=600)
    line.putrequest("PATCH", f"{address.path}{place}")
    for name, value in {"Authorization": client.headers["Authorization"], **headers}.items():
        line.putheader(name, value)
    line.endheaders()
    with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was whole; the answer says why
        while size > 0 and (piece := read(min(MIB, size))):
            line.send(piece)
            size -= len(piece)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def _half_a_piece(station: Station, place: str, path: Path, offset: int) -> None:
    """A piece whose line breaks in the middle."""

    def broken() -> Iterator[bytes]:
        with path.open("rb") as file:
            file.seek(offset)
            yield file.read(MIB)
        raise ConnectionError("the line broke")

    headers = {
        "Content-Type": "application/partial-upload",
        "Upload-Offset": str(offset),
        "Upload-Complete": "?0",
        "Content-Length": str(4 * MIB),
    }
    with station.client() as client, suppress(ConnectionError, httpx.HTTPError):
        client.patch(place, content=broken(), headers=headers)


if __name__ == "__main__":
    found = measure()
    print(as_markdown(found))
    sys.exit(0 if all(row.kept for row in found) else 1)
