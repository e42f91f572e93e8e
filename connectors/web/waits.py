"""How long to wait: what a platform's headers ask for, and our own backoff."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 60.0  # seconds that we sleep ourselves; longer waits are the caller's
FIRST: Final = 1.0  # seconds at most before the second attempt; doubled for each one after


def backoff(attempt: int, chance: float) -> float:
    """Return the seconds to wait after this attempt (from 1): exponential with full jitter, `chance` in [0, 1)."""
    return chance * min(LONGEST, FIRST * 2.0 ** (attempt - 1))


def asked_for(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the platform asks us to wait, or None.

    `Retry-After` is seconds, also "1.5", or an HTTP date; `X-RateLimit-Reset` is UNIX time on ServiceNow and
    ISO 8601 on Jira. Moments are compared with the answer's own Date, because our clock may differ.
    """
    after = headers.get("Retry-After", "").strip()
    seconds = _number(after)
    if seconds is not None:
        return seconds
    until = server_time(after) or moment(headers.get("X-RateLimit-Reset", "").strip())
    if until is None:
        return None
    return max(0.0, (until - (server_time(headers.get("Date", "")) or datetime.now(UTC))).total_seconds())


def server_time(text: str) -> datetime | None:
    """Return the moment that an HTTP date names, or None."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def moment(text: str) -> datetime | None:
    """Return the moment that a limit's reset names, as UNIX time or as ISO 8601, or None."""
    seconds = _number(text)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
