"""Whose is a value? Keeps, for the facts that rules may write, what stands, who put it there, and the last not ours."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from rules.case import Case
from rules.describe import shown
from rules.happening import Happening
from rules.model import Fact, Held, Memory, Reason, Ticket, Whose, made, mark

HOLDER: Final = "assignee"
"""The fact that people pass on to each other all day: who takes a ticket from whom we gave it to overrules no rule."""


def watch(case: Case) -> None:
    """Compare the ticket with what we remember of it, and let the stages start from values that are not ours.

    The stages see the last reported value wherever we wrote over it, and nothing where the form filled in a value by
    itself (`not_chosen`) and nobody has changed it since.
    """
    if case.memory.version < 0 and not case.ticket.history and not case.held:
        _all_from_creation(case)
    else:
        _compare(case)
    facts, held = case.facts, case.held
    for fact, default in case.words.not_chosen.items():
        if facts.get(fact) == default and not (fact in held and held[fact].chosen):
            del facts[fact]


def _all_from_creation(case: Case) -> None:
    """Remember the values of a ticket that we see for the first time, and of which no history tells."""
    facts, at, by, held = case.ticket.facts, case.ticket.created, case.ticket.created_by, {}
    for fact in case.words.watched:
        if fact in facts:
            value = facts[fact]
            held[fact] = made(Held, (value, "creation", at, value, by, False, False, -1))
    case.held = held


def _compare(case: Case) -> None:
    get, remembered = case.ticket.facts.get, case.held.get
    for fact in case.words.watched:
        value = get(fact)
        held = remembered(fact)
        if held is None:
            if value is None:
                continue
            held = _looked_at(case, fact, value, None)
            case.hold(fact, held)
        elif value != held.value or (case.ticket.history and _was_chosen_again(case, fact, held)):
            held = _looked_at(case, fact, value, held)
            case.hold(fact, held)
        if held.whose == "ours":
            if held.reported != value:
                _see(case, fact, held.reported)
        elif held.over_ours:
            case.overruled = True


def is_persons(case: Case, fact: str, held: Held) -> bool:
    """Tell whether a person chose the value that stands, as far as can be known; unknown authors count as persons.

    A value present at creation is a person's if somebody other than the requester or a robot created the ticket, and
    it is not what the form fills in by itself.
    """
    if held.whose == "creation":
        ticket = case.ticket
        if held.value == case.words.not_chosen.get(fact):
            return False
        requester = ticket.requester.account if ticket.requester is not None else ""
        return ticket.created_by not in case.robots and ticket.created_by not in (requester, case.account)
    return held.whose in ("person", "unknown")


def _see(case: Case, fact: str, value: Fact | None) -> None:
    if value is None:
        case.facts.pop(fact, None)
    else:
        case.facts[fact] = value


def _looked_at(case: Case, fact: str, value: Fact | None, before: Held | None) -> Held:
    """Return whose a value is that we see for the first time."""
    ticket, memory = case.ticket, case.memory
    if memory.version < 0 and not ticket.history:
        return Held(value, "creation", ticket.created, value, ticket.created_by)
    event = _last_event(ticket, fact, value)
    if before is None and event is None and (memory.version < 0 or memory.digest != case.book.digest):
        return Held(value, "creation", ticket.created, value, ticket.created_by)
    author, at = event if event is not None else (_only_author(ticket, memory), ticket.updated)
    if author == case.account or (not author and _was_meant(case, fact, value)):
        reported = before.reported if before is not None else _last_not_ours(case, fact, value)
        return Held(value, "ours", at, reported, author, chosen=before is not None and before.chosen)
    over_ours = before is not None and (before.whose == "ours" or before.over_ours)
    whose = _kind_of(author, case)
    if before is not None and before.whose == "ours" and before.value != value and whose != "robot" and fact != HOLDER:
        case.reasons.append(_overruled(case, fact, before.value, value, author))
        case.happened.append(_happening(case, fact, at))
    return Held(value, whose, at, value, author, over_ours, whose != "robot")


def _was_chosen_again(case: Case, fact: str, held: Held) -> bool:
    """Tell whether somebody took our value away and put it back: then it is theirs, and stands as such."""
    event = _last_event(case.ticket, fact, held.value) if held.whose == "ours" else None
    if event is None:
        return False
    author, at = event
    return at > held.at and author != case.account and author not in case.robots


def _overruled(case: Case, fact: str, ours: Fact | None, value: Fact | None, author: str) -> Reason:
    """Say that somebody replaced our value, and which rule had asked for it: those that people overrule are wrong."""
    intended = case.intended.get(fact)
    rule = intended.rule if intended is not None else ""
    text = f"{author or 'somebody'} changed {fact} from {shown(ours)} to {shown(value)}"
    return Reason("ticket", "overruled", rule, "", text)


def _happening(case: Case, fact: str, at: datetime) -> Happening:
    """Return the same as reports count it."""
    intended, get = case.intended.get(fact), case.ticket.facts.get
    rule = intended.rule if intended is not None else ""
    return Happening("overruled", int(at.timestamp()), str(get("team", "")), str(get("service", "")), fact, rule)


def _last_event(ticket: Ticket, fact: str, value: Fact | None) -> tuple[str, datetime] | None:
    """Return who gave the fact its present value, and when, where the ticket's history tells."""
    for event in reversed(ticket.history or ()):
        if event.fact == fact:
            return (event.author, event.at) if event.value == value else None
    return None


def _last_not_ours(case: Case, fact: str, value: Fact | None) -> Fact | None:
    """Return the last value in the history that is not ours; ours itself where it tells of no other (a lost store)."""
    events = (e for e in reversed(case.ticket.history or ()) if e.fact == fact and e.author != case.account)
    return next((event.value for event in events), value if case.memory.version < 0 else None)


def _only_author(ticket: Ticket, memory: Memory) -> str:
    """Return who updated the ticket if there was a single update since we last looked, else ""."""
    seen = max(memory.version, memory.confirmed)
    return ticket.updated_by if ticket.version == seen + 1 else ""


def _was_meant(case: Case, fact: str, value: Fact | None) -> bool:
    """Tell whether this is what we meant to write, by a write whose mark the ticket carries and no answer confirmed.

    A confirmed one is told already: whoever gave the same value since did so for themselves.
    """
    intended = case.intended.get(fact)
    if intended is None or intended.value != value:
        return False
    found = mark(intended.key)
    return found in case.ticket.marks and found not in case.memory.done


def _kind_of(author: str, case: Case) -> Whose:
    if not author:
        return "unknown"
    return "robot" if author in case.robots else "person"
