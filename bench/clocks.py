"""What time costs: all clocks of a ticket, a cycle over many open tickets of which none is due, and timed rules."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import thread_time
from typing import Final
from zoneinfo import ZoneInfo

from bench.calendars import FIRST, HOLIDAYS, HOUR, ZONE
from bench.decisions import rates, settled
from bench.machine import calibration, cpu_time, judged, table
from bench.pack import Pack, pack
from bench.requests import Running, running
from bench.tickets import tickets
from rules.calendar import DAY, Calendar, span
from rules.clocks import clocks
from rules.course import course
from rules.model import Memory, Past, Who
from rules.terms import Terms

CLOCKS_LIMIT: Final = 25
CYCLE_LIMIT: Final = 50
RUNS: Final = 5
CYCLES: Final = 15
PAGES: Final = 1_000
"""Tickets whose clocks are asked for: a service holds no more at a time."""

LUNCH: Final = (span("08:00-11:30"), span("12:00-16:00"))
PAUSES: Final = frozenset({"requester", "change"})
MINUTE: Final = timedelta(minutes=1)
A_YEAR: Final = timedelta(days=365)
END: Final = 100 * HOUR
"""When the clocks are asked, counted from the creation of each ticket."""

Happened = tuple[float, str, str, Who]
LIFE: Final[tuple[Happened, ...]] = (
    (0.3, "assignee", "ida", "agent"),
    (0.4, "status", "in_progress", "agent"),
    (1, "comment", "", "agent"),
    (2, "status", "waiting", "agent"),
    (2, "waiting_for", "requester", "agent"),
    (5, "comment", "", "customer"),
    (6, "status", "in_progress", "agent"),
    (24, "note", "", "agent"),
    (25, "status", "waiting", "agent"),
    (25, "waiting_for", "change", "agent"),
    (50, "status", "in_progress", "agent"),
    (70, "comment", "", "agent"),
    (72, "status", "resolved", "agent"),
    (80, "status", "in_progress", "customer"),
)
"""What happened to a ticket, in hours since its creation: comments, a note, two waits, a reopening."""

Life = tuple[int, tuple[Past, ...]]
"""When a ticket was created, and what happened to it since."""

TIMED: Final = """\
mode: observe
calendars:
  office: {zone: Europe/Oslo, hours: {mon-fri: ["08:00-11:30", "12:00-16:00"]}}
calendar: office
priorities:
  - {name: P1, respond: 30m, resolve: 24h, updates: 8h}
  - {name: P2, respond: 30m, resolve: 24h, updates: 8h}
  - {name: P3, respond: 4h, resolve: 24h, updates: 8h}
  - {name: P4, respond: 8h, resolve: 80h, updates: 16h}
  - {name: P5, respond: 16h, resolve: 160h, updates: 16h}
communications:
  - {name: late, after: [{used: 80%, of: resolve}], to: [team], message: breach-warning}
  - {name: quiet, before: {updates: 1h}, to: [team], message: breach-warning}
