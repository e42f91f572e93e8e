"""The sandbox over HTTP, on this machine only."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import format_datetime

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from .http import Call
from .platform import Platform

HOST = "127.0.0.1"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
BODILESS = (204, 205, 304)  # statuses whose answers have no body


class Breakable(H11Protocol):
    """A connection that the application may cut, which no web framework allows by itself."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "cut": transport.abort}


def app(platform: Platform) -> Starlette:
    """Return the web application that answers for a platform."""

    async def respond(request: Request) -> Response:
        try:
            call = await _call(request)
        except ClientDisconnect:  # whoever called was gone before all of the call was here
            return Response()
        found = await run_in_threadpool(platform.handle, call)
        if found.wait:
            await _wait(request, found.wait)
        if found.broken:
            request.state.cut()
            await asyncio.sleep(0)
        date = {"Date": format_datetime(platform.now(), usegmt=True)}
        body = b"" if found.status in BODILESS else found.body
        return Response(body, found.status, found.headers | date)

    return Starlette(routes=[Route("/{path:path}", respond, methods=METHODS)])


async def _wait(request: Request, seconds: float) -> None:
    """Let time pass, but no longer than the client waits: the next that it sends here is that it has gone."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(request.receive(), seconds)


async def _call(request: Request) -> Call:
    base = f"{request.url.scheme}://{request.headers.get('host', HOST)}"
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(request.method, request.url.path, dict(request.query_params), headers, await request.body(), base)


class _Server(uvicorn.Server):
    """Notices at once that it is to stop: tests start and stop hundreds."""

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            await asyncio.sleep(0.01)


def _server(platform: Platform) -> uvicorn.Server:
    config = uvicorn.Config(app(platform), http=Breakable, loop="asyncio", lifespan="off", log_level="warning",
                            access_log=False, date_header=False, server_header=False)  # fmt: skip
    return _Server(config)


def _listener(port: int) -> socket.socket:
    # Named TCP, or asyncio leaves out TCP_NODELAY and every answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


@contextlib.contextmanager
def serve(platform: Platform, port: int = 0) -> Iterator[str]:
    """Serve a simulated platform from another thread and give its address; port 0 takes any that is free."""
    server, listener = _server(platform), _listener(port)
    thread = threading.Thread(target=server.run, args=([listener],), name="sandbox", daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.002)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
