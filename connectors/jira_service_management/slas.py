"""Jira's own clocks, as its fields hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from connectors.jira_service_management.fields import Field, Fields
from rules.model import Sla

TYPE: Final = "sd-servicelevelagreement"
LONGEST: Final = 10**9
"""Seconds; a clock that claims more is as good as one that never runs out."""


def clocks(named: Mapping[str, str], fields: Fields) -> dict[str, Field]:
    """Return name → field of those of the named fields that hold a clock; a name that is none or several is none."""
    found = {name: fields.find(name) for name in named.values()}
    return {name: one[0] for name, one in found.items() if len(one) == 1 and one[0].type == TYPE}


def sla(name: str, value: object) -> Sla | None:
    """Return the clock that a field holds: its run that goes on, or else its last one.

    None where it never started, and where Jira could not read it and the field holds an error. Names are translated
    and texts are in the reader's language: only numbers count.
    """
    if not isinstance(value, dict):
        return None
    ongoing, done = value.get("ongoingCycle"), value.get("completedCycles")
    cycle = ongoing or (done[-1] if isinstance(done, list) and done else None)
    if not isinstance(cycle, dict):
        return None
    state: Literal["running", "paused", "stopped"] = "stopped"
    if ongoing:
        state = "paused" if cycle.get("paused") is True else "running"
    return Sla(
        field=name,
        name=str(value.get("name") or name),
        target=_seconds(cycle.get("goalDuration")),
        used=_seconds(cycle.get("elapsedTime")),
        due=_moment(cycle.get("breachTime")) if state == "running" else None,
        state=state,
        breached=cycle.get("breached") is True,
    )


def is_broken(value: object) -> bool:
    """Tell whether a field holds an error in place of a clock."""
    return isinstance(value, dict) and "errorMessage" in value


def _seconds(duration: object) -> int:
    millis = duration.get("millis") if isinstance(duration, dict) else None
    return max(0, min(millis // 1000, LONGEST)) if isinstance(millis, int) else 0


def _moment(date: object) -> datetime | None:
    millis = date.get("epochMillis") if isinstance(date, dict) else None
    try:
        return datetime.fromtimestamp(millis / 1000, UTC) if isinstance(millis, int) else None
    except (ValueError, OverflowError, OSError):
        return None
