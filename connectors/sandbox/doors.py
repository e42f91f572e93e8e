"""The other end of doors, on this machine only: a mail server, and an address of the web at which a tool listens.

They keep what they are handed and answer as real ones do.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

HOST: Final = "127.0.0.1"


class Door(NamedTuple):
    """One door, at this port. `taken` is all that was handed over, oldest first: mails, or what came as JSON."""

    port: int
    taken: list[Any]


class _Mails(NamedTuple):
    """What the mail server does with a mail: it keeps it."""

    taken: list[Any]

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.original_content or b"", policy=default))
        return "250 OK"


class _Hook(BaseHTTPRequestHandler):
    """One letter to a tool. It is taken as Slack takes one, which suits everybody else."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append(body)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing: the demo shows what was taken."""


@contextlib.contextmanager
def mail_server() -> Iterator[Door]:
    """Serve a mail server from another thread."""
    with socket.create_server((HOST, 0)) as free:
        door = Door(free.getsockname()[1], [])
    controller = Controller(_Mails(door.taken), hostname=HOST, port=door.port)
    controller.start()
    try:
        yield door
    finally:
        controller.stop()


@contextlib.contextmanager
def hook() -> Iterator[Door]:
    """Serve an address of the web from other threads."""
    with ThreadingHTTPServer((HOST, 0), _Hook) as server:
        server.taken = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="door", daemon=True)
        thread.start()
        try:
            yield Door(server.server_port, server.taken)  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()
