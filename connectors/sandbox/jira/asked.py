"""One call, with what every resource needs to answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.sandbox.http import Answer, Call, answer

from .failure import NO_ISSUE, Failure
from .model import Field, Issue, Project
from .show import View

if TYPE_CHECKING:
    from .site import Site

NAVIGABLE, ALL = "*navigable", "*all"


@dataclass
class Asked:
    """A call by somebody signed in, on a path below the REST API."""

    site: Site
    call: Call
    view: View

    def text(self, name: str, default: str = "") -> str:
        return self.call.query.get(name, default)

    def number(self, name: str, default: int) -> int:
        return counted(self.call.query, name, default)

    def names(self, name: str) -> list[str]:
        return listed(self.text(name))

    def body(self) -> dict[str, Any]:
        content = self.call.json()
        if not isinstance(content, dict):
            raise Failure(400, "Invalid request payload. Refer to the REST API documentation and try again.")
        return content

    def issue(self, id_or_key: str) -> Issue:
        issue = self.site.visible(id_or_key)
        if issue is None:
            raise Failure(404, NO_ISSUE)
        return issue

    def project(self, id_or_key: str) -> Project:
        project = self.site.project(id_or_key)
        if project is None:
            raise Failure(404, f"No project could be found with key '{id_or_key}'.")
        return project

    def fields(self, wanted: Iterable[str]) -> list[Field]:
        """Return the fields that a list such as `*all,-comment` asks for; names that mean nothing are ignored."""
        chosen: dict[str, Field] = {}
        for name in wanted:
            if name in (ALL, NAVIGABLE):
                chosen |= {id: field for id, field in self.site.fields.items() if name == ALL or id != "comment"}
            elif name.startswith("-"):
                chosen.pop(name[1:], None)
            elif name in self.site.fields:
                chosen[name] = self.site.fields[name]
        if self.site.are_comments_hidden:
            chosen.pop("comment", None)
        return list(chosen.values())

    def interrupt(self) -> None:
        """Let happen what a test wants to happen between choosing and reading."""
        if self.call.interrupt:
            self.call.interrupt()

    def page(self, values: Sequence[Any], key: str = "values", default: int = 50) -> Answer:
        """Answer one page of a list that is paged by startAt and maxResults."""
        start, size = self.number("startAt", 0), self.number("maxResults", default)
        shown = values[start : start + size]
        ends = {"isLast": start + size >= len(values)} if key == "values" else {}
        return answer(200, {"startAt": start, "maxResults": size, "total": len(values), key: shown} | ends)


def listed(given: object) -> list[str]:
    """Return a list of names that a client gave as a list or as text with commas."""
    parts = given if isinstance(given, list) else str(given or "").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def counted(given: Mapping[str, Any], name: str, default: int) -> int:
    """Return a number from a body or a query; clients give it as a number or as text, or leave it out."""
    value = given.get(name)
    try:
        return default if value in (None, "") else max(0, int(value))
    except (TypeError, ValueError) as error:
        raise Failure(400, f"{name} must be a number") from error


Resource = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """A resource: a method and a pattern of the path below the API, and where it exists."""

    method: str
    pattern: re.Pattern[str]
    do: Resource
    cloud: bool = True
    server: bool = True

    def exists(self, cloud: bool) -> bool:
        return self.cloud if cloud else self.server


def on(method: str, pattern: str, do: Resource, only: str = "") -> Route:
    """Return a route; `*` in its pattern is one part of the path, `only` is Cloud or Server."""
    expression = re.compile(pattern.replace("*", "([^/]+)"))
    return Route(method, expression, do, cloud=only != "Server", server=only != "Cloud")
