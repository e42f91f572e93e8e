"""The clock on a wall: what it shows at a moment, and when it first shows a time.

Moments are seconds since 1970 in UTC. What a clock shows is counted the same way, as if the wall were in Greenwich.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Final

from rules.calendar import DAY, EPOCH, FIRST, LAST

NAIVE_EPOCH: Final = EPOCH.replace(tzinfo=None)


def shown(zone: tzinfo, at: int) -> int:
    """Return what the clock shows at a moment. Beyond the years of calendars every zone is taken for UTC."""
    return at + _offset((EPOCH + timedelta(seconds=at)).astimezone(zone)) if FIRST <= at < LAST else at


def first(zone: tzinfo, wall: int) -> int:
    """Return the first moment at which the clock shows so much or more: a skipped time comes when it is skipped."""
    if not FIRST <= wall < LAST:
        return wall
    time = (NAIVE_EPOCH + timedelta(seconds=wall)).replace(tzinfo=zone)
    before, after = (wall - _offset(time.replace(fold=fold)) for fold in (0, 1))
    if before <= after:
        return before
    return after + bisect_left(range(after, before), wall, key=partial(shown, zone))


def moment(zone: tzinfo, time: datetime) -> int:
    """Return the moment of a time; without a zone of its own it is one of this zone's wall clock."""
    if time.tzinfo is not None:
        return int(time.timestamp())
    return first(zone, int((time - NAIVE_EPOCH).total_seconds()))


def midnight(zone: tzinfo, at: int, later: int = 0) -> int:
    """Return when the day of a moment begins, or the one so many days later."""
    wall = shown(zone, at)
    return first(zone, wall - wall % DAY + later * DAY)


def _offset(time: datetime) -> int:
    ahead = time.utcoffset()
    return 0 if ahead is None else ahead.days * DAY + ahead.seconds
