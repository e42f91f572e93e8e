"""Times and periods as reports name them: short, in English and the same in every locale, as all they say is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rules.periods import Period

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTHING: Final = "·"


def count(number: int) -> str:
    """Return how often something happened, so that what did not stands back."""
    return str(number) if number else NOTHING


def amount(seconds: int | None) -> str:
    """Return a time as shortly as it says enough: "45s", "12m", "3h05", "26h"."""
    if seconds is None:
        return NOTHING
    hours, minutes = divmod((seconds + 30) // 60, 60)
    if seconds < 60:
        return f"{seconds}s"
    if not hours:
        return f"{minutes}m"
    return f"{hours}h{minutes:02}" if hours < 10 else f"{(seconds + 1800) // 3600}h"


def day(one: date) -> str:
    """Return a day such as "Thu 26 Nov 2026"."""
    return f"{DAYS[one.weekday()]} {one.day} {MONTHS[one.month - 1]} {one.year}"


def span(first: date, last: date) -> str:
    """Return some days, both ends included."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def head(period: Period) -> str:
    """Return a week or month in a column's head, "W48" or "Nov", with a star where it is cut."""
    number = period.name.partition("-")[2]
    name = number if number.startswith("W") else MONTHS[period.first.month - 1]
    return name if period.whole else f"{name}*"
