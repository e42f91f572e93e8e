"""How long tickets are kept: what is known of one goes some time after it was closed, a few tickets in each cycle.

Of a ticket that is forgotten a digest stays, so that it is known when somebody changes it again: nothing that was said
before is said once more. While it stays closed it is left alone. One that is open again is looked after from then on:
what stood on it before is no news, and what was due before is done with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, or_, select

from connectors.state.schema import changes, happenings, journal, outbox, tickets, upsert
from connectors.state.schema import forgotten as digests
from rules.model import ENDED, Fact, Memory, Ticket

STEP: Final = 100
"""Tickets that are forgotten in a cycle."""

STAYS_RESOLVED: Final = timedelta(days=30)
"""Where nobody closes what is resolved, it counts as closed so long afterwards."""

t = tickets.c


def closed_at(ticket: Ticket, before: RowMapping | None) -> datetime | None:
    """Return from when on a ticket counts as closed. What people change on a closed one keeps it no longer."""
    status, known = ticket.facts.get("status"), before["closed_at"] if before is not None else None
    if status == "resolved":
        return known or ticket.updated + STAYS_RESOLVED
    if status not in ENDED:
        return None
    return known if known is not None and before is not None and not before["open"] else ticket.updated


def let_go(db: Connection, before: datetime) -> None:
    """Forget some of the tickets that were closed or last seen before that moment."""
    over = or_(t.closed_at <= before, t.hidden_at <= before)
    found = db.execute(select(t.key, t.connection, t.id, t.closed_at).where(over).limit(STEP)).all()
    rows = [{"digest": _digest(one.connection, one.id), "ended": int(one.closed_at is not None)} for one in found]
    upsert(db, digests, rows)
    keys = [one.key for one in found]
    for table in (outbox, journal, changes, happenings):
        db.execute(delete(table).where(table.c.ticket.in_(keys)))
    db.execute(delete(tickets).where(t.key.in_(keys)))


def forgotten(db: Connection, unknown: Sequence[Ticket]) -> dict[str, Memory | None]:
    """Return those of the tickets that were forgotten: what to remember of one, None while it stays closed."""
    wanted = {_digest(one.connection, one.id): one for one in unknown}
    rows = db.execute(select(digests).where(digests.c.digest.in_(wanted))).all()
    return {wanted[row.digest].key: _adopted(wanted[row.digest], bool(row.ended)) for row in rows}


def _adopted(ticket: Ticket, ended: bool) -> Memory | None:
    """Return a memory by which only what is new is told: that a closed ticket was opened again, and all after that."""
    if ticket.facts.get("status") in {"resolved", *ENDED}:
        return None
    told: dict[str, Fact] = {"waiting": str(ticket.facts.get("waiting_for", "somebody"))}
    return Memory(0, told={"status": "resolved", "closed": "closed"} if ended else told)


def _digest(connection: str, id: str) -> str:
    return blake2b(f"{connection}/{id}".encode(errors="replace"), digest_size=12).hexdigest()
