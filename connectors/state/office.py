"""The office: what an admin does to what waits, while the service works on the same store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, or_, select, update

from connectors.state import database, journal, remembered, standing
from connectors.state.codec import read_action
from connectors.state.records import Line
from connectors.state.schema import outbox
from connectors.state.somebody import Somebody
from connectors.state.traces import Traces
from rules.reverting import Change

AT_A_TIME: Final = 500
"""Actions that are changed in one transaction."""

LONGEST: Final = 10
"""Digits of a plan's number, and less than a database could not hold."""

c = outbox.c


class Office:
    """Every method returns how many actions it was about.

    `named` are plans by number ("12") and tickets by key ("servicenow-emea/INC0010001"); none means all.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._writing, self._clock = engine, database.writing(engine), clock

    def release(self, named: Sequence[str] = ()) -> int:
        """Let go what the brakes hold: it is decided once more on the ticket as it is by then, and sent."""
        return self._act(named, ["held"], "planned by a person's release", state="planned", released=1, error="")

    def retry(self, named: Sequence[str] = ()) -> int:
        """Try again what is parked: the ticket is read and decided anew in the next cycle."""
        anew = {"state": "again", "attempts": 0, "until": self._clock(), "doubt": ""}
        return self._act(named, ["parked"], "tried again for a person", **anew)

    def drop(self, named: Sequence[str]) -> int:
        """Never do what is held or parked."""
        return self._act(named, ["held", "parked"], "dropped by a person", state="dropped", until=None)

    def stop(self) -> None:
        """Stop all writing; reading and deciding go on."""
        with self._writing.begin() as db:
            standing.stop(db, standing.stopped(db) or self._clock())

    def resume(self) -> None:
        """Let writing go on."""
        with self._writing.begin() as db:
            standing.stop(db, None)

    def changes_of(self, cycle: int) -> list[Change]:
        """Return what a cycle wrote into fields."""
        with self._engine.connect() as db:
            return standing.changes_of(db, cycle)

    def traces(self, person: Somebody) -> Traces:
        """Return where a person stands in the store."""
        return Traces(self._engine, self._clock, person)

    def _act(self, named: Sequence[str], states: Sequence[str], said: str, **values: object) -> int:
        """Give these actions another state, some at a time: the service that is at work waits for none of it long."""
        count, more = 0, True
        while more:
            with self._writing.begin() as db:
                rows = _found(db, named, states)
                if values["state"] == "dropped":
                    remembered.count_as_done(db, rows)
                db.execute(update(outbox).where(c.id.in_([row["id"] for row in rows])).values(**values))
                self._tell(db, rows, said)
            count, more = count + len(rows), len(rows) == AT_A_TIME
        return count

    def _tell(self, db: Connection, rows: Sequence[RowMapping], said: str) -> None:
        """Write a line for each of these actions into the journal of its ticket."""
        last = journal.last(db)
        lines = [(row["ticket"], [_line(row, said)]) for row in rows]
        journal.write(db, self._clock(), last.number if last is not None else 0, lines)


def _found(db: Connection, named: Sequence[str], states: Sequence[str]) -> list[RowMapping]:
    """Return some of the actions in these states; what was changed is in none of them any more."""
    where: list[ColumnElement[bool]] = [c.state.in_(states)]
    if named:
        plans = [int(name) for name in named if name.isdecimal() and len(name) < LONGEST]
        where.append(or_(c.ticket.in_(named), (c.state == "held") & c.cycle.in_(plans)))
    return list(db.execute(select(outbox).where(*where).order_by(c.id).limit(AT_A_TIME)).mappings())


def _line(row: RowMapping, said: str) -> Line:
    reason = read_action(row["key"], row["action"]).reason
    what = row["key"].partition(" ")[2]
    return Line(reason.stage, "left", reason.rule, reason.where, f"{what}: {said}")
