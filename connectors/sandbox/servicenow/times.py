"""ServiceNow's ways of writing a moment: as it is stored, as it is shown, and in queries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.sandbox.clock import utc

STORED = "%Y-%m-%d %H:%M:%S"
"""How the database keeps a moment: UTC, whole seconds, sorts as text."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GENERATED = re.compile(r"javascript:gs\.dateGenerate\('(\d{4}-\d\d-\d\d)'\s*,\s*'(\d\d:\d\d:\d\d)'\)")
_BARE = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")


def stored(moment: datetime) -> str:
    """Write a moment as the database keeps it; fractions of a second are lost, as on the platform."""
    return utc(moment).strftime(STORED)


def moment(text: str) -> datetime:
    """Read a stored moment."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(text: str, zone: str, form: str) -> str:
    """Write a stored moment in an account's zone and format. Text that is no moment is shown as it is."""
    try:
        return moment(text).astimezone(ZoneInfo(zone)).strftime(form)
    except ValueError:
        return text


def read_query_date(text: str, zone: str) -> str | None:
    """Return the stored form of a date in a query, or None when the platform cannot read it.

    A bare date-time is UTC, while `gs.dateGenerate` is read in the zone of the account that asks.
    """
    if generated := _GENERATED.fullmatch(text):
        local = datetime.strptime(" ".join(generated.groups()), STORED)  # noqa: DTZ007 - the zone comes next
        return stored(local.replace(tzinfo=ZoneInfo(zone)))
    return text if _BARE.fullmatch(text) else None


def duration(seconds: float) -> str:
    """Write a duration as the database keeps it: the date that lies so far after the start of 1970."""
    return stored(EPOCH + timedelta(seconds=max(0, int(seconds))))


def duration_in_words(text: str) -> str:
    """Write a stored duration as a display value shows it, such as `1 Day 2 Hours`."""
    try:
        left = int((moment(text) - EPOCH).total_seconds())
    except ValueError:
        return text
    words = []
    for unit, size in (("Day", 86400), ("Hour", 3600), ("Minute", 60), ("Second", 1)):
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(words) or "0 Seconds"
