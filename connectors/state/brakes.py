"""Brakes on the outbox: counts what is planned and what was done lately, and holds what is over a desk's limits."""

from __future__ import annotations

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
PLANNED: Final = (c.state == "planned", c.released == 0, c.counted == 1)
DONE: Final = (c.state == "done", c.counted == 1)
IS_MESSAGE: Final = c.reader != ""


def brake(db: Connection, now: datetime, cycle: int, limits: Brakes) -> tuple[HeldPlan, ...]:
    """Hold what is over the limits, the least important of it, under the cycle's number; return what was held."""
    before = held(db)
    if limits.tickets_per_hour is not None:
        _brake_tickets(db, now, cycle, limits.tickets_per_hour)
    if limits.messages_per_hour is not None:
        _brake_messages(db, now, cycle, limits.messages_per_hour)
    if limits.messages_per_person_per_day is not None:
        _brake_persons(db, now, cycle, limits.messages_per_person_per_day)
    return tuple(plan for plan in held(db) if plan not in before)


def held(db: Connection) -> tuple[HeldPlan, ...]:
    """Return what waits for a person, by plan and brake, oldest first."""
    counts = (func.count(c.ticket.distinct()), func.count())
    rows = db.execute(select(c.cycle, *counts, c.error).where(c.state == "held").group_by(c.cycle, c.error))
    return tuple(HeldPlan(*row) for row in rows)


def _brake_tickets(db: Connection, now: datetime, cycle: int, limit: int) -> None:
    tickets = func.count(c.ticket.distinct())
    planned = _count(db, select(tickets).where(*PLANNED))
    done = _count(db, select(tickets).where(*DONE, c.done_at > now - HOUR)) if planned else 0
    go = let_through(limit, done, planned)
    if go < planned:
        ordered = select(c.ticket).where(*PLANNED).group_by(c.ticket).order_by(func.min(c.rank), func.min(c.id))
        _hold(db, cycle, f"over tickets_per_hour: {limit}", c.ticket.in_(ordered.limit(planned).offset(go)))


def _brake_messages(db: Connection, now: datetime, cycle: int, limit: int) -> None:
    planned = _count(db, select(func.count()).where(*PLANNED, IS_MESSAGE))
    done = _count(db, select(func.count()).where(*DONE, IS_MESSAGE, c.done_at > now - HOUR)) if planned else 0
    go = let_through(limit, done, planned)
    if go < planned:
        ordered = select(c.id).where(*PLANNED, IS_MESSAGE).order_by(c.rank, c.id)
        _hold(db, cycle, f"over messages_per_hour: {limit}", c.id.in_(ordered.limit(planned).offset(go)))


def _brake_persons(db: Connection, now: datetime, cycle: int, limit: int) -> None:
    """Hold each person's messages over the limit. Most plans are over nobody's, which is found in one pass."""
    since = now - DAY
    sent = select(c.reader, func.count().label("done")).where(*DONE, c.done_at > since).group_by(c.reader).subquery()
    done = func.coalesce(sent.c.done, 0)
    readers = select(c.reader, func.count(), done).outerjoin(sent, sent.c.reader == c.reader)
    readers = readers.where(*PLANNED, IS_MESSAGE, c.reader != NOTE).group_by(c.reader)
    for reader, planned, already in db.execute(readers.having(func.count() + done > limit)).all():
        ordered = select(c.id).where(*PLANNED, c.reader == reader).order_by(c.rank, c.id)
        over = ordered.limit(planned).offset(rest(limit, already, planned))
        _hold(db, cycle, f"over messages_per_person_per_day: {limit}", c.id.in_(over))


def _count(db: Connection, query: Select[Any]) -> int:
    return db.scalar(query) or 0


def _hold(db: Connection, cycle: int, why: str, which: ColumnElement[bool]) -> None:
    db.execute(update(outbox).where(*PLANNED, which).values(state="held", cycle=cycle, error=why))
