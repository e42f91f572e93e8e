"""The background: what is read again though nothing tells of a change, and from where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from connectors.state import database, keeping, sweep
from rules.model import Memory, Ticket


class Background:
    """What a store knows of it. Every method is one transaction."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def chosen(self, connection: str, kinds: Sequence[str], digest: str) -> dict[str, list[str]]:
        """Return the ids of the tickets to be read again in the background now, by kind."""
        with self._engine.connect() as db:
            return sweep.chosen(db, self._clock(), connection, kinds, digest)

    def hours(self, connection: str, kinds: Sequence[str]) -> list[tuple[str, str, str]]:
        """Return the kinds whose last hour is to be read once more now: kind, where it began ("" unknown), its end."""
        with self._engine.connect() as db:
            return sweep.hours(db, self._clock(), connection, kinds)

    def hour_begins(self, connection: str, kind: str, cursor: str) -> None:
        """Keep the cursor from which the hour that begins now will be read once more."""
        with database.writing(self._engine).begin() as db:
            sweep.stands(db, self._clock(), connection, kind, cursor)

    def let_go(self, keep: timedelta | None) -> None:
        """Forget some of the tickets that were closed, or could not be seen any more, longer ago than they are kept."""
        if keep is not None:
            with database.writing(self._engine).begin() as db:
                keeping.let_go(db, self._clock() - keep)

    def forgotten(self, tickets: Sequence[Ticket]) -> dict[str, Memory | None]:
        """Return those of the tickets that were forgotten, by key: what to remember of one, None to leave it alone."""
        with self._engine.connect() as db:
            return keeping.forgotten(db, tickets)
