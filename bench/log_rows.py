"""The audit log of a real ServiceNow instance, which is read where it lies: its rows by incident, and in order."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

Row = Mapping[str, str]
Rows = list[tuple[datetime, Row]]

HELD_FOR: Final = {
    "Awaiting User Info": "requester",
    "Awaiting Problem": "problem",
    "Awaiting Vendor": "vendor",
    "Awaiting Evidence": "evidence",
}


def the_log() -> Path:
    """Return where the log is: in the folder `data` of ITSM_SYNC_SHARED, which is ../shared if unset."""
    shared = Path(os.environ.get("ITSM_SYNC_SHARED", Path(__file__).parents[1].parent / "shared"))
    return shared / "data" / "servicenow_incident_event_log.csv"


def missing(file: Path) -> str:
    """Say that it is not there."""
    return f"there is no log at {file}; ITSM_SYNC_SHARED says where"


def by_incident(log: str) -> dict[str, Rows]:
    """Return the rows of each incident by `sys_mod_count`: within a minute times do not tell their order."""
    found: dict[str, list[Row]] = {}
    for row in csv.DictReader(io.StringIO(log)):
        found.setdefault(row["number"], []).append(row)
    return {number: _timed(rows) for number, rows in found.items()}


def shown(text: str) -> datetime:
    """Return a time of the log, as if its clock were UTC."""
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC)


def _timed(rows: list[Row]) -> Rows:
    at, timed = datetime.min.replace(tzinfo=UTC), []
    for row in sorted(rows, key=lambda row: int(row["sys_mod_count"])):
        at = max(at, shown(row["sys_updated_at"]))
        timed.append((at, row))
    return timed
