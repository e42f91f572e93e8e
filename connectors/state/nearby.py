"""What the store knows beyond a ticket: the open major incidents, what is said around them, and how long queues are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, Connection, delete, func, select, update

from connectors.state.codec import storable
from connectors.state.records import Decided
from connectors.state.schema import announcements, replies, tickets, upsert
from rules.announcement import Announcement
from rules.linking import PARENT
from rules.model import OPEN, Ticket
from rules.reply import Reply

KEPT: Final = timedelta(days=2)
"""For who is linked to a major incident later, and what its team is still to be shown; rules look back for a day."""

t, r = tickets.c, replies.c


def majors(db: Connection, connection: str) -> dict[str, str]:
    """Return the numbers of a connection's open major incidents, each with its service or ""."""
    rows = db.execute(select(t.number, t.service).where(t.connection == connection, t.major == 1))
    return {row.number: row.service for row in rows}


def teams(db: Connection, connection: str) -> dict[str, int]:
    """Return how many open tickets the teams of a connection have."""
    return _counted(db, connection, t.team)


def assignees(db: Connection, connection: str) -> dict[str, int]:
    """Return how many open tickets people have on a connection."""
    return _counted(db, connection, t.assignee)


def wake_below(db: Connection, now: datetime, rows: Iterable[Mapping[str, Any]], known: Mapping[str, Any]) -> None:
    """Have the tickets below those that became, or are no more, open major incidents looked at now."""
    for row in rows:
        before = known[row["key"]]["major"] if row["key"] in known else 0
        if row["major"] != before:
            below = (t.connection == row["connection"], t.parent == row["number"], t.open == 1)
            db.execute(update(tickets).where(*below).values(look_again_at=now))


def announce(db: Connection, now: datetime, page: Iterable[Decided]) -> None:
    """Keep what is said to those affected by a major incident, and have their tickets looked at now."""
    for item in page:
        said, ticket = item.decision.announced, item.ticket
        if said is not None:
            place = {"connection": ticket.connection, "number": ticket.number}
            upsert(db, announcements, [place | {"at": now, "said": json.dumps(said)}])
            below = (t.connection == ticket.connection, t.parent == ticket.number, t.open == 1)
            db.execute(update(tickets).where(*below).values(look_again_at=now))


def reply(db: Connection, now: datetime, page: Iterable[Decided]) -> None:
    """Keep that customers spoke below a major incident, and have that looked at now."""
    for item in page:
        said, ticket = item.decision.replied, item.ticket
        if said is not None:
            above = str(ticket.facts[PARENT])
            row = said._asdict() | {"connection": ticket.connection, "above": above, "seen_at": now}
            del row["seen"]
            upsert(db, replies, [row])
            incident = (t.connection == ticket.connection, t.number == above)
            db.execute(update(tickets).where(*incident).values(look_again_at=now))


def replies_below(db: Connection, connection: str) -> dict[str, tuple[Reply, ...]]:
    """Return what customers said of late on tickets below major incidents, by the number of those, as it was seen."""
    found: dict[str, list[Reply]] = defaultdict(list)
    for row in db.execute(select(replies).where(r.connection == connection).order_by(r.seen_at, r.last, r.number)):
        seen = int(row.seen_at.timestamp())
        found[row.above].append(Reply(row.number, row.id, row.kind, row.first, row.last, seen))
    return {number: tuple(some) for number, some in found.items()}


def moved(db: Connection, before: str, ticket: Ticket) -> None:
    """Keep what was said of a ticket, and which ones are below it, under the number that it has now."""
    number, a = before.removeprefix(f"{ticket.connection}/"), announcements.c
    above = (t.connection == ticket.connection, t.parent == number)
    db.execute(update(tickets).where(*above).values(parent=ticket.number))
    db.execute(update(replies).where(r.connection == ticket.connection, r.above == number).values(above=ticket.number))
    db.execute(update(replies).where(r.connection == ticket.connection, r.id == ticket.id).values(number=ticket.number))
    said = (a.connection == ticket.connection, a.number == number)
    db.execute(update(announcements).where(*said).values(number=ticket.number))


def announced(db: Connection, connection: str) -> dict[str, Announcement]:
    """Return what was said last of a connection's major incidents, by their number."""
    a = announcements.c
    rows = db.execute(select(a.number, a.said).where(a.connection == connection))
    return {row.number: Announcement(*json.loads(row.said)) for row in rows}


def forget(db: Connection, now: datetime) -> None:
    """Forget what was said around major incidents and is news to nobody any more."""
    db.execute(delete(announcements).where(announcements.c.at < now - KEPT))
    db.execute(delete(replies).where(r.seen_at < now - KEPT))


def columns(ticket: Ticket) -> dict[str, Any]:
    """Return what a ticket's row says for others; one that is not open is in nobody's queue."""
    if ticket.facts.get("status") not in OPEN:
        return {"team": "", "assignee": "", "parent": "", "service": "", "major": 0}
    named = {fact: ticket.facts.get(fact) for fact in ("team", "assignee", "parent", "service")}
    texts = {fact: storable(value) if isinstance(value, str) else "" for fact, value in named.items()}
    return {**texts, "major": int(ticket.facts.get("major") is True)}


def _counted(db: Connection, connection: str, column: Column[str]) -> dict[str, int]:
    counted = select(column.label("name"), func.count().label("many"))
    rows = db.execute(counted.where(t.connection == connection, column != "").group_by(column))
    return {row.name: row.many for row in rows}
