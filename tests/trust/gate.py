"""The way to a simulated platform: each request takes time there, and some of them end the process that asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from random import Random
from threading import Lock
from typing import NamedTuple, Protocol

from connectors.sandbox import Fault
from connectors.sandbox.http import Answer, Call
from tests.trust.places import Place


class Moving(Protocol):
    """A clock that can be moved on."""

    def __call__(self) -> datetime: ...

    def advance(self, *, seconds: float) -> object:
        """Move on."""


class Shares(NamedTuple):
    """Of what share of the writes, the reads and the cycles the process ends; of the cycles at any moment."""

    writes: float = 0.25
    reads: float = 0.004
    cycles: float = 0.15


class Fate:
    """Chooses the requests at which the process ends; `met` counts the moments.

    Writes more than reads: broken_before is before a write is applied, broken_after after that and before its answer,
    late while it is held for up to 80 s.
    """

    def __init__(self, seed: int, kill: Callable[[], None], shares: Shares) -> None:
        self.met: Counter[str] = Counter()
        self._random, self._kill, self._shares = Random(seed), kill, shares

    def chosen(self, call: Call, is_write: bool) -> Fault | None:
        if self._random.random() >= (self._shares.writes if is_write else self._shares.reads):
            return None
        kind = self._random.choice(("broken_before", "broken_after", *(["late"] if is_write else [])))
        self.met[f"{kind} of a {'write' if is_write else 'read'}"] += 1
        seconds = self._random.uniform(1, 80)
        return Fault(kind, method=call.method, path=call.path, seconds=seconds, do=self._kill)

    def at_a_door(self, door: str) -> str:
        """Choose for a letter at a door, which is a write, too: before it is taken over, or after."""
        if self._random.random() >= self._shares.writes:
            return ""
        kind = self._random.choice(("killed before", "killed after"))
        self.met[f"{kind} a word is taken at {door}"] += 1
        return kind


class Gate:
    """Stands in for a platform at its address."""

    def __init__(self, place: Place, clock: Moving, took: float = 0.2, fate: Fate | None = None) -> None:
        self.place, self.clock, self.took, self.fate = place, clock, took, fate
        self._lock = Lock()  # a request of a process that is dead by now may still be on its way

    def now(self) -> datetime:
        return self.place.platform.now()

    def handle(self, call: Call) -> Answer:
        with self._lock:
            self.clock.advance(seconds=self.took)
            fault = self.fate.chosen(call, self.place.is_write(call.method, call.path)) if self.fate else None
            if fault:
                self.place.platform.faults.add(fault)
            return self.place.platform.handle(call)
