"""Weeks and months by the wall clock of a zone: ISO weeks, which belong to the year of their Thursday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo
from typing import Final, Literal, NamedTuple

from rules.calendar import DAY
from rules.wall import first

By = Literal["week", "month"]
EPOCH: Final = date(1970, 1, 1)
ONE_DAY: Final = timedelta(days=1)
WEEKS: Final = 8
MONTHS: Final = 3
"""How many are reported where nobody says which: those that go on, and what came before."""


class Period(NamedTuple):
    """A week or month, "2026-W53" or "2026-12", as far as it is asked for.

    From `first` to `last` day, both included; from `start` up to `end` in seconds since 1970.
    """

    name: str
    first: date
    last: date
    start: int
    end: int
    whole: bool


def periods(by: By, since: date, until: date, zone: tzinfo) -> tuple[Period, ...]:
    """Return the weeks or months from one day to another, both included; those at the ends may be cut."""
    return tuple(_periods(by, since, until, zone))


def _periods(by: By, since: date, until: date, zone: tzinfo) -> Iterator[Period]:
    day = since
    while day <= until:
        opens, after = _around(by, day)
        last = min(after - ONE_DAY, until)
        whole = day == opens and last == after - ONE_DAY
        yield Period(_name(by, day), day, last, _midnight(zone, day), _midnight(zone, last + ONE_DAY), whole)
        day = after


def usual_start(by: By, until: date) -> date:
    """Return where a report begins that ends on this day, if nobody says where."""
    if by == "week":
        return _around(by, until)[0] - timedelta(weeks=WEEKS - 1)
    months = until.year * 12 + until.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _around(by: By, day: date) -> tuple[date, date]:
    """Return the first day of the week or month in which a day lies, and the first one after it."""
    if by == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    begins = day.replace(day=1)
    return begins, (begins + timedelta(days=31)).replace(day=1)


def _name(by: By, day: date) -> str:
    if by == "month":
        return f"{day.year}-{day.month:02}"
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _midnight(zone: tzinfo, day: date) -> int:
    return first(zone, (day - EPOCH).days * DAY)
