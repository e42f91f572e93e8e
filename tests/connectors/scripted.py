"""A web server that answers by a script, for what no platform does on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Reply(NamedTuple):
    """One answer; status 0 cuts the connection, `cut` sends only so many bytes of the body."""

    status: int = 200
    body: bytes = b'{"result": []}'
    headers: Mapping[str, str] = {"Content-Type": "application/json"}
    cut: int | None = None


def said(status: int, message: str, **headers: str) -> Reply:
    """Return an error as ServiceNow words it."""
    body = json.dumps({"error": {"message": message, "detail": None}, "status": "failure"}).encode()
    return Reply(status, body, {"Content-Type": "application/json"} | headers)


class Scripted:
    """`replies` are used up one by one, the last one stays; `heard` are method, path and headers of each request."""

    def __init__(self) -> None:
        self.url = ""
        self.replies: list[Reply] = [Reply()]
        self.heard: list[tuple[str, str, dict[str, str]]] = []

    def next(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def scripted() -> Iterator[Scripted]:
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            script.heard.append((self.command, self.path, dict(self.headers)))
            reply = script.next()
            if reply.status:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body[: reply.cut])
            self.close_connection = not reply.status or reply.cut is not None

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up in the middle is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
