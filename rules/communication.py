"""Communicate: who hears what now. All rules are looked at; of those due each reader gets the first in the file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from rules.case import Case, aside, left, with_outcome
from rules.language import choose
from rules.model import OPEN, Comment, Fact
from rules.rulebook import EVENT, Communication

LATEST: Final = timedelta(hours=24)
"""A word about something older than this has lost its meaning: after an outage nobody is told yesterday's news."""

CHANGES: Final = (("prioritised", "priority"), ("assigned", "team"))

Happened = dict[str, datetime]
"""What happened and when. The moment is the occasion that the keys of its messages carry."""


def communicate(case: Case) -> None:
    """Plan the messages of what just happened, and of what happened before and was not yet told."""
    happened = _happened(case)
    if not happened:
        return
    case.facts[EVENT] = tuple(happened)
    stage = case.book.communications
    values = stage.values(case.facts)
    rules = stage.answers.get(values)
    if rules is None:
        rules = stage.remember(values, _matching(case, happened))
    del case.facts[EVENT]
    heard: set[str] = set()
    for rule in rules:
        for reader in rule.to:
            _tell(case, rule, reader, happened[rule.on], heard)


def _matching(case: Case, happened: Happened) -> tuple[Communication, ...]:
    return tuple(rule for rule in case.book.communications.matching(case.facts) if rule.on in happened)


def _happened(case: Case) -> Happened:
    """Return what happened since we last decided, or is still owed, as far as it is still true."""
    found = _first_sight(case) if case.memory.version < 0 else _changes(case)
    if case.memory.owed:
        found = _owed(case) | found
        case.owed = {}
    if not found:
        return found
    is_open = case.facts.get("status") in OPEN
    return {event: at for event, at in found.items() if (event == "resolved") != is_open}


def _first_sight(case: Case) -> Happened:
    """Return what is news about a ticket never seen before; all of it is as old as the ticket."""
    facts, created, listened = case.facts, case.ticket.created, case.book.events
    found, told = {}, {}
    if "created" in listened:
        found["created"] = created
    for event, fact in CHANGES:
        if event in listened and fact in facts:
            told[fact] = facts[fact]
            found[event] = created
    if "resolved" in listened and _is_resolved(case):
        told["status"] = "resolved"
        found["resolved"] = _resolved_at(case)
    case.told = told
    return found


def _changes(case: Case) -> Happened:
    """Return what changed since we last decided; a fact that is watched only from now on has not changed."""
    found = {}
    facts, told, listened = case.facts, case.told, case.book.events
    for event, fact in CHANGES:
        if event in listened:
            value = facts.get(fact)
            if value is not None and value != told.get(fact):
                if fact in told or case.memory.digest == case.book.digest:
                    found[event] = case.ticket.updated
                _remember(case, fact, value)
    if "resolved" in listened and _is_resolved(case) != ("status" in told):
        if "status" not in told:
            found["resolved"] = _resolved_at(case)
        _remember(case, "status", None if "status" in told else "resolved")
    return found


def _remember(case: Case, fact: str, value: Fact | None) -> None:
    told = {**case.told, fact: value}
    case.told = {name: known for name, known in told.items() if known is not None}


def _owed(case: Case) -> Happened:
    zone = case.ticket.created.tzinfo
    return {event: datetime.fromtimestamp(int(stamp), zone) for event, stamp in case.memory.owed.items()}


def _is_resolved(case: Case) -> bool:
    """Tell whether the ticket is resolved; a kind without a resolved status is resolved when it closes."""
    status = case.facts.get("status")
    if status == "resolved":
        return True
    return status == "closed" and "resolved" not in case.words.values.get("status", ("resolved",))


def _resolved_at(case: Case) -> datetime:
    at = case.facts.get("resolved_at")
    return at if isinstance(at, datetime) else case.ticket.updated


def _tell(case: Case, rule: Communication, reader: str, at: datetime, heard: set[str]) -> None:
    """Plan one message to one reader, or say why not."""
    reason = case.book.reasons["communicate", rule.order]
    if reader in heard:
        case.reasons.append(with_outcome(left(reason, "the reader hears something else first"), "held back"))
    elif rule.mode != "apply":
        aside(rule, reason, case.reasons, case.proposals)
    elif case.now - at > LATEST:
        case.reasons.append(with_outcome(left(reason, "too late to mean anything"), "held back"))
    else:
        heard.add(reader)
        _say(case, rule, reader, at)


def _say(case: Case, rule: Communication, reader: str, at: datetime) -> None:
    stamp = str(int(at.timestamp()))
    key = f"{case.ticket.key} {rule.message} to {reader} @{rule.on} {stamp}"
    if case.is_done(key):
        return
    reason = case.book.reasons["communicate", rule.order]
    language, _why = choose(_languages(case, reader), case.book.messages[rule.message], case.book.languages)
    case.actions.append(Comment(key, rule.message, reader, reader == "requester", language, reason))
    case.reasons.append(reason)
    case.owed = {**case.owed, rule.on: stamp}


def _languages(case: Case, reader: str) -> tuple[str, ...]:
    """Return the languages a reader would like, best first."""
    if reader == "team":
        team = case.book.teams.get(str(case.facts.get("team")))
        return (team.language,) if team is not None and team.language else ()
    person = case.ticket.requester
    return (person.language,) if person is not None and person.language else ()
