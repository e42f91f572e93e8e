"""JQL without injection: the one place where a value becomes part of a query."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from connectors.base import Refused


def quoted(text: str) -> str:
    """Return a text as JQL writes it: in quotes, so that no value can become a condition."""
    kept = (c for c in text if unicodedata.category(c) not in ("Cc", "Cs"))
    escaped = "".join("\\" + c if c in '\\"' else c for c in kept)
    return f'"{escaped}"'


def equal(field: str, value: str) -> str:
    """Return the JQL condition that a field is this text."""
    return f"{field} = {quoted(value)}"


def one_of(field: str, values: Iterable[str]) -> str:
    """Return the JQL condition that a field is one of these texts."""
    return f"{field} in ({', '.join(quoted(value) for value in values)})"


def filled(field: str) -> str:
    """Return the JQL condition that the field of this name has a value."""
    return f"{quoted(field)} is not EMPTY"


def ids(numbers: Iterable[str]) -> str:
    """Return the JQL condition that finds issues by id. In quotes an id would be a key. Raises `Refused`."""
    known = [*numbers]
    if odd := [one for one in known if not (one.isascii() and one.isdigit())]:
        raise Refused(f"{odd[0]!r} is no id of an issue")
    return f"id in ({', '.join(known)})"


def changed(sign: str, at: int) -> str:
    """Return the JQL condition about the last change, in milliseconds: dates in quotes would be cut to minutes."""
    return f"updated {sign} {int(at)}"


def both(*conditions: str, scope: str = "") -> str:
    """Return the JQL condition that all of these hold, empty ones left out, and the scope as one clause."""
    return " AND ".join([*filter(None, conditions), *([f"({scope})"] if scope else [])])


def ordered(condition: str, *by: str) -> str:
    """Return the query for what meets the condition, in this order."""
    return f"{condition} ORDER BY {', '.join(by)}"
