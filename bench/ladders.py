"""A cycle in which a hundred of a hundred thousand open tickets are due on their ladders: requests, and CPU.

The simulated platform runs in another thread, and the processor time of the one that runs the cycle is measured
(`thread_time`): reading, deciding and planning, without the writing that follows.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Final, NamedTuple
from unittest.mock import patch

from bench.desks import NOW, PASSWORD, fill, world
from bench.machine import calibration, cpu_time, judged, table
from bench.requests import HISTORY, INCIDENTS, RECORD, WRITE, Running
from commands import workspace
from connectors.reading import surroundings, with_history
from connectors.sandbox import MovableClock, serve
from rules.engine import decide
from rules.model import Memory
from sync import Desk

LIMIT: Final = 150
"""Milliseconds of processor time in which all that are due are read and decided, and their steps planned."""

DUE: Final = 100
"""Tickets that are due at once: as many as one request may ask for."""

RUNS: Final = 5
APART: Final = timedelta(minutes=10)
"""Between the moments of two lots of tickets that are due: the lot before is written and settled by then."""

HALF: Final = timedelta(hours=12)
"""After its creation each ticket is due for the second level."""

MINUTE: Final = timedelta(minutes=1)

WORKSPACE: Final = """\
desk: A desk with ladders
languages: [en, nb, vi]
connections:
  bench:
    platform: servicenow
    url: {url}
    auth: {{user: itsm.sync, password: "${{BENCH_PASSWORD}}"}}
    kinds: {{incident: incident}}
    since: 2026-11-01T00:00Z
brakes: {{}}
words: {{bench: {{fields: {{mark: u_itsm_sync}}}}}}
people: {{ida: {{email: user.0@bench.example}}, jonas: {{email: user.1@bench.example}}}}
teams:
  desk: {{groups: {{bench: Service Desk}}}}
  workplace:
    groups: {{bench: Workplace}}
    on_call: {{rotation: [ida, jonas], each: 1w, from: 2026-11-02T08:00}}
priorities:
  - {{name: P1, resolve: 4h}}
  - {{name: P2, resolve: 8h}}
  - {{name: P3, resolve: 12h}}
  - {{name: P4, resolve: 24h}}
  - {{name: P5, respond: 48h, resolve: 24h, updates: 48h}}
adjust: []
routes: [{{name: everything, assign: {{team: desk}}}}]
ladders:
  - name: hardware
    when: {{category: hardware}}
    steps:
      - {{level: L2, after: [{{used: 50%, of: resolve}}], assign: {{team: workplace, person: on_call}}, ask: [service]}}
      - {{level: L3, after: [{{used: 75%, of: resolve}}], assign: {{team: desk, person: ida}}}}
  - name: everything
    steps:
      - {{level: L2, after: [{{used: 50%, of: resolve}}, {{unacknowledged: 20h}}], assign: {{team: workplace}}}}
      - {{level: L3, after: [{{used: 75%, of: resolve}}], assign: {{team: desk}}}}
      - {{level: management, after: [{{used: 100%, of: resolve}}], watch: [jonas]}}
communications:
  - {{name: raised, on: escalated, when: {{level: [L2, L3]}}, to: [requester, team], message: escalated}}
"""


class Run(NamedTuple):
    """One lot: milliseconds of a cycle with nothing due, and of one in which the lot is; the latter's requests."""

    idle: float
    due: float
    asked: Counter[str]
    written: Counter[str]


