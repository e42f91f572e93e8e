"""The places of the store where a person may stand: what each says of them, and what remains of it without them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import RowMapping, Table

from connectors.state.codec import lines_text, memory_text, read_action, read_fact, read_lines, read_memory
from connectors.state.schema import announcements, changes, happenings, journal, outbox, rosters, tickets
from connectors.state.somebody import HIDDEN, Somebody
from rules.announcement import Announcement
from rules.confirm import marks
from rules.happening import OF_SUPPLIERS
from rules.model import Deed, Held, Memory, Notify, SetFields, mark

OVER: Final = ("done", "dropped")
MAYBE_SAID: Final = ("sending", "unknown", "parked")
"""States of what may have arrived, or waits for a person: it counts as done, so that nothing is said twice."""


class Trace(NamedTuple):
    """Where a person stands: in which table, of which ticket (of a roster: which team), and as what."""

    table: str
    of: str
    what: dict[str, Any]


class Found(NamedTuple):
    """A row with the person: what it says, and what becomes of its columns; without any it goes.

    `done` are the marks that its ticket remembers as done from now on; `wakes`: the ticket is to be decided again.
    """

    trace: Trace
    values: dict[str, Any]
    done: frozenset[str] = frozenset()
    wakes: bool = False


def _ticket(row: RowMapping, person: Somebody) -> Found | None:
    """Look into what is remembered of a ticket. What stands there now is seen anew when the ticket changes."""
    connection, memory = row["connection"], read_memory(row["memory"])
    rest = _without(memory, person, connection)
    has_it = person.is_in(row["assignee"], connection)
    if rest == memory and not has_it:
        return None
    what = {"assignee": row["assignee"]} if has_it else {}
    values = {"memory": memory_text(rest)} | ({"assignee": ""} if has_it else {})
    return Found(Trace("tickets", row["key"], what | _difference(memory, rest)), values)


def _without(memory: Memory, person: Somebody, connection: str) -> Memory:
    """Return a memory without the person. That somebody had the ticket, or approved, remains: clocks go by it."""
    held = {
        fact: one._replace(by="") if person.is_in(one.by, connection) else one
        for fact, one in memory.held.items()
        if not person.stands(fact, one.value, connection) and not person.stands(fact, one.reported, connection)
    }
    intended = {f: one for f, one in memory.intended.items() if not person.stands(f, one.value, connection)}
    before = {f: one for f, one in memory.before.items() if not person.stands(f, one.value, connection)}
    told = {
        fact: value
        for fact, value in memory.told.items()
        if not person.stands(fact, value, connection) and not (" " in fact and person.is_in(fact, connection))
    }
    past = tuple(
        one._replace(value=person.without(one.value, connection)) if one.fact in ("assignee", "verdict") else one
        for one in memory.past
    )
    return memory._replace(held=held, intended=intended, before=before, told=told, past=past)


def _difference(memory: Memory, rest: Memory) -> dict[str, Any]:
    """Return what of a memory was about the person, as plain values."""
    held = {fact: _plain(one) for fact, one in memory.held.items() if rest.held.get(fact) != one}
    mappings = {
        name: {key: value for key, value in getattr(memory, name).items() if key not in getattr(rest, name)}
        for name in ("intended", "told", "before")
    }
    past = [one._asdict() for one, other in zip(memory.past, rest.past, strict=True) if one != other]
    found = {"held": held, **mappings, "past": past}
    return {name: value for name, value in found.items() if value}


def _plain(held: Held) -> dict[str, Any]:
    return {"value": held.value, "at": held.at, "by": held.by, "before": held.reported}


def _outbox(row: RowMapping, person: Somebody) -> Found | None:
    """Look into an action: who it is for, whom it names, and why it failed."""
    connection, key = row["connection"], row["key"]
    texts = [key, row["reader"], row["error"], *_named(key, row["action"], person, connection)]
    if not any(person.is_in(one, connection) for one in texts):
        return None
    what = {name: row[name] for name in ("key", "reader", "state", "planned_at", "done_at", "error") if row[name]}
    trace = Trace("outbox", row["ticket"], what)
    if row["state"] in OVER:
        return Found(trace, _over(row, person), frozenset({mark(key)}))
    if row["state"] in MAYBE_SAID:
        return Found(trace, {}, frozenset(marks(read_action(key, row["action"]))))
    return Found(trace, {}, wakes=True)


def _over(row: RowMapping, person: Somebody) -> dict[str, Any]:
    """Return what remains of an action that is over: that it was, for the brakes count it, and of its key the mark."""
    connection, key = row["connection"], row["key"]
    new = f"{row['ticket']} {HIDDEN} {mark(key)}" if person.is_in(key, connection) else key
    reader = HIDDEN if person.is_in(row["reader"], connection) else row["reader"]
    return {"key": new, "reader": reader, "error": person.without(row["error"], connection), "action": ""}


def _named(key: str, text: str, person: Somebody, connection: str) -> Iterator[str]:
    """Yield the texts of an action in which somebody may be named."""
    if not text:
        return
    action: Deed = read_action(key, text)
    yield action.reason.text
    if isinstance(action, SetFields):
        yield from (str(value) for fact, value in action.values.items() if person.stands(fact, value, connection))
    elif isinstance(action, Notify):
        yield from (action.reader, action.person, action.why)
    elif (reader := getattr(action, "reader", "")) != "":
        yield from (reader, action.why, *(one.text for one in action.proposals))  # type: ignore[union-attr]


def _journal(row: RowMapping, person: Somebody) -> Found | None:
    connection, lines = row["ticket"].partition("/")[0], read_lines(row["lines"])
    said = [line.text for line in lines if person.is_in(line.text, connection)]
    if not said:
        return None
    rest = lines_text(line._replace(text=person.without(line.text, connection)) for line in lines)
    return Found(Trace("journal", row["ticket"], {"at": row["at"], "lines": said}), {"lines": rest})


def _changes(row: RowMapping, person: Somebody) -> Found | None:
    """Look into what we wrote: with the person it goes, and cannot be put back any more."""
    before, after = read_fact(row["before"]), read_fact(row["after"])
    if not any(person.stands(row["fact"], value, row["connection"]) for value in (before, after)):
        return None
    what = {"at": row["at"], "fact": row["fact"], "before": before, "after": after}
    return Found(Trace("changes", row["ticket"], what), {})


def _happening(row: RowMapping, person: Somebody) -> Found | None:
    """Look into what reports count: whom a reason names, and the supplier for whom a ticket waited."""
    connection, told = row["ticket"].partition("/")[0], ("why", "value") if row["what"] in OF_SUPPLIERS else ("why",)
    if not any(person.is_in(row[name], connection) for name in told):
        return None
    what = {name: row[name] for name in ("what", "at", "value", "why")}
    rest = {name: person.without(row[name], connection) for name in told}
    return Found(Trace("happenings", row["ticket"], what), rest)


def _announcement(row: RowMapping, person: Somebody) -> Found | None:
    """Look into who reported a major incident of which others were told, and so heard of it themselves."""
    said = Announcement(*json.loads(row["said"]))
    if not person.is_in(said.requester, row["connection"]):
        return None
    trace = Trace(
        "announcements", f"{row['connection']}/{row['number']}", {"at": row["at"], "requester": said.requester}
    )
    return Found(trace, {"said": json.dumps(said._replace(requester=""))})


def _roster(row: RowMapping, person: Somebody) -> Found | None:
    """Look into who is on call, as it was read elsewhere: with the person all of it goes, and is read again."""
    turns = [turn for turn in json.loads(row["turns"])["turns"] if person.is_in(tuple(turn[2:]))]
    return Found(Trace("rosters", row["team"], {"turns": turns}), {}) if turns else None


Look = Callable[[RowMapping, Somebody], Found | None]

PLACES: Final[tuple[tuple[Table, Look], ...]] = (
    (tickets, _ticket),
    (outbox, _outbox),
    (journal, _journal),
    (changes, _changes),
    (happenings, _happening),
    (announcements, _announcement),
    (rosters, _roster),
)
"""Every table in which a person may stand. The others hold names of connections and kinds, numbers and times."""
