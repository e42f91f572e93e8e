"""What happened to tickets, for reports: each fact once, however often it is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from connectors.state.codec import storable
from connectors.state.records import Decided, Happened
from connectors.state.schema import happenings
from rules.happening import Happening

KEPT: Final = timedelta(days=400)
"""A year, so that a month can be compared with the same one of last year, and five weeks to get round to it."""

PAGE: Final = 1_000

c = happenings.c
COLUMNS: Final = (c.ticket, c.what, c.at, c.team, c.service, c.value, c.rule, c.why, c.amount, c.occasion)


def keep(db: Connection, now: datetime, page: Sequence[Decided]) -> None:
    """Keep what happened to the tickets of a page, unless it is kept already or would be forgotten at once."""
    first = _first(now)
    rows = [_row(item.ticket.key, one) for item in page for one in item.decision.happened if first <= one.at]
    if rows:
        insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.dialect.name](happenings)
        db.execute(insert.on_conflict_do_nothing(), rows)


def moved(db: Connection, key: str, new_key: str) -> None:
    """Count what happened to a ticket that has another key from now on under that one."""
    change = update(happenings).prefix_with("OR IGNORE", dialect="sqlite")
    db.execute(change.where(c.ticket == key).values(ticket=new_key))


def between(db: Connection, start: int, end: int) -> Iterator[Happened]:
    """Yield what happened from one moment up to another, in its order, a page at a time."""
    query = select(*COLUMNS).where(c.at >= start, c.at < end).order_by(c.at)
    for ticket, *rest in db.execute(query.execution_options(yield_per=PAGE)):
        yield Happened(ticket, Happening(*rest))


def forget(db: Connection, now: datetime) -> None:
    """Forget what is older than reports go back."""
    db.execute(delete(happenings).where(c.at < _first(now)))


def _first(now: datetime) -> int:
    return int((now - KEPT).timestamp())


def _row(ticket: str, one: Happening) -> dict[str, Any]:
    values = {name: storable(value) if isinstance(value, str) else value for name, value in one._asdict().items()}
    return {**values, "ticket": ticket, "occasion": one.at if one.occasion is None else one.occasion}
