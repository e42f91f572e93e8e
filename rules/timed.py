"""Timed messages: those that clocks call for. Each is due once per occasion; only `look_again_at` wakes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from rules.case import Case, left, with_outcome
from rules.clocks import Clock, Clocks, clocks
from rules.course import Course, course
from rules.duty import off_duty_from, whole
from rules.model import OPEN, Action, Assign, Comment, Facts, Past, Reason, Ticket, mark
from rules.quiet import Silence
from rules.rulebook import Communication, Rulebook, Step, Trigger

BEFORE_US: Final = "this was due more than a day before the ticket was first seen"
DAY: Final = 86_400
SOON: Final = 60
"""Seconds after which a ticket that somebody else got is looked at again: their time has begun."""
NEW_RULE: Final = "this was due before the rule was switched on"
WAITS: Final = 10_000_000_000
"""Later than any moment that a service lives to see: a calendar that is closed for ever never makes anything due."""


class Due(NamedTuple):
    """A timed message whose moment has come: the rule, the reader, what is said of it, and the key of its action."""

    rule: Communication
    reader: str
    reason: Reason
    key: str


class Pending(NamedTuple):
    """A timed message or step to come: who hears what because of which moment; moments are seconds since 1970.

    `at` is when it is said as things are, `called` when it is called for, `held` what it waits for in between.
    """

    at: int
    rule: Communication | Step
    reader: str
    trigger: Trigger
    called: int
    held: str


class Call(NamedTuple):
    """What calls for a message: when (seconds since 1970), what, and which occasion that is."""

    at: int
    trigger: Trigger
    occasion: int


def timed(case: Case) -> list[Due]:
    """Return the timed messages that are due now and were not sent; the ticket is looked at again for the next one."""
    found: list[Due] = []
    now = int(case.now.timestamp())
    for rule in _matching(case):
        calls = _calls(case, rule, now)
        for reader in rule.to if calls else ():
            if rule.after[0].comes_again and case.mode == rule.mode == "apply":
                case.waiting.add(mark(_awaited(case, rule, reader, calls[0])))
            for call in _undone(case, rule, reader, calls):
                _judge(case, rule, reader, call, now, found)
    return found


def pending(case: Case) -> list[Pending]:
    """Return the timed messages to come, the next one first, each as it will be said if nothing changes."""
    now = int(case.now.timestamp())
    found = [
        one
        for rule in _matching(case)
        for calls in [_calls(case, rule, now)]
        for reader in rule.to
        for call in _undone(case, rule, reader, calls)
        if now < (one := _coming(case, rule, reader, call, now)).at < WAITS
    ]
    return sorted(found, key=lambda one: (one.at, one.rule.order))


def _coming(case: Case, rule: Communication, reader: str, call: Call, now: int) -> Pending:
    """Return when a message will be said: a silence may end in quiet hours, and quiet hours in a silence."""
    at, held = max(call.at, now), ""
    while (later := _held_off(case, reader, at)) > at:
        held = next((f"a silence ({one.because})" for one in _silences(case, at)), "quiet hours")
        at = later
    return Pending(at, rule, reader, call.trigger, call.at, held)


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


def wake_after_our_writes(case: Case, spoke: bool) -> None:
    """Look at the ticket again for what begins when this goes out: the next update, the time of the team that gets it.

    Nothing else wakes it: what we wrote ourselves is no news.
    """
    if spoke:
        _wake_for_updates(case)
    if case.mode == "apply" and any(isinstance(action, Assign) for action in case.actions):
        calendar, now = ticket_clocks(case).terms.calendar, int(case.now.timestamp())
        for trigger in (one for rule in _matching(case) for one in rule.after if one.what == "unacknowledged"):
            at = calendar.add(now, trigger.amount)
            if at is not None:
                look_again(case, max(at, now + 1))


def _wake_for_updates(case: Case) -> None:
    known, now = ticket_clocks(case), int(case.now.timestamp())
    for trigger in (one for rule in _matching(case) for one in rule.after if one.clock == "updates"):
        left = known.updates.target - (trigger.amount if trigger.what == "left" else 0)
        at = known.terms.calendar.add(now, left) if known.updates.target else None
        if at is not None and at > now:
            look_again(case, at)


def promise(case: Case) -> None:
    """Let messages say what is promised: when the next word comes at the latest, and when the clocks run out."""
    if not _is_open(case):
        return
    known, now = ticket_clocks(case), int(case.now.timestamp())
    moments = {
        "promise.next": known.terms.calendar.add(now, known.terms.updates) if known.terms.updates else None,
        "promise.respond": _end(case, "respond", known),
        "promise.resolve": _end(case, "resolve", known),
    }
    for fact, at in moments.items():
        tell_moment(case, fact, at)
    if (by := moments["promise.next"]) is not None and by < WAITS:
        case.actions = [_promising(case, action, by) for action in case.actions]


def _promising(case: Case, action: Action, by: int) -> Action:
    """Return the action, which says when it promises the next word, if it does."""
    promises = isinstance(action, Comment) and action.public and action.message in case.book.promising
    return action._replace(next_by=by) if promises else action  # type: ignore[call-arg]


def tell_moment(case: Case, fact: str, at: int | None) -> None:
    """Let messages name a moment, if it ever comes."""
    if at is not None and at < WAITS:
        case.facts[fact] = datetime.fromtimestamp(at, UTC)


def _end(case: Case, name: str, known: Clocks) -> int | None:
    clock: Clock = getattr(known, name)
    return clock.due(clock.target) if clock.target and _counts(case, name, known) else None


def _matching(case: Case) -> tuple[Communication, ...]:
    """Return the timed rules whose condition holds."""
    stage = case.book.timed
    values = stage.values(case.facts)
    found = stage.answers.get(values)
    return stage.remember(values, tuple(stage.matching(case.facts))) if found is None else found


def _judge(case: Case, rule: Communication, reader: str, call: Call, now: int, found: list[Due]) -> None:
    """Let a message wait for its moment, be due, or be done with."""
    key, awaited = _key(case, rule, reader, call), mark(_awaited(case, rule, reader, call))
    at = max(call.at, _held_off(case, reader, now)) if call.at <= now else call.at
    if at > now:
        look_again(case, at)
        case.waiting.add(awaited)
        return
    reason = _saying(case.book.reasons["communicate", rule.order], call.trigger)
    if why := _lost_its_meaning(case, awaited, call.at, now):
        case.reasons.append(with_outcome(left(reason, why), "held back"))
        case.forgone |= {_passed(case, rule, reader, call)}
        return
    found.append(Due(rule, reader, reason, key))
    if case.mode == rule.mode == "apply":
        case.waiting.add(awaited)


def _lost_its_meaning(case: Case, awaited: str, at: int, now: int) -> str:
    """Return why a message is done with that was due already when its rule was switched on, or "".

    Then only what was seen waiting counts. On a ticket that is new to us, so does what was due within the last day.
    """
    memory = case.memory
    if memory.version < 0:
        return BEFORE_US if max(at, int(case.ticket.created.timestamp())) < now - DAY else ""
    return NEW_RULE if memory.digest != case.book.digest and awaited not in memory.waits else ""


def _undone(case: Case, rule: Communication, reader: str, calls: Sequence[Call]) -> Iterator[Call]:
    """Yield a rule's next moment for a reader: of several the first, unless it passed before anybody could be told.

    All of them send one message: once it is sent, no other moment sends it again.
    """
    for call in calls:
        passed = _passed(case, rule, reader, call)
        if not case.is_done(_key(case, rule, reader, call)) and not case.is_done(passed):
            yield call
            if rule.after[0].what != "every" and passed not in case.forgone:
                return


def _key(case: Case, rule: Communication, reader: str, call: Call) -> str:
    """Return the key of a message, which any of its rule's moments sends."""
    moments = " or ".join([one.text for one in rule.after])
    return f"{case.start}{rule.message} to {reader} @{moments} {call.occasion}"


