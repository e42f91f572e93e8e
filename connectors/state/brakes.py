"""Brakes on the outbox: counts what is planned and what was done lately, and holds what is over a desk's limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from connectors.state.outbox import NOTE
from connectors.state.records import HeldPlan
from connectors.state.schema import outbox
from rules.brakes import Brakes, let_through, rest

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

c = outbox.c
DONE: Final = (c.counted == 1, c.released == 0)
"""And `done_at`, which only what is done has. What a person let go is not held against what goes by itself."""

IS_MESSAGE: Final = c.reader != ""

Where = tuple[ColumnElement[bool], ...]


def brake(db: Connection, now: datetime, cycle: int, limits: Brakes, names: Sequence[str]) -> tuple[HeldPlan, ...]:
    """Hold what is over the limits, the least important of it, under the cycle's number; return what was held.

    `names` are the connections that can be written to now: only what could go counts.
    """
    planned = (c.state == "planned", c.released == 0, c.counted == 1, c.connection.in_(names))
    if limits.tickets_per_hour is not None:
        _brake_tickets(db, now, cycle, limits.tickets_per_hour, planned)
    if limits.messages_per_hour is not None:
        _brake_messages(db, now, cycle, limits.messages_per_hour, planned)
    if limits.messages_per_person_per_day is not None:
        _brake_persons(db, now, cycle, limits.messages_per_person_per_day, planned)
    return tuple(plan for plan in held(db) if plan.plan == cycle)


def held(db: Connection) -> tuple[HeldPlan, ...]:
    """Return what waits for a person, by plan and brake, oldest first."""
    counts = (func.count(c.ticket.distinct()), func.count())
    rows = db.execute(select(c.cycle, *counts, c.error).where(c.state == "held").group_by(c.cycle, c.error))
    return tuple(HeldPlan(*row) for row in rows)


def _brake_tickets(db: Connection, now: datetime, cycle: int, limit: int, wanted: Where) -> None:
    tickets = func.count(c.ticket.distinct())
    planned = _count(db, select(tickets).where(*wanted))
    done = _count(db, select(tickets).where(*DONE, c.done_at > now - HOUR)) if planned else 0
    go = let_through(limit, done, planned)
    if go < planned:
        ordered = select(c.ticket).where(*wanted).group_by(c.ticket).order_by(func.min(c.rank), func.min(c.id))
        over = ordered.limit(planned).offset(go)
        _hold(db, cycle, f"over tickets_per_hour: {limit}", (*wanted, c.ticket.in_(over)))


def _brake_messages(db: Connection, now: datetime, cycle: int, limit: int, wanted: Where) -> None:
    planned = _count(db, select(func.count()).where(*wanted, IS_MESSAGE))
    done = _count(db, select(func.count()).where(*DONE, IS_MESSAGE, c.done_at > now - HOUR)) if planned else 0
    go = let_through(limit, done, planned)
    if go < planned:
        over = select(c.id).where(*wanted, IS_MESSAGE).order_by(c.rank, c.id).limit(planned).offset(go)
        _hold(db, cycle, f"over messages_per_hour: {limit}", (*wanted, c.id.in_(over)))


def _brake_persons(db: Connection, now: datetime, cycle: int, limit: int, wanted: Where) -> None:
    """Hold each person's messages over the limit. Most plans are over nobody's, which is found in one pass."""
    since = now - DAY
    sent = select(c.reader, func.count().label("done")).where(*DONE, c.done_at > since).group_by(c.reader).subquery()
    done = func.coalesce(sent.c.done, 0)
    readers = select(c.reader, func.count(), done).outerjoin(sent, sent.c.reader == c.reader)
    readers = readers.where(*wanted, IS_MESSAGE, c.reader != NOTE).group_by(c.reader)
    for reader, planned, already in db.execute(readers.having(func.count() + done > limit)).all():
        ordered = select(c.id).where(*wanted, c.reader == reader).order_by(c.rank, c.id)
        over = ordered.limit(planned).offset(rest(limit, already, planned))
        _hold(db, cycle, f"over messages_per_person_per_day: {limit}", (*wanted, c.id.in_(over)))


def _count(db: Connection, query: Select[Any]) -> int:
    return db.scalar(query) or 0


def _hold(db: Connection, cycle: int, why: str, which: Where) -> None:
    db.execute(update(outbox).where(*which).values(state="held", cycle=cycle, error=why))
