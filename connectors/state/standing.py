"""What stands beyond a cycle: whether a person stopped writing, which platform is left alone, what we wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from connectors.state.codec import fact_text, read_fact
from connectors.state.schema import changes, meta, upsert
from rules.confirm import ADDED
from rules.model import Fact, Ticket
from rules.reverting import Change

STOPPED: Final = "stopped"
LIMIT_OF: Final = "limit of "
KEPT: Final = timedelta(days=30)
"""How long it is remembered what stood in a field before we wrote: so long a cycle can be reverted."""

c = changes.c


def stopped(db: Connection) -> datetime | None:
    """Return since when a person has stopped all writing, or None."""
    found = db.scalar(select(meta.c.value).where(meta.c.name == STOPPED))
    return datetime.fromisoformat(found) if found else None


def stop(db: Connection, now: datetime | None) -> None:
    """Keep that writing is stopped from now on; None lets it go on."""
    upsert(db, meta, [{"name": STOPPED, "value": now.isoformat() if now else ""}])


def limited(db: Connection, now: datetime, waits: Mapping[str, float]) -> None:
    """Keep until when platforms want to be left alone: connection → seconds from now; the others are free."""
    db.execute(delete(meta).where(meta.c.name.startswith(LIMIT_OF)))
    until = {name: now + timedelta(seconds=wait) for name, wait in waits.items() if wait}
    upsert(db, meta, [{"name": LIMIT_OF + name, "value": moment.isoformat()} for name, moment in until.items()])


def limits(db: Connection) -> dict[str, datetime]:
    """Return until when which platform wants to be left alone, by connection."""
    rows = db.execute(select(meta.c.name, meta.c.value).where(meta.c.name.startswith(LIMIT_OF)))
    return {name.removeprefix(LIMIT_OF): datetime.fromisoformat(value) for name, value in rows}


def changed(db: Connection, now: datetime, cycle: int, ticket: Ticket, before: Mapping[str, Fact | None]) -> None:
    """Keep what stood in the fields that we wrote, and what the platform's answer says now, where these differ.

    What was added to a list that the platform does not show is kept as empty before and after: that it was done.
    """
    place = {"cycle": cycle, "at": now, "ticket": ticket.key, "connection": ticket.connection}
    place |= {"kind": ticket.kind, "ticket_id": ticket.id}
    values = ((fact, value, ticket.facts.get(fact)) for fact, value in before.items())
    rows = [
        {**place, "fact": fact, "before": fact_text(was), "after": fact_text(now_is)}
        for fact, was, now_is in values
        if was != now_is or (fact in ADDED and now_is is None)
    ]
    if rows:
        db.execute(insert(changes), rows)


def changes_of(db: Connection, cycle: int) -> list[Change]:
    """Return what a cycle wrote into fields, in its order."""
    columns = select(c.ticket, c.connection, c.kind, c.ticket_id, c.fact, c.before, c.after)
    rows = db.execute(columns.where(c.cycle == cycle).order_by(c.id))
    return [Change(*row[:5], read_fact(row.before), read_fact(row.after)) for row in rows]


def forget_changes(db: Connection, now: datetime) -> None:
    """Forget what is too old to be reverted."""
    db.execute(delete(changes).where(c.at < now - KEPT))