def main(count: int = 100_000, runs: int = RUNS, limits: bool = True) -> bool:
    """Print the table and return whether the limits were kept; `count` open tickets."""
    print(f"\nLadders: {count:,} open tickets, of which {DUE} are due for a level; median of {runs} runs")
    with _running(count, runs) as at_work:
        first = at_work.desk.cycle()
        if first.problems or first.counts["read"] != count or first.counts["planned"]:
            raise AssertionError(f"the first cycle was to read and to plan nothing: {first}")
        found = [_run(at_work, NOW + (number + 1) * APART) for number in range(runs)]
        alone = _alone(at_work, NOW + (runs + 1) * APART)
    due, idle = median(run.due for run in found), median(run.idle for run in found)
    rows = [("a cycle, read and planned", due), ("of which deciding alone", alone), ("a cycle with nothing due", idle)]
    table(("", "ms of CPU", "of deciding"), [(name, f"{took:.1f}", f"{took / alone:.1f}") for name, took in rows])
    asked = found[-1].asked
    table(("requests of the cycle", ""), [(path, str(many)) for path, many in asked.most_common()])
    print(f"  calibration: a named tuple of eight fields takes {calibration():.2f} µs")
    kept = [
        judged("requests that read what is due", max(run.asked[INCIDENTS] - 1 for run in found), 1, "", at_most=True),
        judged("requests for history", max(run.asked[HISTORY] for run in found), 1, "", at_most=True),
        judged("writes of each that is due", max(run.written[WRITE] for run in found) / DUE, 1, "", at_most=True),
    ]
    if limits:
        kept.append(judged(f"{DUE} due of {count:,}, read and decided", due, LIMIT, "ms of CPU", at_most=True))
    return all(kept)


def _run(at_work: Running, moment: datetime) -> Run:
    """Let a lot become due: a cycle before that, one that plans its steps, one that writes them, one that settles."""
    _go_to(at_work, moment - MINUTE)
    idle, _ = _cycle(at_work, 0)
    _go_to(at_work, moment)
    due, asked = _cycle(at_work, DUE)
    before = len(at_work.world.requests)
    report = at_work.desk.cycle()
    if report.problems or report.counts["written"] != DUE:
        raise AssertionError(f"the steps were not written: {report}")
    written = _asked(at_work, before)
    _go_to(at_work, moment + 2 * MINUTE)
    at_work.desk.cycle()
    return Run(idle, due, asked, written)


def _cycle(at_work: Running, due: int) -> tuple[float, Counter[str]]:
    """Return the milliseconds of a cycle that writes nothing, and its requests, when so many tickets are due."""
    waiting = sum(map(len, at_work.desk.store.due("bench", at_work.clock()).values()))
    before = len(at_work.world.requests)
    began = thread_time()
    report = at_work.desk.cycle(write=False)
    took = 1e3 * (thread_time() - began)
    if report.problems or (waiting, report.counts["read"], report.counts["decided"]) != (due, due, due):
        raise AssertionError(f"{waiting} tickets were due: {report}")
    return took, _asked(at_work, before)


def _asked(at_work: Running, before: int) -> Counter[str]:
    return Counter(f"{one.method} {RECORD.sub('/…', one.path)}" for one in at_work.world.requests[before:])


def _alone(at_work: Running, moment: datetime) -> float:
    """Return the milliseconds of deciding about the last lot, which is read before."""
    _go_to(at_work, moment)
    desk = at_work.desk
    connector, since = desk.connectors["bench"], desk.book.connections["bench"].since or NOW
    (ids,) = desk.store.due("bench", moment).values()
    tickets = [ticket for page in connector.tickets("incident", ids) for ticket in page.tickets]
    known = desk.store.memories([ticket.key for ticket in tickets])
    tickets = [*with_history(connector, tickets, known, since, desk.book.clocked)]
    around = surroundings(desk.store, connector, desk.book, since, desk.on_call)

    def work() -> None:
        for ticket in tickets:
            decide(ticket, known.get(ticket.key, Memory()), around, desk.book, moment)

    return 1e3 * median(cpu_time(work) for _ in range(RUNS))


def _go_to(at_work: Running, moment: datetime) -> None:
    at_work.clock.advance(seconds=(moment - at_work.clock()).total_seconds())


@contextmanager
def _running(count: int, runs: int) -> Iterator[Running]:
    """Set up a desk and that many open tickets, a lot for each run and one more; the others are due later."""
    clock = MovableClock(NOW)
    made = world(clock)
    for number in range(runs + 1):
        fill(made, DUE, NOW + (number + 1) * APART - HALF, assignment_group="Service Desk")
    fill(made, count - (runs + 1) * DUE, NOW - timedelta(minutes=5), assignment_group="Service Desk")
    with tempfile.TemporaryDirectory() as folder, serve(made) as url, patch.dict(os.environ, PASSWORD):
        Path(folder, "desk.yaml").write_text(WORKSPACE.format(url=url), encoding="utf-8")
        with workspace.opened(Desk, Path(folder), clock) as desk:
            yield Running(desk, made, clock)
