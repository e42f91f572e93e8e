"""What lies around a ticket: majors, queues, what was announced, and what was replied."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine

from connectors.state import nearby
from rules.announcement import Announcement
from rules.reply import Reply


class Around:
    """What a store knows of one connection's tickets beyond the one that is decided."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def majors(self, connection: str) -> dict[str, str]:
        """Return the numbers of a connection's open major incidents, each with its service or ""."""
        with self._engine.connect() as db:
            return nearby.majors(db, connection)

    def queues(self, connection: str) -> tuple[dict[str, int], dict[str, int]]:
        """Return how many open tickets teams have on a connection, and people."""
        with self._engine.connect() as db:
            return nearby.teams(db, connection), nearby.assignees(db, connection)

    def announced(self, connection: str) -> Mapping[str, Announcement]:
        """Return what was said last of a connection's major incidents, by their number."""
        with self._engine.connect() as db:
            return nearby.announced(db, connection)

    def replies(self, connection: str) -> Mapping[str, tuple[Reply, ...]]:
        """Return what customers said of late below a connection's major incidents, by the number of those."""
        with self._engine.connect() as db:
            return nearby.replies_below(db, connection)
