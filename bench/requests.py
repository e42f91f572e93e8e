"""Requests to the platform: of a first cycle per new ticket, and of an idle cycle, however many tickets are open."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple
from unittest.mock import patch

from bench.desks import NOW, PASSWORD, SINCE, fill, lay_out, world
from bench.machine import judged, table
from commands import workspace
from connectors.sandbox import MovableClock, serve
from connectors.sandbox.servicenow import World
from sync import Desk

RECORD: Final = re.compile("/[0-9a-f]{32}$")
INCIDENTS: Final = "GET /api/now/v2/table/incident"
HISTORY: Final = "GET /api/now/v2/table/sys_audit"
WRITE: Final = "PATCH /api/now/v2/table/incident/…"


class Running(NamedTuple):
    """A desk, and the simulated ServiceNow that it looks after."""

    desk: Desk
    world: World
    clock: MovableClock

    def asked(self) -> Counter[str]:
        """Return the requests of a cycle a minute later, by method and path."""
        self.clock.advance(seconds=60)
        before = len(self.world.requests)
        report = self.desk.cycle()
        if report.problems:
            raise RuntimeError(str(report.problems))
        return Counter(f"{one.method} {RECORD.sub('/…', one.path)}" for one in self.world.requests[before:])


def main(changed: int = 200, idle: Sequence[int] = (10, 100_000)) -> bool:
    """Print the tables and return whether the limits were kept."""
    good = _first_cycle(changed)
    print("\nRequests of an idle cycle, after all open tickets were read once")
    found = {count: _idle_cycle(count) for count in idle}
    table(("open tickets", "requests", "which"), [_row(f"{n:,}", counts) for n, counts in found.items()], (0, 2))
    return all([good, *(judged(f"{n:,} open", c.total(), 1, "requests", at_most=True) for n, c in found.items())])


def _row(name: str, counts: Counter[str]) -> tuple[str, str, str]:
    return name, str(counts.total()), ", ".join(counts)


def _first_cycle(changed: int) -> bool:
    """Measure the first cycle: tickets that are new get a priority, a team and a message in one request each.

    Then one in which nothing changed, and one after people changed the urgency of every ticket, whose authors matter.
    """
    print(f"\nRequests with {changed:,} tickets: new ones, nothing changed, all changed by people")
    with running(changed, new=True) as at_work:
        first, second = at_work.asked(), at_work.asked()
        written = [one.path for one in at_work.world.requests if one.method == "PATCH"]
        for record in at_work.world.select("incident", ""):
            at_work.world.update("incident", record["sys_id"], {"urgency": "1"}, by="user.1")
        third = at_work.asked()
        pages = max(third[INCIDENTS], 1)
    for name, counts in (("new tickets", first), ("nothing changed", second), ("changed by people", third)):
        table((name, "requests", "per ticket"), [(p, str(n), f"{n / changed:.3f}") for p, n in counts.most_common()])
    once = len(set(written)) == len(written) == changed
    kept = [
        judged("writes per new ticket", first[WRITE] / changed, 1, "requests", at_most=True),
        judged("writes of the second cycle", second[WRITE], 0, "requests", at_most=True),
        judged("writes per changed ticket", third[WRITE] / changed, 1, "requests", at_most=True),
        judged("readings of history per page", third[HISTORY] / pages, 1, "requests", at_most=True),
    ]
    print(f"  {'ok    ' if once else 'MISSED'} every new ticket was written exactly once")
    return all([*kept, once])


def _idle_cycle(count: int) -> Counter[str]:
    """Return the requests of a cycle in which nothing changed. All tickets are older than `since`: none is written."""
    with running(count, new=False) as at_work:
        for _ in range(2):
            at_work.asked()
        return at_work.asked()


@contextmanager
def running(count: int, new: bool, more: str = "") -> Iterator[Running]:
    """Set up a desk and that many open tickets, new to it or older than what it looks after; `more` of its rules."""
    clock = MovableClock(NOW)
    made = world(clock)
    fill(made, count, (NOW if new else SINCE) - timedelta(minutes=5))
    with tempfile.TemporaryDirectory() as folder, serve(made) as url, patch.dict(os.environ, PASSWORD):
        lay_out(Path(folder), url, more)
        with workspace.opened(Desk, Path(folder), clock) as desk:
            yield Running(desk, made, clock)
