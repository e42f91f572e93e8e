"""Clocks: how much of a promise is used up, and when it will be. They count working time in the spans they run in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rules.calendar import Calendar
from rules.course import Course, Span
from rules.model import Sla
from rules.terms import Terms


class Clock(NamedTuple):
    """A clock that runs in these spans, the last of which may go on. Moments and durations are seconds.

    `target` is 0 where nothing is promised. `before` was counted already when the first span began: where the
    platform's own clock is read.
    """

    calendar: Calendar
    spans: tuple[Span, ...]
    target: int = 0
    before: int = 0

    @property
    def runs(self) -> bool:
        """Whether it is running now."""
        return bool(self.spans) and self.spans[-1][1] is None

    def used(self, now: int) -> int:
        """Return the working time that it has counted."""
        between = self.calendar.between
        return self.before + sum(between(start, now if end is None else min(end, now)) for start, end in self.spans)

    def due(self, seconds: int) -> int | None:
        """Return when it has counted so much, if it goes on as it does; None where it is stopped before that."""
        left = seconds - self.before
        for start, end in self.spans:
            if end is None or left <= 0:
                return self.calendar.add(start, left)
            counted = self.calendar.between(start, end)
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
    is_open = course.open[-1][1] is None
    spans: dict[str, tuple[Span, ...]] = {
        "respond": ((course.created, course.answered),),
        "resolve": course.worked,
        "updates": ((course.word, None),) if is_open else (),
    }
    made = {
        name: _native(terms.calendar, slas[name], now)
        if name in slas
        else Clock(terms.calendar, spans[name], terms.target(name))
        for name in spans
    }
    return Clocks(course, terms, **made)


def _native(calendar: Calendar, sla: Sla, now: int) -> Clock:
    """Return the platform's clock as read now: what is left of it counts on in our calendar."""
    if sla.state == "running" and sla.due is not None:
        return Clock(calendar, ((now, None),), sla.target, sla.target - calendar.between(now, int(sla.due.timestamp())))
    spans: tuple[Span, ...] = ((now, None),) if sla.state == "running" and sla.used is not None else ((now, now),)
    return Clock(calendar, spans, sla.target, sla.used or 0)
