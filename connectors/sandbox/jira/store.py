"""The issues of a site, in the order of their change, and what search sees of them some seconds later."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from datetime import datetime

from .model import Comment, Issue

Place = tuple[datetime, str, int]
"""When an issue last changed, its project and its number."""


class Store:
    """Issues by id and key. `version` counts up whenever anything changes that a search could find."""

    def __init__(self) -> None:
        self.issues: dict[str, Issue] = {}
        self.comments: dict[str, Comment] = {}
        self.order: list[Place] = []
        """All places, oldest change first."""
        self.version = 0
        self._by_key: dict[str, Issue] = {}
        self._latest: list[tuple[datetime, str]] = []
        """What became of which issue when, in that order."""

    def find(self, id_or_key: str) -> Issue | None:
        return self.issues.get(id_or_key) or self._by_key.get(id_or_key.upper())

    def by_number(self, project: str, number: int) -> Issue:
        return self._by_key[f"{project}-{number}"]

    def add(self, issue: Issue) -> None:
        self.issues[issue.id] = issue
        self._by_key[issue.key] = issue
        self._entered(issue)

    def moved(self, issue: Issue, before: Place) -> None:
        """Note that an issue has a new state."""
        del self.order[bisect_left(self.order, before)]
        self._entered(issue)

    def renamed(self, issue: Issue, project: str) -> None:
        """Move an issue to another project, where it gets the next number; its old key still leads to it."""
        before = issue.place
        issue.number = 1 + max((other.number for other in self.issues.values() if other.project == project), default=0)
        issue.project, issue.key = project, f"{project}-{issue.number}"
        self._by_key[issue.key] = issue
        self.moved(issue, before)

    def remove(self, issue: Issue) -> None:
        del self.order[bisect_left(self.order, issue.place)]
        del self.issues[issue.id]
        self._by_key = {key: other for key, other in self._by_key.items() if other is not issue}
        self.version += 1

    def _entered(self, issue: Issue) -> None:
        insort(self.order, issue.place)
        self._latest.append((issue.stands[-1].since, issue.id))
        self.version += 1

    def changed_since(self, moment: datetime) -> Iterator[Issue]:
        """Yield the issues that search does not know as they are yet, when it knows only what was before a moment."""
        ids = dict[str, None]()
        for since, id in reversed(self._latest):
            if since <= moment:
                break
            ids[id] = None
        yield from (self.issues[id] for id in ids if id in self.issues)
