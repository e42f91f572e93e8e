"""Calls: the moments at which clocks call for something, and when a ticket is looked at again for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from rules.case import Case
from rules.clocks import Clock, Clocks, clocks
from rules.course import Course, course
from rules.duty import off_duty_from, whole
from rules.model import OPEN, Assign, Facts, Past, Ticket
from rules.quiet import Silence
from rules.rule import Communication, Trigger
from rules.rulebook import Rulebook

WAITS: Final = 10_000_000_000
"""Later than any moment that a service lives to see: a calendar that is closed for ever never makes anything due."""

NEW_RULE: Final = "this was due before the rule was switched on"


class Call(NamedTuple):
    """What calls for a message: when (seconds since 1970), what, and which occasion that is."""

    at: int
    trigger: Trigger
    occasion: int


def ticket_clocks(case: Case) -> Clocks:
    """Return the clocks of the ticket that is being decided."""
    if case.clocks is None:
        case.clocks = clocks_of(case.ticket, case.past, case.facts, case.book, case.now)
    return case.clocks


def clocks_of(ticket: Ticket, past: Sequence[Past], facts: Facts, book: Rulebook, now: datetime) -> Clocks:
    """Return the clocks of a ticket to which this happened; `facts` are those of the decision."""
    named = {sla.field: sla for sla in ticket.slas}
    slas = {clock: named[field] for clock, field in book.connections[ticket.connection].slas.items() if field in named}
    been = course(int(ticket.created.timestamp()), past, book.pauses)
    return clocks(been, book.terms.of(facts), slas, int(now.timestamp()))


def look_again(case: Case, at: int) -> None:
    """Have the ticket looked at again at this moment, if not before."""
    if at < WAITS:
        moment = datetime.fromtimestamp(at, UTC)
        case.look_again_at = min(moment, case.look_again_at or moment)


def tell_moment(case: Case, fact: str, at: int | None) -> None:
    """Let messages name a moment, if it ever comes."""
    if at is not None and at < WAITS:
        case.facts[fact] = datetime.fromtimestamp(at, UTC)


def silenced_until(case: Case, now: int) -> int:
    """Return when what time calls for may happen: now, or when a silence ends."""
    return max((one.end for one in silences(case, now)), default=now)


def silences(case: Case, at: int) -> list[Silence]:
    return [one for one in case.book.silences if one.start <= at < one.end and one.when.test(case.facts)]


def moments(case: Case, rule: Communication, now: int) -> list[Call]:
    """Return a rule's moments, the first one first; of one that comes each time the last that was, and the next."""
    if rule.after[0].what == "every":
        return _each_time(case, rule.after[0], now)
    return sorted(call for trigger in rule.after if (call := _call(case, trigger)) is not None)


def next_moment(case: Case, after: Sequence[Trigger], now: int) -> int:
    """Return the first of some moments that is yet to come."""
    calls = (_call(case, trigger) for trigger in after)
    return min((call.at for call in calls if call is not None and call.at > now), default=WAITS)


def first_call(case: Case, after: Sequence[Trigger]) -> Call | None:
    """Return the first of some moments, as far as they come at all."""
    calls = [call for trigger in after if (call := _call(case, trigger)) is not None]
    return min(calls, default=None)


def _call(case: Case, trigger: Trigger) -> Call | None:
    """Return when a trigger calls, or called, for its message; None where it cannot as things are.

    Only what is still true calls: an answered ticket has no use for a warning that it is not answered.
    """
    known = ticket_clocks(case)
    been, calendar = known.course, known.terms.calendar
    if trigger.clock:
        at = _of_target(case, trigger, known)
    elif trigger.what == "unacknowledged":
        waits = been.acknowledged is None and is_open(case) and _has_a_team(case)
        at = calendar.add(been.team_since, trigger.amount) if waits else None
    else:
        since = _since(case, trigger.what, been)
        at = calendar.add(since, trigger.amount) if since is not None else None
        if at is not None and trigger.what == "off_duty":  # the team was not asked before it had the ticket
            at = max(at, been.team_since)
    if at is None:
        return None
    return Call(at, trigger, at if trigger.comes_again else been.reopened)


def _has_a_team(case: Case) -> bool:
    """Tell whether a team has the ticket already: one that a route gives it to now has had no time to acknowledge."""
    routed = (isinstance(action, Assign) and action.reason.stage == "route" for action in case.actions)
    return "team" in case.ticket.facts and not any(routed)


def _since(case: Case, what: str, been: Course) -> int | None:
    """Return since when it waits, is resolved, or nobody of its team is on duty."""
    if what == "waiting":
        return been.waiting
    if what == "resolved":
        return been.resolved
    team = str(case.facts.get("team", ""))
    known = team in case.book.teams and is_open(case)
    return off_duty_from(case.book, whole(case.book, team), int(case.now.timestamp())) if known else None


def _of_target(case: Case, trigger: Trigger, known: Clocks) -> int | None:
    """Return when a clock has used a share of its target, or has so much of it left."""
    clock: Clock = getattr(known, trigger.clock)
    if not clock.target or not counts(case, trigger.clock, known):
        return None
    if trigger.what == "used":
        return clock.due(-(-clock.target * trigger.amount // 100))
    return clock.due(max(0, clock.target - trigger.amount))


def _each_time(case: Case, trigger: Trigger, now: int) -> list[Call]:
    """Return the last time that a clock ran out without a word, if it did, and the next time."""
    known = ticket_clocks(case)
    clock: Clock = getattr(known, trigger.clock)
    if not clock.target or not counts(case, trigger.clock, known):
        return []
    times = clock.used(now) // clock.target
    moments = (clock.due(clock.target * many) for many in (times, times + 1) if many)
    return [Call(at, trigger, at) for at in moments if at is not None]


def end_of(case: Case, name: str, known: Clocks) -> int | None:
    clock: Clock = getattr(known, name)
    return clock.due(clock.target) if clock.target and counts(case, name, known) else None


def counts(case: Case, clock: str, known: Clocks) -> bool:
    """Tell whether a clock still matters."""
    return is_open(case) and (clock != "respond" or known.course.answered is None)


def is_open(case: Case) -> bool:
    return case.facts.get("status") in OPEN


def timed_rules(case: Case) -> tuple[Communication, ...]:
    """Return the timed rules whose condition holds."""
    stage = case.book.timed
    values = stage.values(case.facts)
    found = stage.answers.get(values)
    return stage.remember(values, tuple(stage.matching(case.facts))) if found is None else found


def key_of(case: Case, rule: Communication, reader: str, call: Call) -> str:
    """Return the key of a message, which any of its rule's moments sends."""
    moments = " or ".join([one.text for one in rule.after])
    return f"{case.start}{rule.message} to {reader} @{moments} {call.occasion}"


def passed_key(case: Case, rule: Communication, reader: str, call: Call) -> str:
    """Return the key under which one moment of a message is done with that was never sent."""
    return f"{case.start}{rule.message} to {reader} @{call.trigger.text} {call.occasion}"


def is_said(case: Case, rule: Communication, call: Call) -> bool:
    """Tell whether any reader of a rule heard its message on this occasion."""
    return any(case.is_done(key_of(case, rule, reader, call)) for reader in rule.to)
