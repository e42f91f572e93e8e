"""One life of the service after the other: each is killed without warning, and the next one takes over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tests.trust.clock import SharedClock
from tests.trust.places import PASSWORDS
from tests.trust.service import Told

ROOT = Path(__file__).parents[2]
RESTART = 5.0  # seconds by the shared clock between the end of a life and the first cycle of the next one


class Life(NamedTuple):
    """A process, and the line over which it is told to work and tells what it did."""

    pid: int
    line: Connection


class Lives:
    """The life that works, and the one that waits for the lock of its store. `killed` counts those that ended.

    `sudden` is the share of the cycles that end at any moment, and not at a request; so many openings do, too.
    """

    def __init__(self, server: subprocess.Popen[str], listener: Listener, clock: SharedClock, seed: int) -> None:
        self._server, self._listener, self._clock, self._random = server, listener, clock, Random(seed)
        self.killed = 0
        self.sudden = 0.0
        self._life = self._begun()
        self._next: Life | None = None  # until the life has the lock

    def cycle(self) -> Told:
        """Have a cycle worked to its end, by as many lives as it takes."""
        while True:
            with suppress(EOFError, ConnectionError):
                return self._worked()
            self.killed += 1
            self._clock.advance(seconds=RESTART)
            self._life.line.close()
            self._life, self._next = self._next or self._begun(), None

    def kill(self) -> None:
        """End the life that works."""
        with suppress(ProcessLookupError):
            os.kill(self._life.pid, signal.SIGKILL)

    def end(self) -> None:
        """End them all."""
        for life in (self._next, self._life):
            if life is not None:
                life.line.close()
                with suppress(ProcessLookupError):
                    os.kill(life.pid, signal.SIGKILL)

    def _worked(self) -> Told:
        line = self._life.line
        if self._next is None:  # it has just taken over
            self._heard(line)
            self._next = self._begun()
        line.send(True)
        return Told(*self._heard(line))

    def _heard(self, line: Connection) -> Any:
        """Wait for what the life says next, or end it before it says anything."""
        if self._random.random() < self.sudden and not line.poll(self._random.uniform(0, 0.15)):
            self.kill()
        return line.recv()

    def _begun(self) -> Life:
        assert self._server.stdin is not None
        self._server.stdin.write("\n")
        self._server.stdin.flush()
        line = self._listener.accept()
        return Life(line.recv(), line)


@contextmanager
def lives(folder: Path, clock: SharedClock, clock_file: Path, seed: int, mutation: str = "") -> Iterator[Lives]:
    """Give the lives of a service in a workspace."""
    address = str(folder / "line")
    command = [sys.executable, "-m", "tests.trust.service", str(folder), str(clock_file), address, mutation]
    environ = {**os.environ, **PASSWORDS, "PYTHONPATH": str(ROOT)}
    with Listener(address, backlog=4) as listener:
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, text=True)  # noqa: S603
        try:
            found = Lives(server, listener, clock, seed)
            try:
                yield found
            finally:
                found.end()
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait()