def _passed(case: Case, rule: Communication, reader: str, call: Call) -> str:
    """Return the key under which one moment of a message is done with that was never sent."""
    return f"{case.start}{rule.message} to {reader} @{call.trigger.text} {call.occasion}"


def _awaited(case: Case, rule: Communication, reader: str, call: Call) -> str:
    """Return under which name a message waits: one that comes again and again waits as long as its rule is there.

    A word of ours makes the next one wait without another decision, which would have to name its occasion.
    """
    key = _passed(case, rule, reader, call)
    return key.removesuffix(str(call.occasion)) if call.trigger.comes_again else key


def _silences(case: Case, at: int) -> list[Silence]:
    return [one for one in case.book.silences if one.start <= at < one.end and one.when.test(case.facts)]


def silenced_until(case: Case, now: int) -> int:
    """Return when what time calls for may happen: now, or when a silence ends."""
    return max((one.end for one in _silences(case, now)), default=now)


def _held_off(case: Case, reader: str, now: int) -> int:
    """Return when a timed message may be said: now, or when a silence or the reader's quiet hours end."""
    book = case.book
    ends = [silenced_until(case, now)]
    if book.quiet is not None and reader == "requester":
        person = case.ticket.requester
        otherwise = book.calendars[book.calendar].zone
        ends.append(book.quiet.ends(case.facts, person.zone if person is not None else "", otherwise, now))
    return max(ends)


