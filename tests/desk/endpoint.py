"""A paging tool or a chat at the other end of a door: it keeps what it is told, and answers as it is bidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Endpoint:
    """`heard` are the bodies that were taken, with the key under which a repeat is known; `answers` come first."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[int] = []
        self.url = ""

    def told(self) -> list[dict[str, Any]]:
        """Return what was said, each word once, however often it came."""
        return [*dict(self.heard).values()]


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Serve one on loopback."""
    found = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = found.answers.pop(0) if found.answers else 200
            if status < 300 or status >= 500:  # what breaks may have been done
                found.heard.append((self.headers.get("Idempotency-Key", str(len(found.heard))), body))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok" if status < 300 else b"no")

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
