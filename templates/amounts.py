"""Durations, numbers and lists as a language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from templates.locales import locale_of

UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60))
BETWEEN_UNITS: Final = {"vi": "{0} {1}", "zh": "{0}{1}", "ja": "{0}{1}"}
"""How two units of one duration follow each other, by language, where that is not as two things of a list do."""

UNSPACED: Final = frozenset({"ja", "zh"})
"""Languages that put no blank between a number and what it counts, whatever babel does."""


def duration(span: timedelta, language: str) -> str:
    """Return how long something took, in its two largest units at most: "3 hours, 12 minutes".

    What is smaller is cut off, so that nothing is said to have taken longer than it did. Only what took less than a
    minute is told in seconds.
    """
    left, parts = max(int(span.total_seconds()), 0), []
    for unit, size in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(_counted(count * size, unit, language))
    return _together(parts[:2] or [_counted(left, "second", language)], language)


def _counted(seconds: int, unit: str, language: str) -> str:
    """Return so many of a unit, in the plural that goes with that many."""
    from babel.dates import format_timedelta

    locale = locale_of(language)
    text = format_timedelta(timedelta(seconds=seconds), granularity=unit, threshold=10**12, locale=locale)  # type: ignore[arg-type]
    return text.replace(" ", "") if locale.language in UNSPACED else text


def _together(parts: Sequence[str], language: str) -> str:
    locale = locale_of(language)
    known = (locale.list_patterns.get(style, {}) for style in ("unit", "standard"))
    usual = next((str(patterns["2"]) for patterns in known if "2" in patterns), "{0}, {1}")
    return parts[0] if len(parts) == 1 else BETWEEN_UNITS.get(locale.language, usual).format(*parts)


def number(value: float, language: str) -> str:
    """Return a number with the language's signs, and with its own where it is too large for those."""
    from babel.numbers import format_decimal

    try:
        return format_decimal(value, locale=locale_of(language))
    except ArithmeticError:
        return str(value)


def listed(texts: Sequence[str], language: str) -> str:
    """Return some texts as one: "a, b and c"."""
    from babel.lists import format_list

    return format_list(texts, locale=locale_of(language))
