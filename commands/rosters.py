"""Reads rosters for people who ask: live, from where they are kept, with what the store knows where that is silent."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from commands import workspace

if TYPE_CHECKING:
    from connectors.base import ConnectorError
    from connectors.rosters import Rosters
    from connectors.state.store import Store
    from rules.rosters import Roster
    from rules.rulebook import Rulebook


class Seen(NamedTuple):
    """The rosters that are known, and what is wrong with a roster, by team."""

    known: Mapping[str, Roster]
    problems: Mapping[str, str]


NONE = Seen({}, {})


class _Unopened:
    """Stands for a connection that cannot be opened: whoever asks it hears why."""

    def __init__(self, error: ConnectorError) -> None:
        self.error = error

    def sheet(self, *_: object) -> Any:
        raise self.error

    def close(self) -> None:
        """Do nothing."""


def read(book: Rulebook, folder: Path, teams: Collection[str], at: int) -> Seen:
    """Return the rosters of teams as they are told now for a moment; a desk without any waits for nothing."""
    if all(book.teams[team].feed is None for team in teams):
        return NONE
    with opened(book, folder, teams) as rosters:
        return Seen(rosters.refresh(datetime.fromtimestamp(at, UTC)), rosters.problems)


@contextmanager
def opened(book: Rulebook, folder: Path, teams: Collection[str]) -> Iterator[Rosters]:
    """Open the rosters of teams, and nothing else; the store is read and not written to."""
    from connectors.rosters import Rosters

    with ExitStack() as stack:
        feeds = (book.teams[team].feed for team in teams)
        connectors: dict[str, Any] = {feed.source: None for feed in feeds if feed is not None and feed.source}
        for name in connectors:
            connectors[name] = _connector(book, name)
            stack.callback(connectors[name].close)
        yield Rosters(book, os.environ, _store(book, folder, stack), connectors, only=teams, borrowed=True)


def _connector(book: Rulebook, name: str) -> Any:
    from connectors.base import ConnectorError

    try:
        return workspace.connector(book.connections[name])
    except ConnectorError as error:
        return _Unopened(error)


def _store(book: Rulebook, folder: Path, stack: ExitStack) -> Store | None:
    """Return the store if there is one that can be read; without it only the last roster is missing."""
    from connectors.base import ConnectorError
    from connectors.state.store import Store

    path = workspace.store_path(folder, book)
    try:
        return stack.enter_context(Store.open(f"sqlite:///{path}", workspace.now)) if path.exists() else None
    except ConnectorError:
        return None
