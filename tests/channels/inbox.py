"""A web server that takes letters, and answers as it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

CUT = 0
"""The status of an answer that never comes: the connection is cut once the letter is read."""


class Answer(NamedTuple):
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    wait: float = 0


class Posted(NamedTuple):
    path: str
    headers: Mapping[str, str]
    body: bytes


class Inbox:
    """`posted` are the letters that came, `asked` the methods of all requests."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.server = server
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.answer = Answer()
        self.posted: list[Posted] = []
        self.asked: list[str] = []

    def answered(self) -> Answer:
        """Return the answer to the request that has just come."""
        return self.answer

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    box: Inbox

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.box.posted.append(Posted(self.path, dict(self.headers), body))
        self.say()

    def say(self) -> None:
        box = self.server.box
        box.asked.append(self.command)
        answer = box.answered()
        time.sleep(answer.wait)
        self.close_connection = answer.status == CUT
        if answer.status == CUT:
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_HEAD = do_GET = say  # noqa: N815

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def inbox() -> Iterator[Inbox]:
    server = Server(("127.0.0.1", 0), Handler)
    server.box = Inbox(server)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield server.box
    finally:
        server.box.stop()
        thread.join()
