"""Time as a simulated platform sees it: a clock that tests can move."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """Return the moment it is outside."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved. Safe to move while a server reads it."""

    def __init__(self, start: datetime) -> None:
        self._lock = threading.Lock()
        self._now = utc(start)

    def __call__(self) -> datetime:
        return self._now

    def advance(self, **amount: float) -> datetime:
        """Move on by `timedelta(**amount)`, as in `advance(minutes=5)`, and return the new moment."""
        with self._lock:
            self._now += timedelta(**amount)
            return self._now

    def set(self, moment: datetime) -> None:
        """Move to this moment, which may lie in the past."""
        with self._lock:
            self._now = utc(moment)


def utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one without a zone is a mistake of the caller."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {moment}")
    return moment.astimezone(UTC)
