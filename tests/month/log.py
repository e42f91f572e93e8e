"""What happened in a simulated month, ticket by ticket: the one thing that the checker reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

OURS: Final = "sync"
"""The account of the service."""

ROBOT: Final = "robot"
POLL: Final = 60
"""Seconds between two looks of the service."""


class Entry(NamedTuple):
    """What somebody did to a ticket, and when (seconds since 1970).

    `what` is a fact that became `value`; or "comment", or "note", whose value is "granted", "refused" or None. Of the
    service it is "said" with the message, its reader and what it is about, or "told" for a message by another door.
    Nobody (by "") does: "lost", what the service remembered; "failed", a write of the service; "below", whether what
    stands above the ticket is an open major incident.
    """

    at: int
    by: str
    what: str
    value: Any = None


class TicketLog(NamedTuple):
    """One ticket: on which platform, since when, whose it is, in which zone they live, what it said when it came."""

    number: str
    platform: str
    created: int
    requester: str
    zone: str
    facts: Mapping[str, Any]
    entries: list[Entry]


class Log(NamedTuple):
    """A month: from when to when, and when the service did not look at a platform."""

    start: int
    end: int
    down: Mapping[str, Sequence[tuple[int, int]]]
    tickets: Sequence[TicketLog]


def shown(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%a %d %b %H:%M:%S}Z"


def written_out(ticket: TicketLog) -> str:
    """Return a ticket's log for people."""
    return "\n".join(_lines(ticket))


def _lines(ticket: TicketLog) -> Iterable[str]:
    facts = ", ".join(f"{fact} {value}" for fact, value in ticket.facts.items())
    yield f"{ticket.number} of {ticket.requester} ({ticket.zone}), {shown(ticket.created)}: {facts}"
    for entry in ticket.entries:
        yield f"  {shown(entry.at)}  {entry.by or '-':8} {entry.what:12} {entry.value}"
