"""Events: what happened to a ticket since it was last decided upon, and what of that was not yet told."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from rules.case import Case
from rules.model import OPEN, Fact
from rules.occasions import hand_over_key, occasion, unseen, was_said

CHANGES: Final = (("prioritised", "priority"), ("assigned", "team"), ("major", "major"), ("escalated", "level"))
"""Events, and the facts whose change they are."""

STATES: Final = {"resolved": "status", "closed": "closed", "waiting": "waiting"}
"""Events that are the beginning of a state, and the name under which it is remembered that they were told."""

ENDS: Final = frozenset({"resolved", "closed"})
OURS: Final = frozenset({"handed_over", "promise_missed"})
"""Events that only come to be when we act: each decision says anew whether they are called for."""

Happened = dict[str, int]
"""What happened and when, in seconds since 1970: the occasion that the keys of its messages carry."""


def happened(case: Case) -> Happened:
    """Return what happened since we last decided, or is still owed, as far as it is still true."""
    found = _first_sight(case) if case.memory.version < 0 else _changes(case)
    if "escalated" in found:
        found = _as_escalated(case, found)
    if case.handed_over:
        found["handed_over"] = case.handed_over
    if case.missed and "promise_missed" in case.book.events:
        found["promise_missed"] = case.missed
    if case.owed:
        found = _owed(case) | found
        case.owed = {}
    if not found:
        return found
    status = case.facts.get("status")
    over = ENDS if status in OPEN else found.keys() - ENDS
    if status != "closed":
        over = over | {"closed"}
    if status != "waiting":
        over = over | {"waiting"}
    if "major" in found and not _is_major_news(case):
        over = over | {"major"}
    over = over | _gone(case, found)
    return {event: at for event, at in found.items() if event not in over}


def _as_escalated(case: Case, found: Happened) -> Happened:
    """Date an escalation by what called for it. A level that we only remember, or that a route gives, is no news.

    Nor is one that was planned and will not be taken: nobody is told of it.
    """
    others = {event: at for event, at in found.items() if event != "escalated"}
    if case.escalated:
        return others | {"escalated": case.escalated}
    case.owed = {event: stamp for event, stamp in case.owed.items() if event != "escalated"}
    return others


def _gone(case: Case, found: Happened) -> set[str]:
    """Return the events that are still owed though their value is gone; when it comes back, that is news again."""
    gone = {event: fact for event, fact in CHANGES if event in found and fact not in case.facts}
    for fact in gone.values():
        _remember(case, fact, None)
    return set(gone)


def _is_major_news(case: Case) -> bool:
    """Tell whether the ticket became a major incident; that it no longer is one is nothing to tell.

    One that is new to us and carries marks of ours was seen before the store was lost. It was told then: when it
    became major, of which the mark of that message was made, can no longer be known.
    """
    told_before = case.memory.version < 0 and case.ticket.marks
    return case.facts.get("major") is not False and not told_before


def _first_sight(case: Case) -> Happened:
    """Return what is news about a ticket never seen before; most of it is as old as the ticket.

    Since when it is in a state is known by its last change only. One that carries marks of ours was seen before the
    store was lost, and our own words have changed it since: then that time names no occasion.
    """
    facts, created, listened = case.facts, int(case.ticket.created.timestamp()), case.book.events
    found, told = {}, {}
    if "created" in listened:
        found["created"] = created
    for event, fact in _watched(listened):
        if fact in facts:
            told[fact] = facts[fact]
            found[event] = created
    for event, (state, at) in _states(case).items():
        told[STATES[event]] = state
        if event in listened and (not case.ticket.marks or (event == "resolved" and "resolved_at" in facts)):
            found[event] = at
    case.told = {**case.told, **told}
    return found


def _changes(case: Case) -> Happened:
    """Return what changed since we last decided; a fact that is watched only from now on has not changed.

    A fact that is not watched any more is forgotten, so that rules switched on later do not tell of old changes.
    """
    found: Happened = {}
    facts, told, listened = case.facts, case.told, case.book.events
    if case.before:
        unseen(case)
    for event, fact in _watched(listened):
        value = facts.get(fact)
        if value is not None and value != told.get(fact):
            if fact in told or case.memory.digest == case.book.digest:
                _happens(case, event, fact, value, found)
            _remember(case, fact, value)
    if case.memory.digest != case.book.digest:
        _forget(case, listened)
    _changes_of_state(case, found)
    return found


def _states(case: Case) -> dict[str, tuple[str, int]]:
    """Return the states in which the ticket is and that are events when they begin: which exactly, and since when."""
    status, updated = case.facts.get("status"), case.ticket.updated
    found = {}
    if _is_resolved(case):
        found["resolved"] = "resolved", _resolved_at(case)
    if status == "closed":
        found["closed"] = "closed", int(updated.timestamp())
    if status == "waiting":
        found["waiting"] = str(case.facts.get("waiting_for", "somebody")), int(updated.timestamp())
    return found


def _changes_of_state(case: Case, found: Happened) -> None:
    """Add the states that begin, and that the ticket was opened again.

    A ticket that nobody changed since we decided is in no new state: it was only not watched before, or the words for
    its status are others now. What begins again is told again, also where the platform names the time of the first.
    """
    told, listened, states = case.told, case.book.events, _states(case)
    changed = case.ticket.version > case.memory.version
    for event, fact in STATES.items():
        state, at = states.get(event, (None, 0))
        if state != told.get(fact):
            if state is not None and event in listened and (changed or event == "resolved"):
                stale = changed and was_said(case, event, at)
                found[event] = int(case.ticket.updated.timestamp()) if stale else at
            _remember(case, fact, state)
    if changed and "status" in told and "resolved" not in states and "reopened" in listened:
        found["reopened"] = int(case.ticket.updated.timestamp())


def _happens(case: Case, event: str, fact: str, value: Fact, found: Happened) -> None:
    at = occasion(case, event, fact, value)
    if at is not None:
        found[event] = at


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
    """Return what is still owed, without what was only planned and is called for no more: that did not happen."""
    owed = {event: int(stamp) for event, stamp in case.owed.items()}
    return {event: stamp for event, stamp in owed.items() if event not in OURS or _came_to_be(case, event, stamp)}


def _came_to_be(case: Case, event: str, stamp: int) -> bool:
    """Tell whether the ticket was handed over, or somebody heard of a promise that was missed."""
    handed_over = event == "handed_over" and case.is_done(hand_over_key(case, stamp))
    return handed_over or was_said(case, event, stamp)


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
