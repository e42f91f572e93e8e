"""ServiceNow's own clocks: the rows of `task_sla` that definitions named by the workspace have on tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from connectors.base import NotVisible, Refused
from connectors.servicenow.query import both, equals, is_plain, within
from connectors.servicenow.tables import SYS_ID, Record, Tables, portions, raw
from connectors.servicenow.tickets import EPOCH, readable
from rules.model import Sla, Ticket
from rules.words import folded

PER_REQUEST: Final = 200  # ids in one query, a whole page
LONGEST: Final = 10**9
FIELDS: Final = ("task", "sla.name", "sla.duration", "stage", "active", "has_breached", "planned_end_time")
ROWS: Final = 10_000
State = Literal["running", "paused", "stopped"]
STATES: Final[Mapping[str, State]] = {
    "starting": "running",
    "in_progress": "running",
    "breached": "running",
    "paused": "paused",
}
"""Of a clock that is active; all others are stopped."""


def with_slas(tables: Tables, names: Sequence[str], tickets: Sequence[Ticket]) -> list[Ticket]:
    """Return the tickets with their clocks of these definitions, read in one request. None where not readable.

    The platform refreshes percentages and the time left only now and then: when a clock will have run out is all that
    is taken from a row, and how long it is from its definition.
    """
    found: dict[str, dict[str, Sla]] = {ticket.id: {} for ticket in tickets}
    known = {folded(name): name for name in names}
    wanted = both(equals("sla.name", [*filter(is_plain, names)]), "stage!=cancelled")
    try:
        for some in portions([id for id in found if SYS_ID.fullmatch(id)], PER_REQUEST):
            query = both(within("task", some), wanted, "ORDERBYsys_created_on", "ORDERBYsys_id")
            for row in tables.read("task_sla", query, FIELDS, ROWS).records:
                name = known.get(folded(raw(row, "sla.name")), "")
                if (sla := _sla(name, row)) is not None and raw(row, "task") in found:
                    found[raw(row, "task")][name] = sla  # of several runs the last one counts
    except (Refused, NotVisible):
        return [*tickets]
    return [ticket._replace(slas=tuple(found[ticket.id].values())) for ticket in tickets]


def _sla(name: str, row: Record) -> Sla | None:
    """Return the clock that a row is, None where it has no name of ours or its length is not known."""
    target = _seconds(raw(row, "sla.duration"))
    if not name or not target:
        return None
    state: State = STATES.get(raw(row, "stage"), "stopped") if raw(row, "active") != "false" else "stopped"
    due = readable(raw(row, "planned_end_time")) if state == "running" else None
    return Sla(name, raw(row, "sla.name"), target, None, due, state, raw(row, "has_breached") == "true")


def _seconds(duration: str) -> int:
    """Return a duration, which is stored as the time that lies so far after the beginning of 1970."""
    end: datetime | None = readable(duration)
    return max(0, min(int((end - EPOCH).total_seconds()), LONGEST)) if end is not None else 0
