"""Reading what changed in Jira: page by page, with an overlap, since searches are behind what was written."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from connectors.base import TryLater
from connectors.jira_service_management import jql
from connectors.jira_service_management.client import Found, Issue
from connectors.jira_service_management.tickets import milliseconds, moment

LATE: Final = 300_000
"""Milliseconds that a search may be behind: "seconds to minutes" on Cloud; Data Center indexes in seconds."""
PAGE_BYTES: Final = 1_500_000
LIMIT: Final = 200
RECONCILED: Final = 50  # ids that a search takes at most

Read = Callable[[str, int, str, Sequence[str]], Found]
"""(condition on the time, limit, next, ids to reconcile) → page."""


class Place(NamedTuple):
    """Where reading stands, in milliseconds since 1970: the last change that was read, and the server's time then.

    `done` is False in the middle of a reading: other issues may have changed in the same millisecond.
    """

    at: int = 0
    read: int = 0
    done: bool = False

    def begin(self) -> int:
        """Return the time from which to read on: what changed long enough before the reading was visible to it."""
        return min(self.at, self.read - LATE) if self.read else self.at

    def condition(self) -> str:
        """Return the JQL condition for what comes after; dates in quotes would be cut to minutes."""
        settled = self.done and self.begin() == self.at
        return jql.changed(">" if settled else ">=", self.begin()) if self.begin() > 0 else ""

    def text(self) -> str:
        """Return it as the cursor that is stored."""
        return json.dumps(self._asdict())


def place(cursor: str | None) -> Place:
    """Return the place that a stored cursor names; the beginning for None or ""."""
    return Place(**json.loads(cursor)) if cursor else Place()


class Pages:
    """Reads one kind of issue. The page size is learned from the answers, so that a page has about 1.5 MB."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._limit = LIMIT
        self._written: deque[str] = deque(maxlen=RECONCILED)

    def wrote(self, id: str) -> None:
        """Remember an issue that we wrote to: searches are asked not to be behind with it."""
        if id in self._written:
            self._written.remove(id)
        self._written.append(id)

    def since(self, start: Place) -> Iterator[tuple[list[Issue], Place]]:
        """Yield the issues after a place, oldest change first, each page with the place after it.

        Where a page is not in that order, the place stays where it is until everything is read. A page without
        issues ends a reading that moved the place on all the same: the next one begins later.
        """
        reached, read, ordered = start.begin(), 0 if start.done else start.read, True
        before: dict[str, int] = {}
        for found in self._pages(start):
            read = read or milliseconds(found.asked_at)
            times = {str(issue["id"]): changed(issue) for issue in found.issues}
            fresh = [one for one in found.issues if before.get(str(one["id"])) != times[str(one["id"])]]
            ordered = ordered and _in_order([reached, *times.values()])
            reached, before = max([reached, *times.values()]), times
            if not found.next:
                after = Place(max(start.at, reached), read, True)
            else:
                after = Place(_second(reached), read) if ordered else start
            if fresh or (not found.next and after.begin() != start.begin()):
                yield fresh, after

    def _pages(self, start: Place) -> Iterator[Found]:
        """Yield answers up to the last. Each page begins where the last one ended, by time and not by number.

        Numbers shift when issues change, and what the platform's tokens do then is not promised. Only among issues
        of one time, or out of order, the platform's own next page is asked for. If one of these issues has changed
        meanwhile, another may have taken its number and was not read: all from that time on is read again.
        """
        ids, condition, reached, after, used = tuple(self._written), start.condition(), start.begin(), "", {""}
        numbered, begun = dict[str, int](), (condition, reached)
        while True:
            limit = self._limit
            found = self._read(condition, limit, after, ids)
            self._limit = _fitting(limit, len(found.issues), found.size)
            times = {str(issue["id"]): changed(issue) for issue in found.issues}
            if any(numbered.get(id, at) != at for id, at in times.items()):
                (condition, reached), after, used, numbered = begun, "", {""}, {}
                continue
            yield found
            if not found.next:
                return
            ordered, last = _in_order([*times.values()]), max(times.values(), default=0)
            if ordered and _second(last) > _second(reached):
                reached = _second(last)
                condition, after, used = jql.changed(">=", reached), "", {""}
            elif found.next in used:
                raise TryLater("Jira named the same next page twice")
            else:
                begun = begun if numbered else (condition, reached)
                numbered |= times if ordered else {}
                after = found.next
                used.add(after)


def changed(issue: Issue) -> int:
    """Return when an issue last changed, in milliseconds."""
    return milliseconds(moment((issue.get("fields") or {}).get("updated")))


def _in_order(times: Sequence[int]) -> bool:
    """Tell whether times grow; by the second, since Data Center's index may know no smaller unit."""
    return all(_second(one) <= _second(other) for one, other in pairwise(times))


def _second(milliseconds: int) -> int:
    return milliseconds // 1000 * 1000


def _fitting(limit: int, issues: int, size: int) -> int:
    """Return how many issues make a page of about 1.5 MB, judged by one of `size` bytes; at most twice as many."""
    if not issues:
        return limit
    return max(1, min(PAGE_BYTES * issues // max(size, 1), 2 * limit, LIMIT))
