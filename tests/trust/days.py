"""A day lived through: calm, with trouble on the way, or with a service that is killed again and again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from commands.workspace import opened
from connectors.sandbox import MovableClock, serve
from sync import Desk
from tests.trust.clock import SharedClock
from tests.trust.day import START, Day
from tests.trust.doors import Doors
from tests.trust.gate import Fate, Gate, Shares
from tests.trust.judged import stand
from tests.trust.lives import Lives, lives
from tests.trust.places import PASSWORDS, Jira, Place, ServiceNow, Ticket, workspace
from tests.trust.service import Told, told

QUIET: Final = (60.0, 60.0, 200.0, 200.0, 1000.0, 4000.0, 16000.0, 64000.0)
"""Seconds between the cycles in which everything quietens: past what writes take to settle, and past all waits."""


class Plan(NamedTuple):
    """What kind of day it is: tickets per place, time between the events of one, and until the last is reported."""

    seed: int
    tickets: int
    apart: timedelta = timedelta(minutes=20)
    reports: timedelta = timedelta(hours=2)
    poll: float = 60.0


class Lived(NamedTuple):
    """How a day ended: the tickets, what the last two cycles planned, and what waits or needs a person."""

    tickets: dict[str, Ticket]
    last: Sequence[Told]


def places(clock: Callable[[], Any], doors: Doors | None) -> list[Place]:
    """Return a place of each kind; in the last one tickets have no field for marks. Two will do where doors are."""
    marked = [ServiceNow("sn", clock), Jira("cloud", clock, "Cloud")]
    if doors is not None:
        return marked
    return [*marked, Jira("server", clock, "Server"), ServiceNow("unmarked", clock, mark=False)]


def lived(plan: Plan, them: Sequence[Place], clock: Any, cycle: Callable[[], Told], calm: Callable[[], None]) -> Lived:
    """Live through a day, end all trouble by `calm`, and let everything quieten."""
    day = Day(them, plan.seed, plan.tickets, plan.apart, plan.reports)
    while day.events:
        clock.advance(seconds=plan.poll)
        day.due(clock())
        cycle()
    for _ in range(3):
        clock.advance(seconds=plan.poll)
        cycle()
    calm()
    for seconds in QUIET:
        clock.advance(seconds=seconds)
        cycle()
    return Lived(stand(them), [cycle(), cycle()])


@contextmanager
def served(
    folder: Path, them: Sequence[Place], gates: Callable[[Place], Gate], doors: Doors | None = None
) -> Iterator[None]:
    """Serve these places and write the workspace that looks after them, and that tells others by these doors."""
    with ExitStack() as stack:
        urls = {stack.enter_context(serve(gates(place))): place for place in them}  # type: ignore[arg-type]
        rules = workspace(urls)
        (folder / "desk.yaml").write_text(doors.lay_out(folder, rules) if doors else rules, encoding="utf-8")
        yield


def in_process(
    folder: Path, plan: Plan, trouble: Callable[[Place], None] = lambda _: None, doors: Doors | None = None
) -> Lived:
    """Live through a day in this process, with `trouble` at every place."""
    clock = MovableClock(START)
    them = places(clock, doors)
    with (
        patch.dict(os.environ, PASSWORDS),
        served(folder, them, lambda place: Gate(place, clock), doors),
        opened(Desk, folder, clock) as desk,
    ):
        for connector in desk.connectors.values():
            connector.session.sleep = lambda seconds: clock.advance(seconds=seconds)  # type: ignore[attr-defined]
        for place in them:
            trouble(place)

        def calm() -> None:
            for place in them:
                place.platform.faults.trouble = None
            if doors is not None:
                doors.calm()

        return lived(plan, them, clock, lambda: told(desk, desk.cycle()), calm)


def killed(
    folder: Path, plan: Plan, shares: Shares, mutation: str = "", doors: Doors | None = None
) -> tuple[Lived, Lives, Fate]:
    """Live through a day with a service that is killed again and again, and return how it was killed, too."""
    clock = SharedClock(folder / "clock", START)
    them = places(clock, doors)
    gates = {place.name: Gate(place, clock) for place in them}
    with (
        served(folder, them, lambda place: gates[place.name], doors),
        lives(folder, clock, folder / "clock", plan.seed, mutation) as service,
    ):
        fate = Fate(plan.seed, service.kill, shares)
        service.sudden = shares.cycles
        for gate in gates.values():
            gate.fate = fate
        if doors is not None:
            doors.kill, doors.drawn = service.kill, fate.at_a_door

        def calm() -> None:
            if doors is not None:
                doors.calm()
            service.sudden = 0.0
            for gate in gates.values():
                gate.fate = None

        return lived(plan, them, clock, service.cycle, calm), service, fate
