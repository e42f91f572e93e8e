"""Platforms that answer without a network, each answer on its way through a hand that may spoil it."""

from __future__ import annotations

import io
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from connectors.base import Connector
from connectors.sandbox.http import Answer, Call, split
from connectors.sandbox.platform import Platform

URL = "http://127.0.0.1"
MOST = 400
"""Requests that no operation on a handful of tickets comes near, unless it goes round in circles."""

Spoil = Callable[[Call, Answer], Answer]


class InProcess(BaseAdapter):
    """Hands requests to a simulated platform; `spoil` gets each answer and returns what arrives."""

    def __init__(self, platform: Platform, spoil: Spoil = lambda _call, answer: answer) -> None:
        super().__init__()
        self.platform, self.spoil, self.asked = platform, spoil, 0

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:  # type: ignore[override]
        self.asked += 1
        assert self.asked < MOST, "it goes round in circles"
        call = as_call(request)
        answer = self.platform.handle(call)
        answer.headers.setdefault("Date", format_datetime(self.platform.now(), usegmt=True))
        return as_response(request, self.spoil(call, answer))

    def close(self) -> None:
        """There is nothing to close."""


def as_call(request: PreparedRequest) -> Call:
    path, query = split(str(request.url))
    body = request.body or b""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(str(request.method), path, query, headers, body.encode() if isinstance(body, str) else body, URL)


def as_response(request: PreparedRequest, answer: Answer) -> Response:
    response = Response()
    response.status_code, response.request, response.url = answer.status, request, str(request.url)
    response.headers = CaseInsensitiveDict(answer.headers)
    response.raw = io.BytesIO(answer.body)
    return response


def through(connector: Connector, adapter: InProcess) -> None:
    """Send what a connector asks through an adapter instead of the network."""
    for session in ("session", "_anonymous"):
        if hasattr(connector, session):
            getattr(connector, session).mount("http://", adapter)
