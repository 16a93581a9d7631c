"""The server as the agent sees it: one method per call of its API, plain values in and out, every no as an exception."""

import base64
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from station.outcomes import KeyRefused, Refused, ServerAway, SettingsWrong
from station.settings import Settings

VERSION = "1.0"
BUSY = {408, 425, 429, 502, 503, 504}
MOST_ANSWER_BYTES = 8 * 1024 * 1024
TIMES = httpx.Timeout(60.0, connect=15.0, write=300.0)
# Servers hang up on a line that is idle for about two seconds; a line that is older than this is not used again.
LINES = httpx.Limits(max_connections=4, keepalive_expiry=1.0)
MANY = ("application/json", "application/problem+json")


class Server:
    """Docstore at one address, with one station's key."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.server.rstrip("/")
        try:
            self._http = httpx.Client(
                verify=_trust(settings),
                proxy=settings.proxy or None,
                timeout=TIMES,
                limits=LINES,
                headers={"User-Agent": f"docstore-station/{VERSION}", "Accept": ", ".join(MANY)},
                follow_redirects=False,
            )
        except (OSError, ValueError, ImportError) as error:
            raise SettingsWrong(f"The proxy, the CA file or the client certificate cannot be used: {error}.") from error
        self._key = {"Authorization": f"Bearer {settings.key}"}

    def close(self) -> None:
        self._http.close()

    def me(self) -> dict[str, Any]:
        """What the server says of this station: time, limits, types, validity of the key."""
        return self._json("GET", "/api/v1/stations/me")

    def heartbeat(self, told: dict[str, Any]) -> None:
        self._call("POST", "/api/v1/stations/me/heartbeat", json=told)

    def open_batch(self, manifest: dict[str, Any], *, key: str) -> dict[str, Any]:
        """Declare a batch; the same key and manifest answer the same batch again."""
        return self._json("POST", "/api/v1/batches", json=manifest, headers={"Idempotency-Key": key})

    def batch(self, batch: str) -> tuple[dict[str, Any], str]:
        """A batch and its ETag."""
        answer = self._call("GET", f"/api/v1/batches/{batch}")
        return _read(answer), answer.headers.get("ETag", "")

    def amend(self, batch: str, changes: dict[str, Any], *, seen: str) -> dict[str, Any]:
        """Change an open manifest."""
        return self._json("PATCH", f"/api/v1/batches/{batch}", json=changes, headers={"If-Match": seen})

    def put_content(self, batch: str, seq: int, source: BinaryIO, *, size: int, sha256: str, media_type: str) -> None:
        """Send a whole file. Safe to repeat."""
        headers = {"Content-Type": media_type, "Content-Length": str(size), "Repr-Digest": repr_digest(sha256)}
        self._call("PUT", f"/api/v1/batches/{batch}/items/{seq}/content", content=source, headers=headers)

    def start_upload(self, batch: str, seq: int, *, size: int, sha256: str, media_type: str) -> str:
        """Begin a resumable upload and return its address."""
        headers = {
            "Upload-Complete": "?0",
            "Upload-Length": str(size),
            "Repr-Digest": repr_digest(sha256),
            "Content-Type": media_type,
        }
        answer = self._call("POST", f"/api/v1/batches/{batch}/items/{seq}/uploads", headers=headers)
        return self._own_path(answer.headers.get("Location", ""))

    def offset(self, upload: str) -> int:
        """How many bytes of an upload the server holds."""
        return _offset(self._call("HEAD", upload))

    def send_part(self, upload: str, part: bytes, *, offset: int, last: bool) -> int:
        """Send the next bytes and return the new offset."""
        headers = {
            "Content-Type": "application/partial-upload",
            "Upload-Offset": str(offset),
            "Upload-Complete": "?1" if last else "?0",
        }
        answer = self._call("PATCH", upload, content=part, headers=headers)
        return _offset(answer) if "Upload-Offset" in answer.headers else offset + len(part)

    def close_batch(self, batch: str) -> None:
        """Say that everything was sent."""
        self._call("POST", f"/api/v1/batches/{batch}/close")

    def receipt(self, batch: str) -> bytes:
        """The receipt, byte for byte."""
        return self._call("GET", f"/api/v1/batches/{batch}/receipt").content

    def keys(self) -> bytes:
        """The court's public keys, asked for without this station's own key."""
        return self._call("GET", "/.well-known/jwks.json", own_key=False).content

    def state_what_was_sent(self, statement: dict[str, Any]) -> None:
        """Post the daily statement."""
        self._call("POST", "/api/v1/statements", json=statement)

    def _json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        return _read(self._call(method, path, **more))

    def _call(self, method: str, path: str, *, own_key: bool = True, **more: Any) -> httpx.Response:
        headers = {**(self._key if own_key else {}), **more.pop("headers", {})}
        request = self._http.build_request(method, self._base + path, headers=headers, **more)
        try:
            answer = self._http.send(request, stream=True)
            try:
                _take_body(answer)
            finally:
                answer.close()
        except httpx.HTTPError as error:
            raise ServerAway(f"The server cannot be reached: {_why(error)}. It is tried again.") from error
        if answer.is_success:
            return answer
        raise self._no(answer)

    def _no(self, answer: httpx.Response) -> Exception:
        problem = _problem(answer)
        said = str(problem.get("detail") or f"HTTP {answer.status_code}")
        if answer.status_code == 401:
            return KeyRefused(
                f"The server does not accept this station's key: {said} Ask who manages stations for a new one."
            )
        if answer.status_code in BUSY or answer.status_code >= 500 or problem.get("retryable") is True:
            return ServerAway(f"The server cannot take this just now: {said}", retry_after=_seconds(answer))
        if answer.is_redirect or (not problem and answer.status_code not in (404, 409, 410)):
            return ServerAway(
                f"Something that is not Docstore answered with {answer.status_code}. Look at the address and the proxy."
            )
        return Refused(answer.status_code, problem, dict(answer.headers))

    def _own_path(self, location: str) -> str:
        """Only the path of an address, so that the key never travels to another host."""
        url = httpx.URL(location)
        if not url.path.startswith("/api/"):
            raise ServerAway("The server named an address that is none of its own.")
        return url.raw_path.decode("ascii")


def repr_digest(sha256: str) -> str:
    """A digest as RFC 9530 writes it."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


