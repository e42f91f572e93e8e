"""What simulated platforms share: time, one call at a time, writes done long after their connection broke."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from .clock import Clock
from .faults import Faults
from .http import Answer, Call


@dataclass
class Request:
    """What was asked, and how it was answered. `inner` calls came in a batch; `body` is read as JSON where it is."""

    method: str
    path: str
    query: Mapping[str, str]
    body: object
    time: datetime
    status: int = 0
    user: str = ""
    inner: bool = False


class Platform(ABC):
    """What every simulated platform has: a clock, what is still to be done, faults, and a memory of what was asked."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self._pending: list[tuple[datetime, Callable[[], object]]] = []
        self._as_of: datetime | None = None
        self._ahead = timedelta(0)
        self.faults = Faults()
        self.requests: list[Request] = []

    def now(self) -> datetime:
        """Return the moment it is; while a late write is done, the moment at which it was due."""
        return self._as_of or self.clock() + self._ahead

    def jump(self, **amount: float) -> None:
        """Have the platform's own clock jump by `timedelta(**amount)`, backwards too; nothing else's clock does."""
        self._ahead += timedelta(**amount)

    def later(self, due: datetime, do: Callable[[], object]) -> None:
        """Have something done once the clock has passed `due`; a jump makes that neither sooner nor later."""
        self._pending.append((due - self._ahead, do))

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Hold the lock, with everything done that had become due."""
        with self.lock:
            due = [late for late in self._pending if late[0] <= self.clock()]
            self._pending = [late for late in self._pending if late not in due]
            for moment, do in sorted(due, key=lambda late: late[0]):
                self._as_of = moment + self._ahead
                try:
                    do()
                finally:
                    self._as_of = None
            yield

    def handle(self, call: Call) -> Answer:
        """Answer a call, one at a time, and remember it."""
        with self.settled():
            request = Request(call.method, call.path, dict(call.query), _json(call), self.now(), inner=call.inner)
            self.requests.append(request)
            found = self.answer(call, request)
            request.status = found.status
            return found

    @abstractmethod
    def answer(self, call: Call, request: Request) -> Answer:
        """Answer a call; who asked is added to the `request`."""


def _json(call: Call) -> object:
    try:
        return json.loads(call.body) if call.body else None
    except ValueError:
        return None
