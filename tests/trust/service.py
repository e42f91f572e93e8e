"""The service as processes that can be killed: `python -m tests.trust.service FOLDER CLOCK SOCKET [MUTATION]`.

One process imports everything once and is forked for each life: a life costs the start of a desk, not of Python. A
life opens the desk, for which it waits until the store's lock is free, and works a cycle whenever it is told to.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any, Final, NamedTuple

import sync
from commands import workspace
from connectors import outcome
from connectors.state import outbox
from connectors.state.store import Store
from tests.trust.clock import SharedClock

NEEDED: Final = (
    "apprise",
    "connectors.channels.mail",
    "connectors.channels.slack",
    "connectors.channels.teams",
    "connectors.channels.webhook",
    "connectors.jira_service_management.connector",
    "connectors.servicenow.connector",
    "rules.engine",
    "templates.letters",
    "templates.notices",
    "templates.render",
)


class Told(NamedTuple):
    """What a life says of a cycle: the report, and what waits and what needs a person in the store."""

    counts: dict[str, int]
    problems: dict[str, str]
    waiting: dict[str, int]
    parked: list[str]


def told(desk: sync.Desk, report: sync.Report) -> Told:
    status = desk.store.status()
    parked = [f"{one.ticket} {one.key}: {one.error}" for one in status.parked]
    return Told(report.counts, report.problems, dict(status.waiting), parked)


def never_settles() -> None:
    """Look marks up at once, though a write may still be applied."""
    outcome.SETTLE = outbox.SETTLE = timedelta(0)  # type: ignore[misc]


def notes_nothing_before_it_sends() -> None:
    """Send without writing down that it sends."""
    Store.sending = lambda *_: None  # type: ignore[method-assign, assignment]


def takes_sent_for_done() -> None:
    """Take what was sent for done, whether it left its mark or not."""
    settled = Store.settled

    def all_done(self: Any, cycle: int, ticket: str, done: list[str], missing: list[str]) -> None:
        settled(self, cycle, ticket, [*done, *missing], [])

    Store.settled = all_done  # type: ignore[method-assign, assignment]


MUTATIONS: Final[dict[str, Callable[[], None]]] = {
    one.__name__: one for one in (never_settles, notes_nothing_before_it_sends, takes_sent_for_done)
}
"""Ways in which the service could be wrong, to show that the tests find them."""


def live(folder: Path, clock: SharedClock, address: str) -> None:
    """Work a cycle for each word that arrives, until the process is killed."""
    with Client(address) as line:
        line.send(os.getpid())
        with workspace.opened(sync.Desk, folder, clock, wait=True) as desk:
            for connector in desk.connectors.values():
                connector.session.sleep = lambda seconds: clock.advance(seconds=seconds)  # type: ignore[attr-defined]
            line.send("open")
            while line.recv():
                line.send(tuple(told(desk, desk.cycle())))  # a name of this module's is another one over there


def main(folder: str, clock: str, address: str, mutation: str = "") -> None:
    """Begin a life for each line on standard input."""
    for name in NEEDED:
        import_module(name)
    if mutation:
        MUTATIONS[mutation]()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a life ended
    for _ in sys.stdin:
        if os.fork() == 0:
            live(Path(folder), SharedClock(Path(clock)), address)
            os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
