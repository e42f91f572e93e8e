"""Traces: where a person stands in the store, shown and taken away, while the service works on the same store.

What only names the person goes. What has to remain, so that nothing is said twice and clocks stay right, remains
without the name: that an action was done, that somebody had the ticket, that something was approved.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Integer, Table, delete, literal_column, select, update

from connectors.base import Unusable
from connectors.state import database, remembered
from connectors.state.places import PLACES, Found, Look, Trace
from connectors.state.schema import tickets
from connectors.state.somebody import Somebody

AT_A_TIME: Final = 500
"""Rows that are looked at in one transaction: the service that is at work waits for none of it long."""

ROW: Final = literal_column("rowid", Integer)
BUSY: Final = "what was found is removed, but the file is in use and may still hold it: do this once more"


class Traces:
    """The traces of one person."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], person: Somebody) -> None:
        self._engine, self._clock, self._person = engine, clock, person

    def all(self) -> Iterator[Trace]:
        """Yield where the person stands."""
        yield from (found.trace for table, look in PLACES for found in self._found(table, look))

    def forget(self) -> int:
        """Take all of it away, and return how many places that were; the file holds none of it afterwards.

        Raises `Unusable` where others use the file so much that it cannot be written anew.
        """
        count = sum(1 for table, look in PLACES for _ in self._found(table, look, self._apply))
        self._write_anew()
        return count

    def _found(
        self, table: Table, look: Look, then: Callable[[Connection, Table, int, Found], None] | None = None
    ) -> Iterator[Found]:
        """Yield the rows of a table in which the person stands, and do something with each in the same transaction."""
        engine = database.writing(self._engine) if then is not None else self._engine
        last, more = -1, True
        while more:
            with engine.begin() as db:
                page = select(ROW.label("row"), table).where(last < ROW).order_by(ROW).limit(AT_A_TIME)
                rows = db.execute(page).mappings().all()
                found = [(row["row"], one) for row in rows if (one := look(row, self._person)) is not None]
                for number, one in found if then is not None else ():
                    then(db, table, number, one)  # type: ignore[misc]
            yield from (one for _, one in found)
            last, more = rows[-1]["row"] if rows else last, len(rows) == AT_A_TIME

    def _apply(self, db: Connection, table: Table, number: int, found: Found) -> None:
        """Take the person out of a row, or the row away."""
        remembered.are_done(db, {found.trace.of: set(found.done)} if found.done else {})
        if found.wakes:
            open_one = (tickets.c.key == found.trace.of, tickets.c.open == 1)
            db.execute(update(tickets).where(*open_one).values(look_again_at=self._clock()))
        if found.values:
            db.execute(update(table).where(ROW.in_([number])).values(found.values))
        else:
            db.execute(delete(table).where(ROW.in_([number])))

    def _write_anew(self) -> None:
        """Write the file without what was deleted, and empty the log of changes beside it."""
        connection = self._engine.raw_connection()
        driver: Any = connection.driver_connection
        try:
            driver.execute("VACUUM")
            if driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise Unusable(BUSY)
        except sqlite3.OperationalError:
            raise Unusable(BUSY) from None
        finally:
            connection.close()
