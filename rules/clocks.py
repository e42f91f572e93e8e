"""Clocks: how much of a promise is used up, and when it will be. They count working time in the spans they run in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rules.calendar import Calendar
from rules.course import Course, Span
from rules.model import Sla, made
from rules.terms import CLOCKS, Terms


class Clock(NamedTuple):
    """A clock that runs in these spans, the last of which may go on. Moments and durations are seconds.

    `target` is 0 where nothing is promised. `before` was counted already when the first span began: where the
    platform's own clock is read. `counted` is that and what the spans that are over have counted, `since` when the
    last span began if it goes on.
    """

    calendar: Calendar
    spans: tuple[Span, ...]
    target: int
    before: int
    counted: int
    since: int | None

    def used(self, now: int) -> int:
        """Return the working time that it has counted."""
        return self.counted if self.since is None else self.counted + self.calendar.between(self.since, now)

    def due(self, seconds: int) -> int | None:
        """Return when it has counted so much, if it goes on as it does; None where it is stopped before that."""
        left = seconds - self.counted
        if left <= 0:
            return self._was_due(seconds - self.before)
        return None if self.since is None else self.calendar.add(self.since, left)

    def _was_due(self, left: int) -> int | None:
        for start, end in self.spans:
            counted = left if end is None else self.calendar.between(start, end)
            if counted >= left:
                return self.calendar.add(start, left)
            left -= counted
        return None


class Clocks(NamedTuple):
    """The clocks of a ticket that have a target, and its course, which tells what else can be waited for."""

    course: Course
    terms: Terms
    respond: Clock
    resolve: Clock
    updates: Clock


def clocks(course: Course, terms: Terms, slas: Mapping[str, Sla], now: int) -> Clocks:
    """Return the clocks of a ticket. `slas` are the platform's own that stand for ours, by clock."""
    hours = terms.calendar
    word: tuple[Span, ...] = ((course.word, None),) if course.open[-1][1] is None else ()
    found: tuple[Clock, ...] = (
        clock(hours, ((course.created, course.answered),), terms.respond),
        clock(hours, course.worked, terms.resolve),
        clock(hours, word, terms.updates),
    )
    if slas:
        ours = zip(CLOCKS, found, strict=True)
        found = tuple(_native(hours, slas[name], now) if name in slas else one for name, one in ours)
    return made(Clocks, (course, terms, *found))


def clock(calendar: Calendar, spans: tuple[Span, ...], target: int = 0, before: int = 0) -> Clock:
    """Return a clock, and count at once what is over: it is asked for again and again."""
    counted, since = before, None
    for start, end in spans:
        if end is None:
            since = start
        else:
            counted += calendar.between(start, end)
    return made(Clock, (calendar, spans, target, before, counted, since))


def _native(calendar: Calendar, sla: Sla, now: int) -> Clock:
    """Return the platform's clock as read now: what is left of it counts on in our calendar.

    One that has run out counts from that moment on, so that what was due long ago is known as such.
    """
    if sla.state == "running" and sla.due is not None:
        due = int(sla.due.timestamp())
        since = min(now, due)
        return clock(calendar, ((since, None),), sla.target, sla.target - calendar.between(since, due))
    spans: tuple[Span, ...] = ((now, None),) if sla.state == "running" and sla.used is not None else ((now, now),)
    return clock(calendar, spans, sla.target, sla.used or 0)
