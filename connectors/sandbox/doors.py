"""The other end of doors, on this machine only: a mail server, and an address of the web at which a tool listens.

They keep what they are handed and answer as real ones do. The mail server knows what a mail needs and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, Final

HOST: Final = "127.0.0.1"
LONGEST: Final = 1024 * 1024
"""Bytes of one letter."""


class Door(ThreadingTCPServer):
    """One door. `taken` is all that was handed over, oldest first: mails, or what came as JSON."""

    daemon_threads = True

    def __init__(self, handler: type[StreamRequestHandler]) -> None:
        super().__init__((HOST, 0), handler)
        self.taken: list[Any] = []

    @property
    def port(self) -> int:
        """The port that the system chose."""
        return int(self.server_address[1])


class _Mail(StreamRequestHandler):
    """One client of the mail server."""

    def handle(self) -> None:
        self._say("220 sandbox")
        while line := self.rfile.readline(LONGEST):
            command = line.split(b" ")[0].strip().upper()
            if command == b"DATA":
                self._say("354 go on")
                self.server.taken.append(self._mail())  # type: ignore[attr-defined]
            self._say("221 bye" if command == b"QUIT" else "250 OK" if command in KNOWN else "502 not here")
            if command == b"QUIT":
                return

    def _mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline(LONGEST)) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=default)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


KNOWN: Final = (b"EHLO", b"MAIL", b"RCPT", b"DATA", b"RSET", b"NOOP")


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


def mail_server() -> contextlib.AbstractContextManager[Door]:
    """Serve a mail server from other threads."""
    return _served(Door(_Mail))


def hook() -> contextlib.AbstractContextManager[Door]:
    """Serve an address of the web from other threads."""
    return _served(Door(_Hook))


@contextlib.contextmanager
def _served(server: Door) -> Iterator[Door]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="door", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
