"""From a desk to a simulated platform without a network: a hundred times the walks, and the same in each run."""

from __future__ import annotations

from email.utils import format_datetime
from io import BytesIO
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as CutError
from urllib3 import HTTPResponse

from connectors.sandbox.http import Call, split
from connectors.sandbox.platform import Platform

HOST = "https://desk.example"


class Wire(HTTPAdapter):
    """Hands each request to the platform, and cuts the connection where the platform does."""

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self.platform = platform

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        path, query = split(str(request.url))
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        answer = self.platform.handle(Call(str(request.method), path, query, headers, body, HOST))
        if answer.broken:
            raise CutError("the connection was cut")
        date = {"Date": format_datetime(self.platform.now(), usegmt=True)}
        raw = HTTPResponse(BytesIO(answer.body), answer.headers | date, answer.status, preload_content=False)
        return self.build_response(request, raw)
