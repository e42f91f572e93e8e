"""Brakes: how much of a plan may go by itself. What is over waits for a person, and nothing is dropped."""

from __future__ import annotations

from typing import NamedTuple


class Brakes(NamedTuple):
    """A desk's limits; None is no limit. Hours and days roll. What is said of major incidents is not counted."""

    tickets_per_hour: int | None = None
    messages_per_hour: int | None = None
    messages_per_person_per_day: int | None = None


def let_through(limit: int, done: int, planned: int) -> int:
    """Return how many of the planned may go, where so many were done in the last hour.

    A plan that is larger than the limit by itself is a mass change: not one of it goes before a person looked at it.
    """
    return 0 if planned > limit else rest(limit, done, planned)


def rest(limit: int, done: int, planned: int) -> int:
    """Return how many of the planned fit under the limit beside those that were done."""
    return max(0, min(planned, limit - done))