"""
"""What makes each ticket of the desk that is measured wait for a moment; what is due is only observed."""


def main(count: int = 20_000, waiting: int = 100_000, limits: bool = True) -> bool:
    """Print the tables and return whether the limits were kept; `count` tickets, and so many that wait."""
    took = _clocks(min(count, PAGES))
    cycle = _idle(waiting)
    _decisions(count)
    if not limits:
        return True
    kept = [
        judged("all clocks of a ticket", took, CLOCKS_LIMIT, "µs", at_most=True),
        judged(f"a cycle, {waiting:,} open, none due", cycle, CYCLE_LIMIT, "ms of CPU", at_most=True),
    ]
    return all(kept)


def _clocks(count: int) -> float:
    """Print and return what all clocks of a ticket take, each asked what it has used and when it is due."""
    office = Calendar(ZoneInfo(ZONE), (LUNCH,) * 5 + ((), ()), HOLIDAYS)
    terms, lives = Terms(office, 4 * HOUR, 24 * HOUR, 4 * HOUR), _lives(count)
    print(f"\nClocks: {count:,} tickets to which {len(LIFE)} things happened, one core, median of {RUNS} runs")
    before = calibration()
    all_of_it = _each(lambda created, past: _ask(created, past, terms), lives)
    walk = _each(lambda created, past: course(created, past, PAUSES), lives)
    unit = (before + calibration()) / 2
    print(f"  calibration: a named tuple of eight fields takes {unit:.2f} µs")
    rows = [
        ("respond, resolve, updates: used and due", all_of_it, ""),
        ("of which the ticket's course", walk, ""),
        *_peer(lives[: max(1, count // 400)], terms),
    ]
    shown = [(name, f"{figure:,.1f}", f"{figure / unit:,.0f}", same) for name, figure, same in rows]
    table(("", "µs", "of calibration", "answers as ours"), shown)
    return all_of_it


def _lives(count: int) -> list[Life]:
    """Return tickets that were created all over a year."""
    created = (FIRST + 3571 * number % (365 * DAY) for number in range(count))
    return [(at, tuple(Past(at + int(hours * HOUR), *what) for hours, *what in LIFE)) for at in created]


def _ask(created: int, past: tuple[Past, ...], terms: Terms) -> None:
    now = created + END
    known = clocks(course(created, past, PAUSES), terms, {}, now)
    for clock in (known.respond, known.resolve, known.updates):
        clock.used(now)
        clock.due(clock.target)


def _each(ask: Callable[[int, tuple[Past, ...]], object], lives: Sequence[Life]) -> float:
    """Return the microseconds of one ticket, the first time apart: what calendars work out then is kept."""

    def work() -> None:
        for created, past in lives:
            ask(created, past)

    work()
    return 1e6 * median(cpu_time(work) for _ in range(RUNS)) / len(lives)


def _peer(lives: Sequence[Life], terms: Terms) -> list[tuple[str, float, str]]:
    """Return what businesstimedelta takes for one of the six answers, what resolve has used, given our spans."""
    try:
        other = importlib.import_module("businesstimedelta")
    except ImportError:
        return []
    zone = importlib.import_module("pytz").timezone(ZONE)
    parts = ((time(8), time(11, 30)), (time(12), time(16)))
    days = [other.WorkDayRule(*part, working_days=[0, 1, 2, 3, 4], tz=zone) for part in parts]
    rules = other.Rules([*days, other.HolidayRule(HOLIDAYS, tz=zone)])

    def used(created: int, past: tuple[Past, ...]) -> int:
        spans, now = course(created, past, PAUSES).worked, created + END
        ends = ((datetime.fromtimestamp(at or now, UTC) for at in one) for one in spans)
        return sum(int(rules.difference(*one).timedelta.total_seconds()) for one in ends)

    def ours(created: int, past: tuple[Past, ...]) -> int:
        return clocks(course(created, past, PAUSES), terms, {}, created + END).resolve.used(created + END)

    same = sum(used(*life) == ours(*life) for life in lives)
    took = 1e6 * cpu_time(lambda: [used(*life) for life in lives]) / len(lives)
    return [("businesstimedelta: what resolve has used", took, f"{same} of {len(lives)}")]


def _idle(count: int) -> float:
    """Print and return the milliseconds of CPU of a cycle in which nothing changed and no ticket is due.

    The simulated platform runs in another thread, and the processor time of this one is measured.
    """
    print(f"\nA cycle over {count:,} open tickets, each of which waits for a moment to come; median of {CYCLES}")
    with running(count, new=True, more=TIMED) as at_work:
        at_work.asked()
        waiting = sum(map(len, at_work.desk.store.due("bench", at_work.clock() + A_YEAR).values()))
        if waiting != count or at_work.desk.store.due("bench", at_work.clock() + CYCLES * MINUTE):
            raise AssertionError(f"{waiting} of {count} tickets wait for a moment, or some are due")
        took = [_cycle(at_work) for _ in range(CYCLES)]
    table(("", "median", "most"), [("ms of CPU", f"{median(took):.1f}", f"{max(took):.1f}")])
    return median(took)


def _cycle(at_work: Running) -> float:
    """Return the milliseconds of processor time of a cycle a minute later, which has nothing to do."""
    at_work.clock.advance(seconds=60)
    began = thread_time()
    report = at_work.desk.cycle()
    took = thread_time() - began
    if report.problems or report.counts["read"]:
        raise AssertionError(f"the cycle was not idle: {report}")
    return 1e3 * took


def _decisions(count: int) -> None:
    """Print how many decisions about settled tickets are made in a second, without and with five timed rules."""
    print(f"\nTimed rules: {count:,} settled tickets, each waiting for a moment, one core, median of {RUNS} runs")
    found = [("100 rules, none timed", _settled(pack(), count)), ("and five timed ones", _settled(pack(True), count))]
    first = found[0][1]
    rows = [(name, f"{rate:,.0f}", f"{1e6 / rate:.1f}", f"{rate / first:.2f}") for name, rate in found]
    table(("", "tickets/s", "µs each", "of none"), rows)


def _settled(made: Pack, count: int) -> float:
    """Return decisions a second about tickets on which nothing is to be done."""
    news = [(ticket, Memory()) for ticket in tickets(count, made.book)]
    return rates(made.book, settled(made.book, news))[1]