def parts_of(path: Path, *, start: int, size: int, part_bytes: int) -> Iterator[tuple[int, bytes, bool]]:
    """Yield (offset, bytes, whether they are the last) from a place in a file on."""
    with path.open("rb") as source:
        source.seek(start)
        at = start
        while at < size or (size == 0 and at == 0):
            part = source.read(min(part_bytes, size - at))
            if not part and size:
                return
            yield at, part, at + len(part) >= size
            if not size:
                return
            at += len(part)


def _trust(settings: Settings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.client_certificate:
        context.load_cert_chain(settings.client_certificate, settings.client_certificate_key or None)
    return context


def _take_body(answer: httpx.Response) -> None:
    """Read an answer, but never more than an answer of Docstore can be."""
    kept = bytearray()
    for piece in answer.iter_bytes():
        kept += piece
        if len(kept) > MOST_ANSWER_BYTES:
            raise ServerAway("The answer is far larger than any answer of Docstore.")
    answer._content = bytes(kept)


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = json.loads(answer.content)
    except ValueError as error:
        raise ServerAway("The server's answer cannot be understood. Look at the address and the proxy.") from error
    if not isinstance(told, dict):
        raise ServerAway("The server's answer cannot be understood. Look at the address and the proxy.")
    return told


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = json.loads(answer.content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(answer: httpx.Response) -> float | None:
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else None


def _offset(answer: httpx.Response) -> int:
    told = answer.headers.get("Upload-Offset", "")
    if not told.isdigit():
        raise ServerAway("The server did not say how much of the file it has.")
    return int(told)


def _why(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__
