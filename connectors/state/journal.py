"""The journal: what was done to a ticket or left, and why; and the cycles in which it happened."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import sqlite

from connectors.state.codec import lines_text, read_lines
from connectors.state.records import Cycle, Entry, Line
from connectors.state.schema import cycles, journal, overrules
from rules.model import Reason

KEPT_CYCLES: Final = 1_000
"""Cycles that are remembered; at one a minute that is the last 16 hours."""

LONGEST: Final = 300
"""Characters of an error that are kept."""

CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
ADDRESS: Final = re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+")


def write(db: Connection, at: datetime, cycle: int, lines: Iterable[tuple[str, Sequence[Line | Reason]]]) -> None:
    """Write lines, given per ticket key; a ticket without lines writes nothing."""
    rows = [
        {"ticket": ticket, "at": at, "cycle": cycle, "lines": lines_text(of_ticket)}
        for ticket, of_ticket in lines
        if of_ticket
    ]
    if rows:
        db.execute(insert(journal), rows)


def moved(db: Connection, before: str, now: str) -> None:
    """Keep the lines of a ticket that has another key from now on under that one."""
    db.execute(update(journal).where(journal.c.ticket == before).values(ticket=now))


def read(db: Connection, ticket: str) -> list[Entry]:
    """Return a ticket's lines, oldest first."""
    c = journal.c
    rows = db.execute(select(c.at, c.cycle, c.lines).where(c.ticket == ticket).order_by(c.id))
    return [Entry(at, cycle, line) for at, cycle, text in rows for line in read_lines(text)]


def count_overruled(db: Connection, reasons: Iterable[Reason]) -> None:
    """Count, rule by rule, what people replaced of what we had written."""
    for rule, count in Counter(one.rule for one in reasons if one.outcome == "overruled" and one.rule).items():
        row = sqlite.insert(overrules).values(rule=rule, count=count)
        db.execute(row.on_conflict_do_update(index_elements=["rule"], set_={"count": overrules.c.count + count}))


def overruled(db: Connection) -> tuple[tuple[str, int], ...]:
    """Return the rules that people overrule, most often overruled first, with how often."""
    rows = db.execute(select(overrules.c.rule, overrules.c.count).order_by(overrules.c.count.desc(), overrules.c.rule))
    return tuple((row.rule, row[1]) for row in rows)


def begin(db: Connection, at: datetime, connections: Sequence[str]) -> int:
    """Return the number of a new cycle; the oldest ones are forgotten."""
    number = int(db.scalar(select(func.max(cycles.c.number))) or 0) + 1
    names = json.dumps(list(connections))
    db.execute(insert(cycles).values(number=number, started=at, connections=names, counts="{}"))
    db.execute(delete(cycles).where(cycles.c.number <= number - KEPT_CYCLES))
    return number


def end(db: Connection, at: datetime, number: int, counts: Mapping[str, int]) -> None:
    """Record when a cycle ended and what it did."""
    change = update(cycles).where(cycles.c.number == number)
    db.execute(change.values(ended=at, counts=json.dumps(dict(counts))))


def last(db: Connection) -> Cycle | None:
    """Return the cycle that began last."""
    row: Any = db.execute(select(cycles).order_by(cycles.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    return Cycle(row.number, row.started, row.ended, tuple(json.loads(row.connections)), json.loads(row.counts))


def one_line(error: str) -> str:
    """Return an error as it may be kept and shown: one line, not long, no signs for terminals, no e-mail address."""
    return ADDRESS.sub("…@…", " ".join(CONTROL.sub(" ", error).split()))[:LONGEST].encode(errors="replace").decode()
