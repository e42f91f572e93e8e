"""Communicate: who hears what now. All rules are looked at; of those due each reader gets the first in the file."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from rules.case import Case, aside, left, with_outcome
from rules.language import choose
from rules.model import OPEN, Comment, Fact, Reason, made
from rules.rulebook import EVENT, Communicated, Communication, Told

LATEST: Final = timedelta(hours=24)
"""A word about something older than this has lost its meaning: after an outage nobody is told yesterday's news."""

SECOND: Final = "the reader hears something else first"
LATE: Final = "too late to mean anything"
MAJOR: Final = "during a major incident the requester hears only of that"
CHANGES: Final = (("prioritised", "priority"), ("assigned", "team"), ("major", "major"))
"""Events, and the facts whose change they are."""

Happened = dict[str, int]
"""What happened and when, in seconds since 1970: the occasion that the keys of its messages carry."""


def communicate(case: Case) -> None:
    """Plan the messages of what just happened, and of what happened before and was not yet told."""
    happened = _happened(case)
    if not happened:
        return
    case.facts[EVENT] = tuple(happened)
    stage = case.book.communications
    values = stage.values(case.facts)
    answer = stage.answers.get(values) or stage.remember(values, _communicated(case, happened))
    del case.facts[EVENT]
    if answer.held:
        case.reasons += answer.held
    latest = _latest(case.now)
    heard: set[str] = set()
    owed: dict[str, str] = {}
    for told in answer.told:
        rule, reader, reason, second, late = told
        if reader in heard:
            case.reasons.append(second)
            if rule.mode == "apply":
                case.forgone |= {_key(case, rule, reader, happened[rule.on])}
        elif rule.mode != "apply":
            aside(rule, reason, case.reasons, case.proposals)
        elif happened[rule.on] < latest:
            case.reasons.append(late)
        else:
            heard.add(reader)
            _say(case, rule, reader, reason, happened[rule.on], owed)
    if owed:
        case.owed = owed


@lru_cache(maxsize=16)
def _latest(now: datetime) -> int:
    """Return the second before which what happened is no news any more; `now` is the same for a whole page."""
    return int((now - LATEST).timestamp())


def _communicated(case: Case, happened: Happened) -> Communicated:
    """Return the messages of the rules that match; while a ticket is major its requester hears only of that."""
    told: list[Told] = []
    held: list[Reason] = []
    only_major = case.facts.get("major") is True
    for rule in case.book.communications.matching(case.facts):
        reason = case.book.reasons["communicate", rule.order]
        for reader in rule.to if rule.on in happened else ():
            if only_major and reader == "requester" and not rule.major:
                held.append(_held_back(reason, MAJOR))
            else:
                told.append(Told(rule, reader, reason, _held_back(reason, SECOND), _held_back(reason, LATE)))
    return Communicated(tuple(told), tuple(held))


def _held_back(reason: Reason, why: str) -> Reason:
    return with_outcome(left(reason, why), "held back")


def _happened(case: Case) -> Happened:
    """Return what happened since we last decided, or is still owed, as far as it is still true."""
    found = _first_sight(case) if case.memory.version < 0 else _changes(case)
    if case.memory.owed:
        found = _owed(case) | found
        case.owed = {}
    if found and case.facts.get("status") in OPEN:
        found.pop("resolved", None)
        if "major" in found and not _is_major_news(case):
            del found["major"]
        return found
    return {"resolved": found["resolved"]} if "resolved" in found else {}


def _is_major_news(case: Case) -> bool:
    """Tell whether the ticket became a major incident; that it no longer is one is nothing to tell.

    One that is new to us and carries marks of ours was seen before the store was lost. It was told then: when it
    became major, of which the mark of that message was made, can no longer be known.
    """
    told_before = case.memory.version < 0 and case.ticket.marks
    return case.facts.get("major") is not False and not told_before


def _first_sight(case: Case) -> Happened:
    """Return what is news about a ticket never seen before; all of it is as old as the ticket."""
    facts, created, listened = case.facts, int(case.ticket.created.timestamp()), case.book.events
    found, told = {}, {}
    if "created" in listened:
        found["created"] = created
    for event, fact in _watched(listened):
        if fact in facts:
            told[fact] = facts[fact]
            found[event] = created
    if _is_resolved(case):
        told["status"] = "resolved"
        if "resolved" in listened:
            found["resolved"] = _resolved_at(case)
    case.told = told
    return found


def _changes(case: Case) -> Happened:
    """Return what changed since we last decided; a fact that is watched only from now on has not changed.

    A fact that is not watched any more is forgotten, so that rules switched on later do not tell of old changes.
    """
    found: Happened = {}
    facts, told, listened = case.facts, case.told, case.book.events
    for event, fact in _watched(listened):
        value = facts.get(fact)
        if value is not None and value != told.get(fact):
            if fact in told or case.memory.digest == case.book.digest:
                found[event] = int(case.ticket.updated.timestamp())
            _remember(case, fact, value)
    if case.memory.digest != case.book.digest:
        _forget(case, listened)
    if _is_resolved(case) != ("status" in told):
        if "status" not in told and "resolved" in listened:
            found["resolved"] = _resolved_at(case)
        _remember(case, "status", None if "status" in told else "resolved")
    return found


@lru_cache(maxsize=16)
def _watched(listened: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the events that are changes of a fact and that some rule waits for, each with its fact."""
    return tuple((event, fact) for event, fact in CHANGES if event in listened)


def _forget(case: Case, listened: frozenset[str]) -> None:
    for event, fact in CHANGES:
        if fact in case.told and event not in listened:
            _remember(case, fact, None)


def _remember(case: Case, fact: str, value: Fact | None) -> None:
    told = {**case.told, fact: value}
    case.told = {name: known for name, known in told.items() if known is not None}


def _owed(case: Case) -> Happened:
    return {event: int(stamp) for event, stamp in case.memory.owed.items()}


def _is_resolved(case: Case) -> bool:
    """Tell whether the ticket is resolved; a kind without a resolved status is resolved when it closes.

    One that closed before we saw it resolved was resolved, too, where the platform says when.
    """
    status = case.facts.get("status")
    if status != "closed":
        return status == "resolved"
    return "resolved_at" in case.facts or "resolved" not in case.words.values.get("status", ("resolved",))


def _resolved_at(case: Case) -> int:
    at = case.facts.get("resolved_at")
    return int((at if isinstance(at, datetime) else case.ticket.updated).timestamp())


def _say(case: Case, rule: Communication, reader: str, reason: Reason, stamp: int, owed: dict[str, str]) -> None:
    """Plan one message to one reader, once per occasion."""
    message, on = rule.message, rule.on
    key = _key(case, rule, reader, stamp)
    if case.known and case.is_done(key):
        return
    language, _why = choose(_languages(case, reader), case.book.messages[message], case.book.languages)
    case.actions.append(made(Comment, (key, message, reader, reader == "requester", language, reason, ())))
    case.reasons.append(reason)
    owed[on] = str(stamp)


def _key(case: Case, rule: Communication, reader: str, stamp: int) -> str:
    return f"{case.start}{rule.message} to {reader} @{rule.on} {stamp}"


def _languages(case: Case, reader: str) -> tuple[str, ...]:
    """Return the languages a reader would like, best first."""
    if reader == "team":
        team = case.book.teams.get(str(case.facts.get("team")))
        return (team.language,) if team is not None and team.language else ()
    person = case.ticket.requester
    return (person.language,) if person is not None and person.language else ()
