"""Jira's ways of writing a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def millis(moment: datetime) -> int:
    """Return the milliseconds since 1970, the finest that Jira keeps."""
    return (moment - EPOCH) // MILLISECOND


def from_millis(number: int) -> datetime:
    """Return the moment so many milliseconds after the start of 1970."""
    return EPOCH + number * MILLISECOND


def kept(moment: datetime) -> datetime:
    """Return a moment as the database keeps it."""
    return from_millis(millis(moment))


def shown(moment: datetime, zone: str) -> str:
    """Write a moment as REST answers show it: in the zone of the account that asks."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def read(text: str) -> datetime:
    """Read a moment as clients write it, with an offset. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)
