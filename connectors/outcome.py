"""What becomes of a write that failed: it is looked up, tried again, or left to a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from connectors.base import Busy, ConnectorError, NotVisible, OutcomeUnknown, Refused, TryLater
from connectors.state.records import SETTLE

if TYPE_CHECKING:
    from connectors.state.store import Store

FIRST_WAIT: Final = 60
"""Seconds before a failed write is tried again; each further time it is four times as long."""


def wait(error: TryLater, attempts: int) -> timedelta:
    """Return how long to wait before the next attempt, as long as the other end asked at the least."""
    return timedelta(seconds=max(error.wait or 0, FIRST_WAIT * 4**attempts))


def keep(
    store: Store,
    cycle: int,
    ticket: str,
    keys: Sequence[str],
    error: ConnectorError,
    attempts: int,
    clock: Callable[[], datetime],
) -> dict[str, int]:
    """Keep why these actions on a ticket failed, and return what that adds to a report.

    Raises the error again where the platform as a whole is to be left alone, or needs a person.
    """
    if isinstance(error, OutcomeUnknown):
        store.unknown(cycle, ticket, keys, clock() + SETTLE, str(error))
        return {"failed": 1}
    if isinstance(error, TryLater) and not isinstance(error, Busy):
        store.again(cycle, ticket, keys, clock() + wait(error, attempts), str(error))
        return {"failed": 1}
    if isinstance(error, Refused | NotVisible):
        store.park(cycle, ticket, keys, str(error))
        return {"parked": len(keys)}
    store.unsent(keys)
    raise error
