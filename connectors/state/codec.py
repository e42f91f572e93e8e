"""Memories, actions and journal lines as compact JSON, and back without loss.

Named tuples become lists in the order of their fields, without the defaults at their end: that is short, and a
field that is added later, at the end and with a default, reads old texts. Texts are ASCII, because a platform may cut
a text within a surrogate pair and SQLite refuses the half that remains.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from connectors.state.records import Line
from rules.model import (
    Assign,
    Before,
    Comment,
    Deed,
    Fact,
    Held,
    Intended,
    Memory,
    Notify,
    Past,
    Reason,
    SetFields,
)
from rules.reply import Reply

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
TIME: Final = "t"
"""The one key of the JSON object that stands for a time among facts, where a bare number is a number."""

DEFAULTS: Final = tuple(Held._field_defaults.values())
"""Of the fields of `Held` after the first four, which have none."""


def microseconds(at: datetime) -> int:
    """Return the exact number of microseconds since 1970. Raises `TypeError` for a time without a zone."""
    return (at - EPOCH) // MICROSECOND


def moment(number: int) -> datetime:
    """Return the time (UTC) of a number of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=number)


def _time(value: object) -> dict[str, int]:
    """Return what stands for a time, the one fact that JSON does not know."""
    if not isinstance(value, datetime):
        raise TypeError(f"a {type(value).__name__} is no fact")
    return {TIME: microseconds(value)}


_text = json.JSONEncoder(separators=(",", ":"), check_circular=False, sort_keys=True, default=_time).encode
_parsed = json.JSONDecoder().decode


def storable(text: str) -> str:
    """Return a text that a column takes: a platform may cut one within a surrogate pair, and half of it is no text."""
    return text.encode("utf-8", "replace").decode("utf-8")


def memory_text(memory: Memory) -> str:
    """Return a memory as JSON; equal memories give equal texts, so that texts can be compared."""
    held = {fact: _held(item) for fact, item in memory.held.items()}
    intended = {fact: item if item.rule else item[:3] for fact, item in memory.intended.items()}
    mappings = held, intended, dict(memory.told), dict(memory.owed)
    known = [memory.version, memory.confirmed, memory.digest, *mappings, sorted(memory.done), memory.texts]
    if memory.past or memory.waits or memory.before:
        past = [one if not one.exact else one[:4] for one in memory.past]
        known += [past, sorted(memory.waits), dict(memory.before)]
    return _text(known)


def read_memory(text: str) -> Memory:
    """Return the memory that `memory_text` wrote."""
    version, confirmed, digest, held, intended, told, owed, done, texts, *more = _parsed(text)
    past, waits, before = more or ((), (), {})
    return Memory(
        version,
        confirmed,
        digest,
        {fact: _held_again(item) for fact, item in held.items()},
        {fact: Intended(_fact_again(value), *rest) for fact, (value, *rest) in intended.items()},
        {fact: _fact_again(value) for fact, value in told.items()},
        owed,
        frozenset(done),
        tuple(texts),
        tuple(Past(*one) for one in past),
        frozenset(waits),
        {fact: Before(_fact_again(value), *rest) for fact, (value, *rest) in before.items()},
    )


def action_text(action: Deed) -> str:
    """Return an action as JSON without its key, which has a column of its own. It holds no message, only its name."""
    match action:
        case SetFields(values=values, reason=reason):
            return _text(["set", dict(values), reason])
        case Assign(team=team, reason=reason):
            return _text(["assign", team, reason])
        case Comment():
            return _text(["comment", *action[1:]])
        case Notify():
            return _text(["notify", *action[1:]])


def read_action(key: str, text: str) -> Deed:
    """Return the action that `action_text` wrote."""
    name, *items = _parsed(text)
    if name == "set":
        values, reason = items
        return SetFields(key, {fact: _fact_again(value) for fact, value in values.items()}, Reason(*reason))
    if name == "assign":
        team, reason = items
        return Assign(key, team, Reason(*reason))
    if name == "notify":
        message, reader, doors, person, language, reason, *more = items
        return Notify(key, message, reader, tuple(doors), person, language, Reason(*reason), *more)
    message, reader, public, language, reason, proposals, *more = items
    proposed = tuple(Reason(*proposal) for proposal in proposals)
    comment = Comment(key, message, reader, public, language, Reason(*reason), proposed, *more)
    return comment._replace(replies=tuple(Reply(*reply) for reply in comment.replies))


def fact_text(value: Fact | None) -> str:
    """Return a fact as JSON; None is an empty one."""
    return _text(value)


def read_fact(text: str) -> Fact | None:
    """Return the fact that `fact_text` wrote."""
    fact: Fact | None = _fact_again(_parsed(text))
    return fact


def lines_text(lines: Iterable[Line | Reason]) -> str:
    """Return journal lines as JSON."""
    return _text([tuple(line) for line in lines])


def read_lines(text: str) -> list[Line]:
    """Return the journal lines that `lines_text` wrote."""
    return [Line(*line) for line in _parsed(text)]


def _held(held: Held) -> tuple[Any, ...]:
    """Return the fields with the time as a number, without the defaults at their end."""
    value, whose, at, reported, *rest = held
    while rest and rest[-1] == DEFAULTS[len(rest) - 1]:
        rest.pop()
    return value, whose, microseconds(at), reported, *rest


def _held_again(items: list[Any]) -> Held:
    value, whose, at, reported, *rest = items
    return Held(_fact_again(value), whose, moment(at), _fact_again(reported), *rest)


def _fact_again(value: Any) -> Any:
    """Return the fact: an object is a time, a list a tuple, everything else itself."""
    if value.__class__ is list:
        return tuple(value)
    return moment(value[TIME]) if value.__class__ is dict else value
