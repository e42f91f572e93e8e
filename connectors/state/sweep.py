"""The sweep: which tickets are read again in the background, and which of them are not visible any more.

Reading what changed misses what a platform does not tell: changes without a new time, searches that are behind by more
than their overlap, rights that were taken away. So open tickets are read by their id now and then, those that an older
rulebook decided first and the important ones before others; and what changed in the last hour is read once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from connectors.state.schema import cursors, sweeps, tickets, upsert

NEWLY_RULED: Final = 500
"""Tickets of an older rulebook that are read again in a cycle, 100 to a request."""

ROUTINE: Final = 100
"""Tickets that are read again in a cycle because they were not for long: one request."""

ONCE_A: Final = timedelta(days=1)
AGAIN: Final = timedelta(hours=1)

t, s = tickets.c, sweeps.c


def chosen(db: Connection, now: datetime, connection: str, kinds: Sequence[str], digest: str) -> dict[str, list[str]]:
    """Return the ids of the tickets to be read now, by kind: of another rulebook than this, or not seen for a day."""
    open_ones = select(t.kind, t.id).where(t.connection == connection, t.kind.in_(kinds), t.open == 1)
    other = or_(t.digest < digest, t.digest > digest)  # not !=, which no index answers
    older = open_ones.where(other, t.hidden_at.is_(None)).order_by(t.rank, t.seen_at).limit(NEWLY_RULED)
    rows = [*db.execute(older)]
    if not rows:  # one after the other: asked for together, every open ticket would be looked at
        for unseen in (t.seen_at.is_(None), t.seen_at <= now - ONCE_A):
            rows += db.execute(open_ones.where(unseen).order_by(t.seen_at).limit(ROUTINE - len(rows)))
    found: dict[str, list[str]] = {}
    for kind, id in rows:
        found.setdefault(kind, []).append(id)
    return found


def seen(db: Connection, now: datetime, connection: str, kind: str, ids: Sequence[str], digest: str) -> None:
    """Keep that these tickets were read by their id, under these rules: also those on which nothing was decided."""
    if ids:
        values = {"seen_at": now, "hidden_at": None, "digest": digest}
        db.execute(update(tickets).where(*_these(connection, kind, ids)).values(values))


def hidden(db: Connection, now: datetime, connection: str, kind: str, ids: Sequence[str]) -> list[str]:
    """Keep that these tickets could not be read, and return the keys of those that could be read before.

    An answer may be short for once: what was to be looked at is looked for again soon, and then once a day.
    """
    those = _these(connection, kind, ids)
    fresh = list(db.scalars(select(t.key).where(*those, t.hidden_at.is_(None))))
    for which, wait in ((t.hidden_at.is_not(None), ONCE_A), (t.hidden_at.is_(None), AGAIN)):
        db.execute(update(tickets).where(*those, which, t.look_again_at.is_not(None)).values(look_again_at=now + wait))
    db.execute(update(tickets).where(*those, t.hidden_at.is_(None)).values(hidden_at=now))
    db.execute(update(tickets).where(*those).values(seen_at=now))
    return fresh


def count_hidden(db: Connection) -> int:
    """Return how many open tickets are not visible any more."""
    return db.scalar(select(func.count()).select_from(tickets).where(t.hidden_at.is_not(None), t.open == 1)) or 0


def hours(db: Connection, now: datetime, connection: str, kinds: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return of the kinds whose hour is over: the kind, where reading stood when it began ("" unknown), and stands now.

    A kind of which nothing was read yet has no hour.
    """
    joined = (s.connection == cursors.c.connection) & (s.kind == cursors.c.kind)
    over = or_(s.at.is_(None), s.at <= now - AGAIN)
    query = select(cursors.c.kind, func.coalesce(s.cursor, ""), cursors.c.cursor).outerjoin(sweeps, joined)
    rows = db.execute(query.where(cursors.c.connection == connection, cursors.c.kind.in_(kinds), over))
    return [(kind, before, stands) for kind, before, stands in rows]


def stands(db: Connection, now: datetime, connection: str, kind: str, cursor: str) -> None:
    """Keep where reading stands now: from here the next hour is read once more."""
    upsert(db, sweeps, [{"connection": connection, "kind": kind, "cursor": cursor, "at": now}])


def _these(connection: str, kind: str, ids: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return t.connection == connection, t.kind == kind, t.id.in_(ids)
