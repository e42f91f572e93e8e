"""A ticket in time, for people who ask: how its clocks stand and why, what came, and what is to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Final, Literal, NamedTuple

from rules.calls import ticket_clocks
from rules.case import Case
from rules.clocks import Clock, Clocks, clocks
from rules.communication import MAJOR, is_beside_major
from rules.course import Span
from rules.engine import BEFORE_SINCE, STALE, looked_into
from rules.escalation import to_come
from rules.model import ON_HOLD, OPEN, Decision, Memory, Past, Sla, Surroundings, Ticket, Who
from rules.past import DEAF
from rules.rule import Communication, Step
from rules.rulebook import Rulebook
from rules.speakers import who
from rules.terms import CLOCKS
from rules.timed import Pending, pending

UNTOUCHED: Final = frozenset({STALE, BEFORE_SINCE, ON_HOLD})
OPENED: Final = "opened"
"""What the first entry of a ticket's past says beside what stood on it then."""


SHORTEST: Final = 60
"""Seconds that a timeline shows at least."""


class Reading(NamedTuple):
    """How a clock of ours stands, and the platform's beside it. Moments are seconds since 1970.

    `whose` target it is; `target` and `used` are seconds of working time. It stopped, or began to pause for `what`,
    at `since`. `due` is when the clock that counts runs out, or ran out; None where it does not. It pauses where it
    does not run while the ticket is `open` to it. `sla` is the platform's clock, and `named` what the workspace calls
    the one that is to count instead of ours.
    """

    clock: str
    whose: str
    target: int
    used: int
    state: Literal["runs", "paused", "stopped"]
    since: int | None
    what: str
    due: int | None
    mine: Clock
    open: tuple[Span, ...]
    sla: Sla | None
    named: str

    @property
    def over(self) -> int:
        """By how much working time our target was missed so far; 0 where it was not."""
        return max(0, self.used - self.target) if self.target else 0

    @property
    def own_due(self) -> int | None:
        """When ours runs out, or ran out, whether or not it counts."""
        return self.mine.due(self.target) if self.target else None


class Moment(NamedTuple):
    """What somebody did to the ticket at once. `exact` is False where it may have been earlier."""

    at: int
    by: Who
    exact: bool
    did: tuple[Past, ...]


class Coming(NamedTuple):
    """A message to come, and what will keep it from being said: "" if nothing does."""

    message: Pending
    but: str


class Hours(NamedTuple):
    """The calendar by which the clocks go, whose it is, and when it will be open; None if it is open now."""

    name: str
    of: str
    opens: int | None


class Source(NamedTuple):
    """Where it is known from what came.

    `told`: the platform's history tells; else we saw it ourselves, once in a `poll`. `heard`: the platform tells who
    spoke. `deaf`: this account may not read that.
    """

    told: bool
    heard: bool
    deaf: bool
    poll: timedelta


class Timeline(NamedTuple):
    """A ticket in time; `zone` is the one in which the desk reads it, `end` the last moment that matters.

    `others` are the platform's own clocks that stand for none of ours. `looks_again` is when the ticket is looked at
    without a change; None: never.
    """

    now: int
    start: int
    end: int
    is_open: bool
    zone: tzinfo
    hours: Hours
    clocks: tuple[Reading, ...]
    others: tuple[Sla, ...]
    came: tuple[Moment, ...]
    source: Source
    to_come: tuple[Coming, ...]
    looks_again: int | None


def timeline(
    ticket: Ticket, memory: Memory, around: Surroundings, book: Rulebook, now: datetime, decision: Decision
) -> Timeline | None:
    """Return a ticket in time; None where no rule and no target needs to know of time."""
    if not book.clocked:
        return None
    case = looked_into(ticket, memory, around, book, now)
    known, at, look = ticket_clocks(case), int(now.timestamp()), decision.look_again_at
    readings, came = tuple(_readings(case, known, at)), tuple(_moments(case))
    is_open, hours = known.course.open[-1][1] is None, known.terms.calendar
    ends = [at, *(one.due for one in readings if one.due is not None)] if is_open else [came[-1].at]
    named = book.connections[ticket.connection].slas.values()
    return Timeline(
        at,
        known.course.created,
        max(*ends, known.course.created + SHORTEST),
        is_open,
        book.calendars[book.calendar].zone,
        Hours(*book.terms.hours_of(case.facts), None if hours.is_open(at) else hours.next_open(at)),
        readings,
        tuple(one for one in ticket.slas if one.field not in named),
        came,
        _source(case),
        () if UNTOUCHED.intersection(decision.reasons) else tuple(_to_come(case)),
        None if look is None else int(look.timestamp()),
    )


