"""Somebody between station and court: passes everything on, and alters what the test says."""

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Alter = Callable[[str, bytes], bytes]


@contextmanager
def between(port: int, alter: Alter) -> Iterator[str]:
    """Give the address of a proxy to the court at `port`, whose answers `alter` may change by their path."""

    class Middle(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            court = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            court.request(self.command, self.path, body, headers)
            answer = court.getresponse()
            content = alter(self.path, answer.read())
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "connection", "transfer-encoding", "content-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
            court.close()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "PATCH", "HEAD"):
        setattr(Middle, f"do_{method}", Middle.pass_on)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Middle)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
