"""What of a log the service can know, and when it looks: once a minute, unless it or the platform is out of order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from tests.month.log import OURS, POLL, Entry, TicketLog
from tests.month.told import FIRST_SEEN, NOBODY_KNOWN

WORDS = ("comment", "note")
ORDER = ("comment", "note", "team", "status", "waiting_for", "assignee")


class Polls:
    """When the service looks at a platform."""

    def __init__(self, down: Sequence[tuple[int, int]]) -> None:
        self.down = list(down)
        self.starts = [start for start, _ in down]

    def next(self, at: int) -> int:
        """Return the first look at or after a moment."""
        at = -(-at // POLL) * POLL
        place = bisect_right(self.starts, at) - 1
        if place >= 0 and at < self.down[place][1]:
            return self.next(self.down[place][1])
        return at


def as_seen(ticket: TicketLog, polls: Polls) -> list[Entry]:
    """Return the entries of a ticket as the service may know them.

    ServiceNow's history tells everything. Where none is readable, changes between two looks are known by what stands
    after them, as of the last of them, and by whom only if it was the only one.
    """
    entries = sorted(ticket.entries, key=lambda one: one.at)
    return entries if ticket.platform == "snow" else list(_observed(ticket, entries, polls))


def _observed(ticket: TicketLog, entries: Sequence[Entry], polls: Polls) -> Iterator[Entry]:
    standing = dict(ticket.facts)
    first = polls.next(ticket.created)
    for seen, ours_or_not in groupby(entries, key=lambda one: polls.next(one.at)):
        group = list(ours_or_not)
        others = [one for one in group if one.by not in (OURS, "")]
        yield from (one for one in _seen_together(standing, others, seen == first))
        yield from (one for one in group if one.by in (OURS, ""))
        standing.update({one.what: one.value for one in group if one.by == OURS})


def _seen_together(standing: dict, group: Sequence[Entry], is_first: bool) -> Iterator[Entry]:
    """Yield what is known of changes that are seen at once."""
    updates = {(one.at, one.by) for one in group}
    if len(updates) == 1 and not is_first:
        standing.update({one.what: one.value for one in group if one.what not in WORDS})
        yield from group
        return
    yield from (one for one in group if one.what in WORDS)
    if group:
        by, last = FIRST_SEEN if is_first else NOBODY_KNOWN, max(one.at for one in group)
        after = standing | {one.what: one.value for one in group if one.what not in WORDS}
        known = ("team", "status", "waiting_for", "assignee") if is_first else ()
        for fact in sorted(after, key=lambda one: ORDER.index(one) if one in ORDER else len(ORDER)):
            as_new = fact in known and after[fact] not in (None, "new")
            if after[fact] != standing.get(fact) or as_new:
                yield Entry(last, by, fact, after[fact])
        standing.update(after)
