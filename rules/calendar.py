"""Opening hours: how much open time lies between two moments, and when so much of it will have passed.

A moment is open if the wall clock in the calendar's zone shows opening hours then. Hours that a zone skips are never
shown, hours that it repeats are shown twice: both follow from the definition, and nothing here knows of summer time.
Moments are whole seconds since 1970 in UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate
from operator import sub
from typing import Final

Span = tuple[int, int]
"""From one second to another, the second of them excluded."""

Hours = tuple[Span, ...]
"""What is open of a day, in seconds after its midnight; an end after 24 hours reaches into the next day."""

DAY: Final = 86_400
YEAR: Final = 365 * DAY + DAY // 4
FIRST: Final = -70 * YEAR
LAST: Final = 160 * YEAR
"""From 1900 to 2130: beyond, calendars that ever close are closed, so that no odd date makes us work out centuries."""

EVER: Final = 1 << 62
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY: Final = EPOCH.toordinal()


@dataclass(frozen=True, slots=True)
class Table:
    """What is open between `first` and `last`: where each stretch starts and ends, and how much was open up to its end.

    The first stretch is an empty one at `first`, so that every moment has a stretch that starts before it.
    """

    first: int
    last: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    upto: tuple[int, ...]

    def passed(self, at: int) -> int:
        """Return the open time up to a moment."""
        if at < self.first:
            return 0
        place = bisect_right(self.starts, at) - 1
        left = self.ends[place] - at
        return self.upto[place] - left if left > 0 else self.upto[place]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly hours in a zone, Monday's first; days of their own beat holidays, and holidays beat the week.

    Hours that run over midnight belong to the day on which they begin, and so does what closes that day. What is open
    is worked out where it is asked for and kept; that never changes an answer.
    """

    zone: tzinfo
    week: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()
    days: Mapping[date, Hours] = field(default_factory=dict)
    _known: list[Table] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note at once if it never closes, or never opens."""
        if self.days or (self.holidays and any(self.week)):
            return
        fortnight = list(merged(self._shown(0, 2 * 7 * DAY)))
        if len(fortnight) < 2:
            self._known.append(_table(-EVER, EVER, [(-EVER, EVER)] if fortnight else []))

    def add(self, start: int, seconds: int) -> int | None:
        """Return the earliest moment at which so much open time has passed since the start; None if it never will."""
        if seconds <= 0:
            return start
        table = self._covering(start)
        wanted = table.passed(start) + seconds
        while table.upto[-1] < wanted:
            if table.last >= LAST:
                return None
            table = self._further(table)
        place = bisect_left(table.upto, wanted)
        return table.ends[place] - (table.upto[place] - wanted)

    def between(self, start: int, end: int) -> int:
        """Return the open time between two moments; it is negative if the end is before the start."""
        table = self._known[0] if self._known else self._covering(start)
        if not table.first <= start <= end < table.last:
            self._covering(start)
            table = self._covering(end)
        return table.passed(end) - table.passed(start)

    def is_open(self, at: int) -> bool:
        """Tell whether it is open at a moment."""
        return _end(self._covering(at), at) > at

    def next_open(self, at: int) -> int | None:
        """Return the first open moment from this one on, which may be this one; None if there is none."""
        table = self._covering(at)
        while table.ends[-1] <= at:
            if table.last >= LAST:
                return None
            table = self._further(table)
        return max(at, table.starts[bisect_right(table.ends, max(at, table.first))])

    def next_close(self, at: int) -> int | None:
        """Return the first closed moment from this one on, which may be this one; None if it never closes again."""
        table = self._covering(at)
        while (end := _end(table, at)) == table.last:
            if table.last >= LAST:
                return None
            table = self._further(table)
        return end

    def closed_since(self, at: int) -> int:
        """Return when it closed last: this very moment while it is open, the year 1900 if it was never open before."""
        table = self._covering(at)
        while bisect_right(table.starts, at) <= 1 and table.first > FIRST:
            table = self._grown(max(2 * table.first - table.last, FIRST), table.last)
        end = table.ends[max(0, bisect_right(table.starts, at) - 1)]
        return at if end > at else max(end, FIRST)

    def _covering(self, at: int) -> Table:
        """Return a table in which this moment is, unless it is beyond all of them."""
        if self._known:
            table = self._known[0]
            if table.first <= at < table.last:
                return table
        at = min(max(at, FIRST), LAST - 1)
        begin = at - at % YEAR
        return self._grown(begin, begin + YEAR)

    def _further(self, table: Table) -> Table:
        """Return a table that reaches twice as far, so that far moments are reached in a few steps."""
        return self._grown(table.first, min(2 * table.last - table.first, LAST))

    def _grown(self, first: int, last: int) -> Table:
        """Return a table that holds this, too; without gaps, so that sums reach over all of it."""
        if not self._known:
            self._known.append(_table(first, last, self._open(first, last)))
        table = self._known[0]
        begin, end = min(first, table.first), max(last, table.last)
        if (begin, end) != (table.first, table.last):
            spans = list(zip(table.starts[1:], table.ends[1:], strict=True))
            if begin < table.first:
                spans = [*self._open(begin, table.first), *spans]
            if table.last < end:
                spans += self._open(table.last, end)
            self._known[0] = table = _table(begin, end, spans)
        return table

    def _open(self, first: int, last: int) -> Iterator[Span]:
        """Yield what is open of a stretch of time, in order; parts may touch each other."""
        shown = list(merged(self._shown(first, last)))
        starts = [start for start, _ in shown]
        for begin, end, offset in self._offsets(first, last):
            since = max(0, bisect_right(starts, begin + offset) - 1)
            for opens, closes in shown[since : bisect_left(starts, end + offset)]:
                span = max(opens - offset, begin), min(closes - offset, end)
                if span[0] < span[1]:
                    yield span

    def _shown(self, first: int, last: int) -> Iterator[Span]:
        """Yield what is open on the wall clock, on every day that any zone may have then, as if it were UTC."""
        for number in range(first // DAY - 2, last // DAY + 2):
            midnight = number * DAY
            for opens, closes in self._hours(number):
                yield midnight + opens, midnight + closes

    def _hours(self, number: int) -> Hours:
        """Return the hours of a day, counted from 1970."""
        if not self.days and not self.holidays:
            return self.week[(number + EPOCH.weekday()) % 7]
        day = date.fromordinal(EPOCH_DAY + number)
        own = self.days.get(day)
        if own is not None:
            return own
        return () if day in self.holidays else self.week[day.weekday()]

    def _offsets(self, first: int, last: int) -> Iterator[tuple[int, int, int]]:
        """Yield from when until when the wall clock is how far ahead of UTC.

        A clock is looked at once a day: no zone changed it and back again within one.
        """
        begin, offset = first, self._offset(first)
        for at in (*range(first + DAY, last, DAY), last - 1):
            while self._offset(at) != offset:
                since = range(max(begin, at - DAY), at + 1)
                change = since[bisect_left(since, True, key=lambda moment: self._offset(moment) != offset)]
                yield begin, change, offset
                begin, offset = change, self._offset(change)
        yield begin, last, offset

    def _offset(self, at: int) -> int:
        shown = (EPOCH + timedelta(seconds=at)).astimezone(self.zone).utcoffset()
        return 0 if shown is None else shown.days * DAY + shown.seconds


def span(text: str) -> Span:
    """Return what "08:00-16:00" stands for; "22:00-06:00" ends on the next day."""
    start, end = (60 * (60 * int(clock[:2]) + int(clock[3:])) for clock in text.split("-"))
    return (start, end) if end > start else (start, end + DAY)


def merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans in their order, those that touch or overlap as one."""
    start = end = 0
    for begins, ends in spans:
        if begins > end or start == end:
            if start < end:
                yield start, end
            start, end = begins, ends
        else:
            end = max(end, ends)
    if start < end:
        yield start, end


def _table(first: int, last: int, spans: Iterable[Span]) -> Table:
    stretches = [(first, first), *merged(spans)]
    starts, ends = (tuple(side) for side in zip(*stretches, strict=True))
    return Table(first, last, starts, ends, tuple(accumulate(map(sub, ends, starts))))


def _end(table: Table, at: int) -> int:
    """Return the end of the stretch that is open at a moment; the moment itself if none is."""
    place = max(0, bisect_right(table.starts, at) - 1)
    return max(at, table.ends[place])
