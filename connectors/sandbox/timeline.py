"""Time on a simulated platform: one call at a time, and writes that are done long after their connection broke."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from connectors.sandbox.clock import Clock


class Timeline:
    """The clock, the lock, and what is still to be done. A platform is a timeline of its own."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self._pending: list[tuple[datetime, Callable[[], object]]] = []
        self._as_of: datetime | None = None

    def now(self) -> datetime:
        """Return the moment it is; while a late write is done, the moment at which it was due."""
        return self._as_of or self.clock()

    def later(self, due: datetime, do: Callable[[], object]) -> None:
        """Have something done once the clock has passed `due`."""
        self._pending.append((due, do))

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Hold the lock, with everything done that had become due."""
        with self.lock:
            due = [late for late in self._pending if late[0] <= self.clock()]
            self._pending = [late for late in self._pending if late not in due]
            for moment, do in sorted(due, key=lambda late: late[0]):
                self._as_of = moment
                try:
                    do()
                finally:
                    self._as_of = None
            yield
