"""Opening hours against an oracle that knows nothing but what the wall clock shows, minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones
from zoneinfo._zoneinfo import ZoneInfo as ReadableZone

import pytest

from rules.calendar import DAY, YEAR, Calendar, Hours

CHANGES = {
    "Europe/Oslo": ("2026-03-29T01:00", "2026-10-25T01:00"),
    "America/Sao_Paulo": ("1999-10-03T03:00", "2018-11-04T03:00", "2019-02-17T02:00"),
    "Asia/Kathmandu": ("1985-12-31T18:30",),
    "Australia/Lord_Howe": ("2026-04-04T15:00", "2026-10-03T15:30"),
    "Africa/Casablanca": ("2026-02-15T02:00", "2026-03-22T02:00"),
    "Asia/Ho_Chi_Minh": ("1975-06-12T16:00",),
    "America/Santiago": ("2026-04-05T03:00", "2026-09-06T04:00"),
}
"""Zones with unusual rules, and moments (UTC) at which they change their clocks."""


class Truth(NamedTuple):
    """How many seconds were open, and when the last of them was over."""

    open: int
    last: int


def shows_open(calendar: Calendar, at: int) -> bool:
    """Tell whether the wall clock shows opening hours: those of its day, or of the night that began the day before."""
    wall = datetime.fromtimestamp(at, calendar.zone)
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    today, before = wall.date(), wall.date() - timedelta(days=1)
    return any(start <= second < end for start, end in hours_of(calendar, today)) or any(
        start <= second + DAY < end for start, end in hours_of(calendar, before)
    )


def hours_of(calendar: Calendar, day: date) -> Hours:
    if day in calendar.days:
        return calendar.days[day]
    return () if day in calendar.holidays else calendar.week[day.weekday()]


def truth(calendar: Calendar, start: int, end: int) -> Truth:
    """Walk from start to end: by minutes, since clocks and hours change on full ones, at the edges by seconds."""
    count, last, at = 0, start, start
    while at < end:
        step = 60 if at % 60 == 0 and at + 60 <= end else 1
        if shows_open(calendar, at):
            count, last = count + step, at + step
        at += step
    return Truth(count, last)


def a_day(random: Random) -> Hours:
    """Return the hours of a day: none, all, or some spans, the last of them perhaps over midnight."""
    kind = random.random()
    if kind < 0.15:
        return ()
    if kind < 0.25:
        return ((0, DAY),)
    edges = sorted(random.sample(range(1440), 2 * random.randint(1, 3)))
    spans = [(60 * start, 60 * end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    if kind > 0.6:
        spans[-1] = (spans[-1][0], DAY + 60 * random.randint(0, 600))
    return tuple(spans)


def a_start(random: Random, zone: str) -> int:
    """Return any moment, or one shortly before clocks change, or before a new stretch of time is worked out."""
    before = int(2 * DAY * random.random() ** 2)
    if random.random() < 0.3:
        return random.randint(2 * 365 * DAY, 70 * 365 * DAY)
    if random.random() < 0.3:
        return random.randint(3, 70) * YEAR - before
    change = datetime.fromisoformat(random.choice(CHANGES[zone])).replace(tzinfo=UTC)
    return int(change.timestamp()) - before


def a_calendar(random: Random, zone: str, start: int) -> Calendar:
    """Return a random week in a zone, with holidays and days of its own around the start."""
    around = [datetime.fromtimestamp(start, UTC).date() + timedelta(days=day) for day in range(-2, 8)]
    holidays = frozenset(random.sample(around, random.choice((0, 0, 1, 3))))
    days = {day: a_day(random) for day in random.sample(around, random.choice((0, 0, 1, 2)))}
    return Calendar(ZoneInfo(zone), tuple(a_day(random) for _ in range(7)), holidays, days)


def check(seed: int, longest: int) -> None:
    """Compare one random calendar with the oracle over one random stretch of time."""
    random = Random(seed)
    zone = random.choice(sorted(CHANGES))
    start = a_start(random, zone)
    calendar = a_calendar(random, zone, start)
    end = start + int(longest * random.random() ** 2)
    middle = random.randint(start, end)
    found = truth(calendar, start, end)
    assert calendar.between(start, end) == found.open, seed
    assert calendar.between(end, start) == -found.open, seed
    assert calendar.add(start, found.open) == found.last, seed
    assert calendar.between(start, found.last) == found.open, seed
    assert calendar.between(start, middle) + calendar.between(middle, end) == found.open, seed
    assert calendar.closed_since(end) == (found.last if found.open else calendar.closed_since(start)), seed
    edges(calendar, middle, seed)


def edges(calendar: Calendar, at: int, seed: int) -> None:
    """Compare a moment, and the moments at which it opens and closes next, with the oracle."""
    assert calendar.is_open(at) == shows_open(calendar, at), seed
    for moment, opens in ((calendar.next_open(at), True), (calendar.next_close(at), False)):
        if moment is not None:
            assert shows_open(calendar, moment) is opens, seed
            assert moment == at or shows_open(calendar, moment - 1) is not opens, seed
            assert moment == at or shows_open(calendar, at) is not opens, seed


@pytest.mark.parametrize("part", range(4))
def test_some_random_calendars_are_what_the_wall_clock_shows(part):
    for seed in range(50 * part, 50 * part + 50):
        check(seed, longest=DAY)


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_random_calendars_are_what_the_wall_clock_shows(part):
    for seed in range(1000 * part, 1000 * part + 1000):
        check(seed, longest=8 * DAY)


@pytest.mark.parametrize("zone", CHANGES)
def test_the_moments_at_which_clocks_are_changed_are_such(zone):
    for text in CHANGES[zone]:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        before, after = ((at - timedelta(seconds=back)).astimezone(ZoneInfo(zone)).utcoffset() for back in (1, 0))
        assert before != after, (zone, text)


@pytest.mark.long
def test_no_zone_changed_its_clock_and_back_again_within_a_day():
    for name in sorted(available_timezones()):
        zone = ReadableZone(name)
        moments = zone._trans_utc
        offsets = [zone._tti_before, *zone._ttinfos]
        for place, moment in enumerate(moments):
            if offsets[place].utcoff != offsets[place + 1].utcoff:
                soon = [n for n, other in enumerate(moments) if moment < other <= moment + DAY]
                assert all(offsets[n + 1].utcoff != offsets[place].utcoff for n in soon), name
