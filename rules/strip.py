"""A clock's time as a strip of cells, and the scale beneath: what is drawn of a timeline, whatever it is drawn with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from rules.course import Span
from rules.timeline import Reading, Timeline

Cell = Literal["", "counted", "over", "paused", "coming", "now", "due", "missed", "stopped"]

Unit = Literal["second", "minute", "day", "month"]

MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400
SECONDS: Final = (10, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE)
HOURS: Final = tuple(HOUR * many for many in (1, 2, 3, 6, 12))
DAYS: Final = (1, 2, 7, 14)
MONTHS: Final = (1, 2, 3, 6, 12, 24, 60)
MONTH: Final = 30 * DAY
MONDAY: Final = 1
"""The first Monday's place among all days."""


class Tick(NamedTuple):
    """A mark on the scale: at which cell, which moment of the desk's day, and whether days, months or times count."""

    cell: int
    at: datetime
    unit: Unit


def strip(reading: Reading, line: Timeline, width: int) -> list[Cell]:
    """Return what each cell shows of a clock, from the start of the timeline to its end."""
    edges = [line.start + (line.end - line.start) * place // width for place in range(width + 1)]
    cells = [_cell(reading, begin, end, line.now) for begin, end in pairwise(edges)]
    marks: list[tuple[int | None, Cell]] = [(line.now if line.is_open else None, "now")]
    if reading.due is not None and (reading.state != "stopped" or reading.over):
        late = reading.due < (line.now if reading.since is None else reading.since)
        marks.append((reading.due, "missed" if late else "due"))
    if reading.state == "stopped":
        marks.append((reading.since, "stopped"))
    for at, mark in marks:
        if at is not None and line.start <= at <= line.end:
            cells[_place(at, line, width)] = mark
    return cells


def _place(at: int, line: Timeline, width: int) -> int:
    return min(width - 1, (at - line.start) * width // (line.end - line.start))


def _cell(reading: Reading, begin: int, end: int, now: int) -> Cell:
    """Return what most of a stretch of time was for a clock: working time counts, a pause shows at any hour."""
    due, hours = reading.due, reading.mine.calendar
    if begin >= now:
        goes_on = reading.state == "runs" and due is not None and begin < due
        return "coming" if goes_on and due is not None and hours.between(begin, min(end, due)) else ""
    ran, stood = (list(_within(spans, begin, min(end, now))) for spans in (reading.mine.spans, reading.open))
    counted, could = (sum(hours.between(*part) for part in parts) for parts in (ran, stood))
    if could - counted >= counted and _length(stood) > _length(ran):
        return "paused"
    if not counted:
        return ""
    return "over" if due is not None and begin >= due else "counted"


def _within(spans: tuple[Span, ...], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of spans that lie in a stretch of time."""
    for first, last in spans:
        part = max(first, begin), end if last is None else min(last, end)
        if part[0] < part[1]:
            yield part


def _length(parts: list[tuple[int, int]]) -> int:
    return sum(last - first for first, last in parts)


def scale(line: Timeline, width: int) -> list[Tick]:
    """Return the ticks of the scale, at round times of the desk's zone, as many as have room."""
    start, end = (datetime.fromtimestamp(at, line.zone) for at in (line.start, line.end))
    found: dict[int, Tick] = {}
    for unit, at in _round_times(start, end, (line.end - line.start) / width):
        moment = int(at.timestamp())
        if line.start <= moment <= line.end:
            cell = _place(moment, line, width)
            found.setdefault(cell, Tick(cell, datetime.fromtimestamp(moment, line.zone), unit))
    return list(found.values())


def _round_times(start: datetime, end: datetime, cell: float) -> Iterator[tuple[Unit, datetime]]:
    """Yield round times of the smallest step whose labels have room, where a cell takes so many seconds."""
    step = next((step for step in (*SECONDS, *HOURS) if step >= (10 if step < MINUTE else 8) * cell), None)
    days = next((days for days in DAYS if days * DAY >= 8 * cell), None)
    if step is not None:
        unit: Unit = "second" if step < MINUTE else "minute"
        yield from ((unit, at) for at in _times(start, end, step))
    elif days is not None:
        numbers = range(start.toordinal(), end.toordinal() + 1)
        whole = (date.fromordinal(number) for number in numbers if number % days == MONDAY % days)
        yield from (("day", _midnight(one, start.tzinfo)) for one in whole)
    else:
        months = next((months for months in MONTHS if months * MONTH >= 5 * cell), MONTHS[-1])
        numbers = range(12 * start.year, 12 * end.year + 12, months)
        firsts = (date(number // 12, number % 12 + 1, 1) for number in numbers)
        yield from (("month", _midnight(one, start.tzinfo)) for one in firsts)


def _times(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    """Yield the times of day that are multiples of a step, each day anew: clocks may change in between."""
    for day in range(start.toordinal(), end.toordinal() + 1):
        midnight = _midnight(date.fromordinal(day), start.tzinfo)
        yield from (midnight + timedelta(seconds=since) for since in range(0, DAY, step))


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
