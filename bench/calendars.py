"""Microseconds of a question to a calendar, near and far, beside plain time and a peer that goes from day to day."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from bench.machine import calibration, cpu_time, judged, table
from rules.calendar import DAY, Calendar, span

HOUR: Final = 3600
NEAR: Final = 10 * HOUR
YEARS: Final = 10 * 250 * 8 * HOUR
NEAR_LIMIT: Final = 5
YEARS_LIMIT: Final = 50
ZONE: Final = "Europe/Oslo"
HOLIDAYS: Final = frozenset(date(year, month, day) for year in range(2020, 2050) for month, day in ((1, 1), (12, 25)))
FIRST: Final = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
RUNS: Final = 5

Add = Callable[[int, int], int | None]


def main(count: int = 20_000, limits: bool = True) -> bool:
    """Print the table and return whether the limits were kept; `count` questions, fewer for the peer."""
    office, starts = calendar(), [FIRST + 3571 * number % (365 * DAY) for number in range(count)]
    print(f"\nCalendars: working hours in {ZONE} with holidays, {count:,} questions, one core, median of {RUNS} runs")
    print(f"  calibration: a named tuple of eight fields takes {calibration():.2f} µs")
    plain = _each(_plain, starts, NEAR)
    near, years = _each(office.add, starts, NEAR), _each(office.add, starts, YEARS)
    between = _each(lambda start, seconds: office.between(start, start + seconds), starts, 4 * YEARS)
    rows = [
        ("plain time: 10 hours later in the zone", plain, ""),
        ("add 10 working hours", near, ""),
        ("add 10 working years", years, ""),
        ("between, over 40 working years of plain time", between, ""),
        ("a year is worked out, once", _first_time(), ""),
        *_peer(office, starts[: max(1, count // 400)]),
    ]
    shown = [(name, f"{took:,.2f}", f"{took / plain:,.1f}", same) for name, took, same in rows]
    table(("", "µs", "of plain time", "answers as ours"), shown)
    if not limits:
        return True
    kept = [
        judged("add 10 working hours", near, NEAR_LIMIT, "µs", at_most=True),
        judged("add 10 working years", years, YEARS_LIMIT, "µs", at_most=True),
    ]
    return all(kept)


def calendar() -> Calendar:
    """Return the working hours of an office: Monday to Friday, eight hours, two holidays a year."""
    return Calendar(ZoneInfo(ZONE), ((span("08:00-16:00"),),) * 5 + ((), ()), HOLIDAYS)


def _plain(start: int, seconds: int) -> int:
    """Return the moment after so much plain time, by way of what the clock of the zone shows."""
    shown = datetime.fromtimestamp(start, ZoneInfo(ZONE)).astimezone(UTC) + timedelta(seconds=seconds)
    return int(shown.timestamp())


def _each(add: Add, starts: Sequence[int], seconds: int) -> float:
    """Return the microseconds of one question, the first time apart: what is worked out then is kept."""

    def work() -> None:
        for start in starts:
            add(start, seconds)

    work()
    return 1e6 * median(cpu_time(work) for _ in range(RUNS)) / len(starts)


def _first_time() -> float:
    return 1e6 * median(cpu_time(lambda: calendar().is_open(FIRST)) for _ in range(RUNS))


def _peer(office: Calendar, starts: Sequence[int]) -> list[tuple[str, float, str]]:
    """Return what businesstimedelta takes for the same two questions, and how many of its answers are ours."""
    try:
        other = importlib.import_module("businesstimedelta")
    except ImportError:
        return []
    add = _of_peer(other)
    rows = []
    for name, seconds, some in (("hours", NEAR, starts), ("years", YEARS, starts[:3])):
        same = sum(add(start, seconds) == office.add(start, seconds) for start in some)
        took = 1e6 * cpu_time(lambda seconds=seconds, some=some: [add(start, seconds) for start in some]) / len(some)
        rows.append((f"businesstimedelta: add 10 working {name}", took, f"{same} of {len(some)}"))
    return rows


def _of_peer(other: Any) -> Add:
    zone = importlib.import_module("pytz").timezone(ZONE)
    days = other.WorkDayRule(start_time=time(8), end_time=time(16), working_days=[0, 1, 2, 3, 4], tz=zone)
    rules = other.Rules([days, other.HolidayRule(HOLIDAYS, tz=zone)])

    def add(start: int, seconds: int) -> int:
        return int((datetime.fromtimestamp(start, UTC) + other.BusinessTimeDelta(rules, seconds=seconds)).timestamp())

    return add
