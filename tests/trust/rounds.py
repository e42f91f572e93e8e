"""A desk in this process that tells others by doors: it ends at any step of what it does, and is started anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from commands.workspace import opened
from connectors.sandbox import MovableClock
from sync import Desk
from tests.desk.at_work import Death, Died, MortalStore
from tests.trust.day import START
from tests.trust.days import served
from tests.trust.doors import Doors, doors
from tests.trust.gate import Gate
from tests.trust.places import PASSWORDS, ServiceNow

P1 = {"impact": "high", "urgency": "high"}


class MortalChannel:
    """A door before or after whose letters the process ends."""

    def __init__(self, channel: Any, death: Death) -> None:
        self._channel, self._death = channel, death

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    def send(self, letter: Any) -> None:
        self._death.around(self._channel.send, letter)


class Rounds:
    """A place, the doors, and a desk that works a cycle a minute. `deaths` counts how often it ended."""

    def __init__(self, folder: Path, clock: MovableClock, place: ServiceNow, ends: Doors) -> None:
        self.folder, self.clock, self.place, self.doors = folder, clock, place, ends
        self.deaths = 0
        self._stack = ExitStack()
        self._desk: Desk | None = None

    def cycle(self, steps: int = 0, times: int = 1, apart: float = 60) -> None:
        """Work cycles; the process ends after so many `steps` of sending in the first one, 0: not at all."""
        for _ in range(times):
            self.clock.advance(seconds=apart)
            try:
                self._mortal(steps).cycle()
            except Died:
                self.deaths += 1
                self.end()
            steps = 0

    def quieten(self) -> None:
        """Let everything be tried again that waits to be."""
        self.doors.calm()
        for seconds in (60, 60, 300, 1200, 5000):
            self.cycle(apart=seconds)

    def parked(self) -> list[str]:
        """Return what waits for a person, once nothing else waits."""
        status = self.desk().store.status()
        assert status.waiting == {}
        return [f"{one.ticket} {one.key}: {one.error}" for one in status.parked]

    def desk(self) -> Desk:
        """Return the desk, opened."""
        if self._desk is None:
            self._desk = self._stack.enter_context(opened(Desk, self.folder, self.clock))
        return self._desk

    def end(self) -> None:
        """End the process, as it were."""
        self._stack.close()
        self._stack, self._desk = ExitStack(), None

    def _mortal(self, steps: int) -> Desk:
        desk = self.desk()
        if steps:
            death = Death(steps, "sending")
            desk.store = MortalStore(desk.store, death)  # type: ignore[assignment]
            desk.channels = {name: MortalChannel(one, death) for name, one in desk.channels.items()}  # type: ignore[misc]
        return desk


@contextmanager
def rounds(folder: Path) -> Iterator[Rounds]:
    """Give a desk at a ServiceNow, with all kinds of doors."""
    clock = MovableClock(START)
    place = ServiceNow("sn", clock)
    with (
        doors() as ends,
        patch.dict("os.environ", PASSWORDS),
        served(folder, [place], lambda place: Gate(place, clock), ends),
    ):
        found = Rounds(folder, clock, place, ends)
        try:
            yield found
        finally:
            found.end()
