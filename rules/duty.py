"""Who of a team is on duty, and since when nobody is. Moments are seconds since 1970."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from rules.calendar import Calendar
    from rules.rulebook import Rulebook

NEVER: Final = float("inf")
MOST_TURNS: Final = 100
"""Turns of regions without a gap after which somebody is always on duty."""


class Shift(NamedTuple):
    """Which team or region is on duty until when, None: for ever. Nobody: "", until somebody is."""

    team: str
    end: int | None


def on_duty(book: Rulebook, team: str, now: int) -> str:
    """Return the team itself; of a follow-the-sun team the first region that is open, else the one that opens next."""
    return min(crew(book, team), key=lambda one: _opens(hours_of(book, one), now))


def shift(book: Rulebook, team: str, at: int) -> Shift:
    """Return who is on duty and until when: a region also until one that stands before it in the list opens."""
    who = on_duty(book, team, at)
    hours = hours_of(book, who)
    if not hours.is_open(at):
        return Shift("", hours.next_open(at))
    before = takewhile(lambda one: one != who, crew(book, team))
    ends = (hours.next_close(at), *(hours_of(book, one).next_open(at) for one in before))
    return Shift(who, min((end for end in ends if end is not None), default=None))


def off_duty_since(book: Rulebook, team: str, now: int) -> int:
    """Return since when nobody of the team has been on duty: now itself while somebody is."""
    return max(hours_of(book, one).closed_since(now) for one in crew(book, team))


def off_duty_from(book: Rulebook, team: str, now: int) -> int | None:
    """Return since when nobody of the team is on duty, or when that will next be so; None if somebody always is."""
    at = now
    for _ in range(MOST_TURNS):
        ends = [hours.next_close(at) for one in crew(book, team) if (hours := hours_of(book, one)).is_open(at)]
        if not ends:
            return off_duty_since(book, team, now) if at == now else at
        if None in ends:
            return None
        at = max(end for end in ends if end is not None)
    return None


def whole(book: Rulebook, team: str) -> str:
    """Return the team that follows the sun of a region; any other team itself."""
    return book.parents.get(team, team)


def crew(book: Rulebook, team: str) -> tuple[str, ...]:
    """Return the regions of a follow-the-sun team; any other team alone."""
    return book.teams[team].regions or (team,)


def hours_of(book: Rulebook, team: str) -> Calendar:
    """Return the calendar by which a team works: its own, else the desk's."""
    return book.calendars[book.teams[team].calendar or book.calendar]


def _opens(hours: Calendar, now: int) -> float:
    opens = hours.next_open(now)
    return NEVER if opens is None else opens