def look_again(case: Case, at: int) -> None:
    """Have the ticket looked at again at this moment, if not before."""
    if at < WAITS:
        moment = datetime.fromtimestamp(at, UTC)
        case.look_again_at = min(moment, case.look_again_at or moment)


def _calls(case: Case, rule: Communication, now: int) -> list[Call]:
    """Return a rule's moments, the first one first; of one that comes each time the last that was, and the next."""
    if rule.after[0].what == "every":
        return _each_time(case, rule.after[0], now)
    return sorted(call for trigger in rule.after if (call := _call(case, trigger)) is not None)


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
        waits = been.acknowledged is None and _is_open(case) and "team" in case.facts
        at = calendar.add(been.team_since, trigger.amount) if waits else None
    else:
        since = _since(case, trigger.what, been)
        at = calendar.add(since, trigger.amount) if since is not None else None
        if at is not None and trigger.what == "off_duty":  # the team was not asked before it had the ticket
            at = max(at, been.team_since)
    if at is None:
        return None
    return Call(at, trigger, at if trigger.comes_again else been.reopened)


def _since(case: Case, what: str, been: Course) -> int | None:
    """Return since when it waits, is resolved, or nobody of its team is on duty."""
    if what == "waiting":
        return been.waiting
    if what == "resolved":
        return been.resolved
    team = str(case.facts.get("team", ""))
    known = team in case.book.teams and _is_open(case)
    return off_duty_from(case.book, whole(case.book, team), int(case.now.timestamp())) if known else None


def _of_target(case: Case, trigger: Trigger, known: Clocks) -> int | None:
    """Return when a clock has used a share of its target, or has so much of it left."""
    clock: Clock = getattr(known, trigger.clock)
    if not clock.target or not _counts(case, trigger.clock, known):
        return None
    if trigger.what == "used":
        return clock.due(-(-clock.target * trigger.amount // 100))
    return clock.due(max(0, clock.target - trigger.amount))


def _each_time(case: Case, trigger: Trigger, now: int) -> list[Call]:
    """Return the last time that a clock ran out without a word, if it did, and the next time."""
    known = ticket_clocks(case)
    clock: Clock = getattr(known, trigger.clock)
    if not clock.target or not _counts(case, trigger.clock, known):
        return []
    times = clock.used(now) // clock.target
    moments = (clock.due(clock.target * many) for many in (times, times + 1) if many)
    return [Call(at, trigger, at) for at in moments if at is not None]


def _counts(case: Case, clock: str, known: Clocks) -> bool:
    """Tell whether a clock still matters."""
    return _is_open(case) and (clock != "respond" or known.course.answered is None)


def _is_open(case: Case) -> bool:
    return case.facts.get("status") in OPEN


@lru_cache(maxsize=10_000)
def _saying(reason: Reason, trigger: Trigger) -> Reason:
    """Return the reason with what called for it in front."""
    return reason._replace(text=f"{trigger.text}: {reason.text}")
