"""A proxy before a real S3 server that does to some requests what networks and servers do: fail, cut, lie, flip a bit."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

HOP = {"connection", "transfer-encoding", "keep-alive"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the client."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Between:
    """What happens between client and server. Each hook sees method and path; None lets things take their course.

    `before` may answer in the server's place, `after` may answer something else than the server did, `cut` says after
    how many bytes of a body the line breaks.
    """

    target: str
    before: Callable[[str, str], Reply | None] = lambda method, path: None
    after: Callable[[str, str, Reply], Reply] = lambda method, path, reply: reply
    cut: Callable[[str, str], int | None] = lambda method, path: None
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""


def slow_down(status: int = 503, code: str = "SlowDown") -> Reply:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>Try later</Message></Error>".encode()
    return Reply(status, {"Content-Type": "application/xml"}, body)


@contextmanager
def between(made: Between) -> Iterator[Between]:
    """Run the proxy; `made.url` is where the client is to go."""
    handler = type("Handler", (_Handler,), {"made": made})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    made: ClassVar[Between]

    def _carry(self) -> None:
        made, method, path = self.made, self.command, self.path
        made.asked.append((method, path))
        most = made.cut(method, path)
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        body = self.rfile.read(length if most is None else min(most, length))
        if most is not None:
            self.close_connection = True
            self.connection.close()
            return
        reply = made.before(method, path) or made.after(method, path, self._ask(body))
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            if name.lower() not in HOP and name.lower() != "content-length":
                self.send_header(name, value)
        told = reply.headers.get("Content-Length", str(len(reply.body)))
        self.send_header("Content-Length", told if method == "HEAD" else str(len(reply.body)))
        self.end_headers()
        if method != "HEAD":
            self.wfile.write(reply.body)

    def _ask(self, body: bytes) -> Reply:
        """The real server, asked with the very headers that were signed."""
        place = urlsplit(self.made.target)
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in (*HOP, "expect"):
                line.putheader(name, value)
        line.endheaders(body or None)
        answer = line.getresponse()
        try:
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            line.close()

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _carry  # noqa: N815 - the names that the library looks for

    def log_message(self, format: str, *rest: object) -> None:
        """Say nothing."""
