"""Reads one ticket as it is on its platform now, and decides about it without writing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import workspace

if TYPE_CHECKING:
    from rules.model import Decision, Memory, Surroundings, Ticket
    from rules.timeline import Timeline
    from sync import Desk


def found(desk: Desk, key: str) -> Ticket | None:
    """Return the ticket as it is on the platform now, with its history, and with who spoke where clocks matter.

    Raises a usage error for a name that is none, and `Unusable` where the platform cannot be asked.
    """
    from connectors.base import ConnectorError

    name, _, number = key.partition("/")
    if name not in desk.connectors or not number:
        known = ", ".join(f"{one}/…" for one in desk.connectors)
        raise click.UsageError(f"name the ticket as CONNECTION/KEY: {known}")
    connector = desk.connectors[name]
    try:
        connector.start()
        for kind in desk.book.connections[name].kinds:
            ticket = connector.find(kind, number)
            if ticket is not None:
                history = connector.history(kind, [ticket])
                said = connector.said(kind, [ticket]) if desk.book.clocked else {}
                told = None if history is None else history.get(ticket.id, ())
                return ticket._replace(history=told, said=(said or {}).get(ticket.id), deaf=said is None)
    except ConnectorError as error:
        raise workspace.Unusable(f"{name}: {error}") from error
    return None


def decided(desk: Desk, ticket: Ticket, memory: Memory | None) -> tuple[Decision, Timeline | None]:
    """Return what would be decided about the ticket now, and its times."""
    from rules.engine import decide
    from rules.model import Memory
    from rules.timeline import timeline

    seen, known, now = around(desk, ticket.connection), memory or Memory(), desk.clock()
    decision = decide(ticket, known, seen, desk.book, now)
    return decision, timeline(ticket, known, seen, desk.book, now, decision)


def around(desk: Desk, name: str) -> Surroundings:
    """Return what rules may know beyond a ticket of this connection."""
    from connectors.reading import surroundings
    from templates.detector import detected

    since = desk.book.connections[name].since or desk.store.first_start(name)
    on_call = desk.rosters.refresh(desk.clock()) if desk.rosters is not None else {}
    return surroundings(desk.store, desk.connectors[name], desk.book, since, on_call, detected)
