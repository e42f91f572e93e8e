"""Limits: when a platform may be asked again, and how much of its allowance is left, learnt from its answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from connectors.web import waits

FAILURES: Final = 8
"""So many failures in a row open the circuit: two requests that failed at each attempt."""

FIRST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(minutes=15)
"""How long an open circuit stays open, the first time and at most; each time doubled, with jitter."""

RESERVE: Final = 0.1
"""The part of an allowance that is kept for what is urgent."""

BRIEF: Final = timedelta(seconds=60)
"""An allowance that is renewed sooner than this is no reason to put anything off."""

FARTHEST: Final = timedelta(days=1)
"""Longer waits than this are not believed."""

ONE_TICKET: Final = "per-issue"
"""In Jira's RateLimit-Reason: the limit is of one ticket, and others may be written."""


def now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


@dataclass
class Allowance:
    """What a rule of the platform lets us ask until it is renewed, at `reset` by its clock and `renewed` by ours."""

    most: int
    left: int
    reset: datetime
    renewed: datetime


class Limits:
    """One account's. `clock` gives the time in UTC, `chance` a number in [0, 1) for the jitter."""

    def __init__(self, clock: Callable[[], datetime] = now, chance: Callable[[], float] = random.random) -> None:
        self.clock, self.chance = clock, chance
        self._until = self._seen = datetime.min.replace(tzinfo=UTC)
        self._failures = 0
        self._allowances: dict[str, Allowance] = {}

    def wait(self) -> float:
        """Return the seconds for which the platform is left alone; 0 is none."""
        moment = self._now()
        empty = (one.renewed for one in self._allowances.values() if one.left <= 0)
        return max(0.0, *((until - moment).total_seconds() for until in (self._until, *empty)))

    def is_scarce(self) -> bool:
        """Tell whether only what is urgent should be asked: the reserve is reached."""
        moment = self._now()
        return any(one.left <= one.most * RESERVE and one.renewed > moment + BRIEF for one in self._allowances.values())

    def heard(self, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer, whatever it says."""
        if status < 500:
            self._failures = 0
        if is_of_one_ticket(headers):
            return
        self._learn(headers)
        if status in (429, 503):
            self._leave_alone(min(timedelta(seconds=min(waits.asked_for(headers) or 0, 1e9)), FARTHEST))

    def failed(self) -> None:
        """Count a request that brought no answer, or none that helps; too many of them in a row open the circuit."""
        self._failures += 1
        if self._failures >= FAILURES:
            longest = min(LONGEST, FIRST * 2 ** min(self._failures - FAILURES, 10))
            self._leave_alone(longest * (0.5 + self.chance() / 2))

    def _now(self) -> datetime:
        """Return the time. Where the clock was set back, what was measured by it before means nothing any more."""
        moment = self.clock()
        if moment < self._seen:
            self._until = moment
            self._allowances.clear()
        self._seen = moment
        return moment

    def _leave_alone(self, wait: timedelta) -> None:
        self._until = max(self._until, self._now() + wait)

    def _learn(self, headers: Mapping[str, str]) -> None:
        """Keep what is left of an allowance. ServiceNow does not say: what we asked since it was renewed is counted.

        The reset is compared with the answer's own Date, because our clock may differ.
        """
        most, reset = headers.get("X-RateLimit-Limit", ""), waits.moment(headers.get("X-RateLimit-Reset", "").strip())
        if not most.isdecimal() or reset is None:
            return
        now, theirs = self._now(), waits.server_time(headers.get("Date", ""))
        renewed = now + min(max(reset - (theirs or now), timedelta(0)), FARTHEST)
        rule = headers.get("X-RateLimit-Rule") or headers.get("RateLimit-Reason") or ""
        before = self._allowances.get(rule)
        left = headers.get("X-RateLimit-Remaining", "")
        known = before.left if before is not None and before.reset == reset else int(most[:9])
        still = int(left[:9]) if left.isdecimal() else known - 1
        self._allowances[rule] = Allowance(int(most[:9]), still, reset, renewed)


def is_of_one_ticket(headers: Mapping[str, str]) -> bool:
    """Tell whether a 429 is about writes to one ticket only."""
    return ONE_TICKET in headers.get("RateLimit-Reason", "")