def _source(case: Case) -> Source:
    ticket = case.ticket
    deaf = any(one.fact == DEAF for one in case.past)
    poll = case.book.connections[ticket.connection].poll
    return Source(ticket.history is not None, ticket.said is not None, deaf, poll)


def _readings(case: Case, known: Clocks, now: int) -> Iterator[Reading]:
    """Yield the clocks that promise something, by us or by the platform; of a closed ticket none of updates."""
    ours = clocks(known.course, known.terms, {}, now)
    named = case.book.connections[case.ticket.connection].slas
    slas = {one.field: one for one in case.ticket.slas}
    for name in CLOCKS:
        mine: Clock = getattr(ours, name)
        sla = slas.get(named.get(name, ""))
        if mine.spans and (mine.target or sla is not None):
            state, since, what = _state(case, name, known)
            whose, used = case.book.terms.whose(case.facts, name), mine.used(now)
            due = _due(getattr(known, name), sla)
            spans = known.course.open if name == "resolve" else mine.spans
            yield Reading(
                name, whose, mine.target, used, state, since, what, due, mine, spans, sla, named.get(name, "")
            )


def _state(case: Case, name: str, known: Clocks) -> tuple[Literal["runs", "paused", "stopped"], int | None, str]:
    """Return whether a clock of ours runs, since when it does not, and what stopped it or what it waits for."""
    been = known.course
    ended = been.answered if name == "respond" else been.open[-1][1]
    if ended is not None:
        return "stopped", ended, _end(case, name, ended)
    if name == "resolve" and (paused := been.worked[-1][1]) is not None:
        return "paused", paused, str(case.facts.get("waiting_for", ""))
    return "runs", None, ""


def _end(case: Case, name: str, at: int) -> str:
    """Return what stopped a clock for good: an answer, the status, or an act where words cannot be read."""
    then = [one for one in case.past if one.at == at]
    if name == "respond" and any(one.fact == "comment" and one.by == "agent" for one in then):
        return "answered"
    return next((one.value for one in then if one.fact == "status" and one.value not in OPEN), "taken")


def _due(clock: Clock, sla: Sla | None) -> int | None:
    """Return when the clock that counts runs out: the platform says so itself of its own."""
    if sla is not None:
        return None if sla.due is None else int(sla.due.timestamp())
    return clock.due(clock.target)


def _moments(case: Case) -> Iterator[Moment]:
    """Yield what came, oldest first: what one of them did at one time together."""
    ticket = case.ticket
    opened = Past(int(ticket.created.timestamp()), OPENED, "", who(case, ticket.created_by))
    past = [opened, *(one for one in case.past if one.fact != DEAF)]
    for (at, by, exact), did in groupby(past, lambda one: (one.at, one.by, one.exact)):
        yield Moment(at, by, exact, tuple(did))


def _to_come(case: Case) -> Iterator[Coming]:
    """Yield the messages to come, and why some of them will not be said as things are."""
    coming = [*pending(case), *to_come(case)]
    for one in sorted(coming, key=lambda one: (one.at, isinstance(one.rule, Step), one.rule.order)):
        modes = (case.mode, one.rule.mode)
        if "observe" in modes:
            yield Coming(one, "it is only noted in the journal: mode observe")
        elif "advise" in modes:
            yield Coming(one, "it is only proposed: mode advise")
        else:
            yield Coming(
                one,
                MAJOR if isinstance(one.rule, Communication) and is_beside_major(case, one.rule, one.reader) else "",
            )
