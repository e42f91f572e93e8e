"""The background: what is read again though nothing tells of a change, and from where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from connectors.state import database, sweep


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
