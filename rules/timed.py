"""Timed messages: those that clocks call for. Each is due once per occasion; only `look_again_at` wakes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rules.calls import (
    NEW_RULE,
    WAITS,
    Call,
    end_of,
    is_open,
    key_of,
    look_again,
    moments,
    passed_key,
    silenced_until,
    silences,
    tell_moment,
    ticket_clocks,
    timed_rules,
)
from rules.case import Case, left, with_outcome
from rules.clocks import Clocks
from rules.model import Action, Comment, Reason, mark
from rules.promises import last_promise
from rules.readers import CUSTOMERS
from rules.rule import Communication, Step, Trigger
from rules.silent import reminders

BEFORE_US: Final = "this was due more than a day before the ticket was first seen"
DAY: Final = 86_400


class Due(NamedTuple):
    """A timed message whose moment has come: the rule, the reader, what is said of it, and the key of its action.

    `passed` is the key under which it is done with where nobody is told.
    """

    rule: Communication
    reader: str
    reason: Reason
    key: str
    passed: str


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


def timed(case: Case) -> list[Due]:
    """Return the timed messages that are due now and were not sent; the ticket is looked at again for the next one."""
    found: list[Due] = []
    now = int(case.now.timestamp())
    for rule in timed_rules(case):
        calls = _moments(case, rule, now)
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
        for rule in timed_rules(case)
        for calls in [_moments(case, rule, now)]
        for reader in rule.to
        for call in _undone(case, rule, reader, calls)
        if now < (one := _coming(case, rule, reader, call, now)).at < WAITS
    ]
    return sorted(found, key=lambda one: (one.at, one.rule.order))


def _moments(case: Case, rule: Communication, now: int) -> list[Call]:
    return reminders(case, rule) if rule.times else moments(case, rule, now)


def _coming(case: Case, rule: Communication, reader: str, call: Call, now: int) -> Pending:
    """Return when a message will be said: a silence may end in quiet hours, and quiet hours in a silence."""
    at, held = max(call.at, now), ""
    while (later := _held_off(case, reader, at)) > at:
        held = next((f"a silence ({one.because})" for one in silences(case, at)), "quiet hours")
        at = later
    return Pending(at, rule, reader, call.trigger, call.at, held)


def promise(case: Case) -> None:
    """Let messages say what is promised: when the next word comes at the latest, and when the clocks run out."""
    if not is_open(case):
        return
    known, now = ticket_clocks(case), int(case.now.timestamp())
    spoken = case.announced is not None or any(isinstance(one, Comment) and one.public for one in case.actions)
    moments = {
        "promise.next": _announced(case) or (_next_word if spoken else _promised_word)(case, known, now),
        "promise.respond": end_of(case, "respond", known),
        "promise.resolve": end_of(case, "resolve", known),
    }
    for fact, at in moments.items():
        tell_moment(case, fact, at)
    by = moments["promise.next"]
    if spoken and by is not None and by < WAITS:
        case.actions = [_promising(case, action, by) for action in case.actions]
    if case.announced is not None and by is not None and by < WAITS:
        case.announced = case.announced._replace(next_by=by)


def _announced(case: Case) -> int | None:
    """Return by when the next word about the major incident comes of which the ticket's requester hears now."""
    said = case.heard_of
    return said.next_by if said is not None and said.next_by > int(case.now.timestamp()) else None


def _next_word(_: Case, known: Clocks, now: int) -> int | None:
    """Return by when a word follows one that is said now."""
    return known.terms.calendar.add(now, known.terms.updates) if known.terms.updates else None


def _promised_word(case: Case, known: Clocks, now: int) -> int | None:
    """Return by when the requester waits for word while nothing is said to them: as promised, else as agreed."""
    given = last_promise(case)
    if given is not None and given.state == "open":
        return given.due
    end = end_of(case, "updates", known)
    return end if end is not None and end > now else None


def _promising(case: Case, action: Action, by: int) -> Action:
    """Return the action, which says when it promises the next word, if it does."""
    promises = isinstance(action, Comment) and action.public and action.message in case.book.promising
    return action._replace(next_by=by) if promises else action  # type: ignore[call-arg]


def _judge(case: Case, rule: Communication, reader: str, call: Call, now: int, found: list[Due]) -> None:
    """Let a message wait for its moment, be due, or be done with."""
    key, awaited = key_of(case, rule, reader, call), mark(_awaited(case, rule, reader, call))
    at = max(call.at, _held_off(case, reader, now)) if call.at <= now else call.at
    if at > now:
        look_again(case, at)
        case.waiting.add(awaited)
        return
    reason = _saying(case.book.reasons["communicate", rule.order], call.trigger)
    if why := _lost_its_meaning(case, awaited, call.at, now):
        case.reasons.append(with_outcome(left(reason, why), "held back"))
        case.forgone |= {passed_key(case, rule, reader, call)}
        return
    found.append(Due(rule, reader, reason, key, passed_key(case, rule, reader, call)))
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
        passed = passed_key(case, rule, reader, call)
        if not case.is_done(key_of(case, rule, reader, call)) and not case.is_done(passed):
            yield call
            if rule.after[0].what != "every" and passed not in case.forgone:
                return


def _awaited(case: Case, rule: Communication, reader: str, call: Call) -> str:
    """Return under which name a message waits: one that comes again and again waits as long as its rule is there.

    A word of ours makes the next one wait without another decision, which would have to name its occasion.
    """
    key = passed_key(case, rule, reader, call)
    return key.removesuffix(str(call.occasion)) if call.trigger.comes_again else key


def _held_off(case: Case, reader: str, now: int) -> int:
    """Return when a timed message may be said: now, or when a silence or the reader's quiet hours end."""
    book = case.book
    ends = [silenced_until(case, now)]
    if book.quiet is not None and reader in CUSTOMERS:
        person = case.ticket.requester
        otherwise = book.calendars[book.calendar].zone
        ends.append(book.quiet.ends(case.facts, person.zone if person is not None else "", otherwise, now))
    return max(ends)


@lru_cache(maxsize=10_000)
def _saying(reason: Reason, trigger: Trigger) -> Reason:
    """Return the reason with what called for it in front."""
    return reason._replace(text=f"{trigger.text}: {reason.text}")
