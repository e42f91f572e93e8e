"""Working hours, counted span by span with nothing but the zones of the world. It knows nothing of the service."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

FIRST, LAST = date(2026, 9, 28), date(2026, 12, 20)
"""The days that are counted: the month of the simulation, and what its clocks reach."""

Day = Sequence[tuple[str, str]]
"""From when to when it is open on a day, by the clock on the wall. What ends before it begins ends on the next day."""


class Hours:
    """When it is open: moments are seconds since 1970."""

    def __init__(self, zone: str, week: Mapping[int, Day], days: Mapping[str, Day]) -> None:
        zone_, spans = ZoneInfo(zone), []
        day = FIRST
        while day <= LAST:
            hours = days.get(day.isoformat(), week.get(day.weekday(), ()))
            spans += [_span(zone_, day, start, end) for start, end in hours]
            day += timedelta(days=1)
        self.spans = list(_joined(sorted(spans)))
        self.starts, self.ends = [start for start, _ in self.spans], [end for _, end in self.spans]
        self.sums = [0, *accumulate(end - start for start, end in self.spans)]

    def is_open(self, at: int) -> bool:
        place = bisect_right(self.starts, at) - 1
        return place >= 0 and at < self.ends[place]

    def passed(self, at: int) -> int:
        """Return the open seconds from the first day up to a moment."""
        place = bisect_right(self.starts, at) - 1
        return self.sums[place] + min(at, self.ends[place]) - self.starts[place] if place >= 0 else 0

    def add(self, at: int, seconds: int) -> int:
        """Return when so many open seconds have passed since a moment. What ends as it closes ends then."""
        if seconds <= 0:
            return at
        wanted = self.passed(at) + seconds
        place = bisect_left(self.sums, wanted) - 1
        return self.starts[place] + wanted - self.sums[place]

    def closed_since(self, at: int) -> int:
        """Return when it closed last; the moment itself while it is open."""
        return at if self.is_open(at) else self.ends[bisect_right(self.ends, at) - 1]

    def next_open(self, at: int) -> int:
        return at if self.is_open(at) else self.starts[bisect_right(self.starts, at)]

    def next_close(self, at: int) -> int:
        """Return when it closes next, from open hours or from the next ones."""
        return self.ends[bisect_right(self.ends, at)]


def local(zone: str, text: str) -> int:
    """Return the moment at which the clock on the wall shows "2026-10-25T02:30"; the first one of two."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def turns(zone: str, begins: str, each: timedelta, people: Sequence[str]) -> list[tuple[int, str]]:
    """Return whose turn begins when, by the clock on the wall."""
    first, zone_ = datetime.fromisoformat(begins), ZoneInfo(zone)
    starts = ((first + number * each, people[number % len(people)]) for number in range(100))
    return [(int(start.replace(tzinfo=zone_).timestamp()), person) for start, person in starts]


def _span(zone: ZoneInfo, day: date, start: str, end: str) -> tuple[int, int]:
    later = day + timedelta(days=1) if end == "24:00" or end <= start else day
    until = time() if end == "24:00" else time.fromisoformat(end)
    begins = datetime.combine(day, time.fromisoformat(start), zone)
    return int(begins.timestamp()), int(datetime.combine(later, until, zone).timestamp())


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans, those that meet as one."""
    begun = spans[0]
    for span in spans[1:]:
        if span[0] <= begun[1]:
            begun = begun[0], span[1]
        else:
            yield begun
            begun = span
    yield begun
