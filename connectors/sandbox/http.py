"""Calls and answers, free of any web server: a batch makes the same calls from inside."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit


@dataclass(frozen=True)
class Call:
    """One request. Header names are lower case; `base` is scheme and host as the client wrote them.

    `interrupt` runs between choosing the rows of a page and reading them.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base: str
    inner: bool = False
    interrupt: Callable[[], object] | None = None

    def json(self) -> Any:
        """Return the body, None where there is none. Raises `ValueError` for a broken one."""
        return json.loads(self.body) if self.body else None

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def url(self, **changes: str) -> str:
        """Return this call's own address with some parameters changed."""
        return f"{self.base}{self.path}?{urlencode({**self.query, **changes})}"


@dataclass
class Answer:
    """One answer. `broken` cuts the connection instead of sending it; `wait` seconds pass before."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    wait: float = 0.0

    def json(self) -> Any:
        return json.loads(self.body)


def answer(status: int, content: object, **headers: str) -> Answer:
    """Return an answer in JSON."""
    body = json.dumps(content, ensure_ascii=False).encode()
    return Answer(status, body, {"Content-Type": "application/json;charset=UTF-8", **headers})


def page(status: int, title: str, text: str) -> Answer:
    """Return an answer in HTML, which no client of an API expects."""
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    return Answer(status, body.encode(), {"Content-Type": "text/html;charset=UTF-8"})


def split(url: str) -> tuple[str, dict[str, str]]:
    """Return the path and the parameters of an address."""
    parts = urlsplit(url)
    return parts.path, dict(parse_qsl(parts.query, keep_blank_values=True))
