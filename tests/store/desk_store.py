"""A store whose clock stands still until it is told to go on, and tickets and decisions to put into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.state.store import Decided, Store
from rules.model import Action, Assign, Comment, Decision, Held, Memory, Reason, SetFields, Ticket

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DESK = "servicenow-emea"
REASON = Reason("prioritise", "done", "security is never below P2", "priorities.yaml:17", "P2: the risk is security")


class Clock:
    """The time, as a store asks for it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        self.now += timedelta(**by)


def opened(path: Path, clock: Clock) -> Store:
    return Store.open(f"sqlite:///{path / 'itsm-sync.db'}", clock)


def ticket(number: int = 1, version: int = 1, connection: str = DESK) -> Ticket:
    return Ticket(
        connection, f"{number:032x}", f"INC{number:07d}", "incident", version, START, "anna", START, "anna", {}
    )


def key(number: int, what: str) -> str:
    return f"{ticket(number).key} {what}"


def memory(version: int = 1) -> Memory:
    return Memory(version, held={"priority": Held("P2", "ours", START, "P3")})


def fields(number: int = 1, what: str = "priority=P2 @1") -> SetFields:
    return SetFields(key(number, what), {"priority": "P2"}, REASON)


def team(number: int = 1, what: str = "team=payments @1") -> Assign:
    return Assign(key(number, what), "payments", REASON)


def comment(number: int = 1, what: str = "created to requester @1") -> Comment:
    return Comment(key(number, what), "created", "requester", True, "nb", REASON)


def decided(
    number: int = 1, actions: Sequence[Action] = (), version: int = 1, look_again_at: datetime | None = None
) -> Decided:
    decision = Decision(tuple(actions), (REASON,), memory(version), {}, look_again_at)
    return Decided(ticket(number, version), decision)


def planned(store: Store, *page: Decided, cursor: str | None = "c1") -> int:
    """Plan a page of incidents in cycle 1."""
    return store.plan(1, DESK, "incident", cursor, page)


def waiting(store: Store) -> dict[str, list[str]]:
    """Return the keys of the actions that would be sent now, by ticket."""
    return {item.ticket: [action.key for action in item.actions] for item in store.planned(DESK)}
