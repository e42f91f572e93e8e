"""The rows of tickets: what is remembered of each, and when it was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from connectors.state import keeping, nearby
from connectors.state.codec import memory_text, read_action, read_memory
from connectors.state.records import Decided
from connectors.state.schema import tickets, upsert
from rules.confirm import marks
from rules.model import ENDED, Memory, Ticket

t = tickets.c


def remember(db: Connection, page: Sequence[Decided], now: datetime) -> set[str]:
    """Keep memories and times to look again, and return the keys of the tickets with something new to remember."""
    found = db.execute(select(tickets).where(t.key.in_([item.ticket.key for item in page]))).mappings()
    known = {one["key"]: one for one in found}
    rows = [_decided(item, known.get(item.ticket.key)) for item in page]
    changed = [one for one in rows if one["key"] not in known or one.items() - known[one["key"]].items()]
    upsert(db, tickets, [one | {"seen_at": now, "hidden_at": None} for one in changed])
    nearby.wake_below(db, now, changed, known)
    return {one["key"] for one in changed if one["key"] not in known or known[one["key"]]["memory"] != one["memory"]}


def written(db: Connection, ticket: Ticket, memory: Memory, now: datetime, more: dict[str, Any]) -> None:
    """Keep a ticket as the platform answered a write: somebody may have resolved a major incident just before."""
    found = db.execute(select(t.key, t.major).where(t.key == ticket.key)).mappings()
    known = {one["key"]: one for one in found}
    kept = row(ticket, memory, memory.digest) | more
    upsert(db, tickets, [kept])
    nearby.wake_below(db, now, [kept], known)


def count_as_done(db: Connection, rows: Iterable[RowMapping]) -> None:
    """Remember of the tickets that these actions of the outbox count as done: no decision asks for them again."""
    done: dict[str, set[str]] = {}
    for row in rows:
        done.setdefault(row["ticket"], set()).update(marks(read_action(row["key"], row["action"])))
    are_done(db, done)


def are_done(db: Connection, done: Mapping[str, set[str]]) -> None:
    """Remember these marks of actions as done, by ticket."""
    for key, text in db.execute(select(t.key, t.memory).where(t.key.in_(done))).all():
        memory = read_memory(text)
        text = memory_text(memory._replace(done=memory.done | done[key]))
        db.execute(update(tickets).where(t.key == key).values(memory=text))


def wake(db: Connection, key: str, at: datetime | None) -> None:
    """Have a ticket looked at at this time, if not before."""
    if at is not None:
        later = (t.look_again_at > at) | t.look_again_at.is_(None)
        db.execute(update(tickets).where(t.key == key, later).values(look_again_at=at))


def _decided(item: Decided, before: RowMapping | None) -> dict[str, Any]:
    """Return the row of a ticket that was read. The sweep has no use for those that are ended or before `since`."""
    is_open = item.ticket.facts.get("status") not in ENDED and item.decision.memory.version >= 0
    more = {"look_again_at": item.decision.look_again_at, "rank": item.rank, "open": int(is_open)}
    more["closed_at"] = keeping.closed_at(item.ticket, before)
    return row(item.ticket, item.decision.memory, item.digest) | more


def row(ticket: Ticket, memory: Memory, digest: str) -> dict[str, Any]:
    """Return what every row of a ticket has."""
    return {
        "key": ticket.key,
        "connection": ticket.connection,
        "kind": ticket.kind,
        "id": ticket.id,
        "number": ticket.number,
        "memory": memory_text(memory),
        "digest": digest,
        **nearby.columns(ticket),
    }
