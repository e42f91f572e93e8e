"""Encoded queries without injection: the one place where a value becomes part of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from connectors.base import Refused

MEANING: Final = re.compile(r"[\^\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")


def both(*parts: str) -> str:
    """Return the query in which all parts hold, empty ones left out: a scope first, then conditions and orders."""
    return "^".join(part for part in parts if part)


def either(*parts: str) -> str:
    """Return the query in which one of the parts holds; each is one condition. `both` makes conditions that follow."""
    return "^OR".join(parts)


def equals(field: str, values: Sequence[str]) -> str:
    """Return the part of an encoded query that finds these values of a field; comma-proof, unlike IN.

    Raises `Refused` for a value that could add a condition or run a script: it is never sent.
    """
    return "^OR".join(f"{field}={plain(value)}" for value in values)


def within(field: str, values: Iterable[str]) -> str:
    """Return the same for names of tables and fields and for ids, in less space. A comma is refused, too."""
    names = [plain(value) for value in values]
    if odd := [name for name in names if "," in name]:
        raise Refused(f"{odd[0]!r} cannot be looked up on ServiceNow: no table or field has a comma in its name")
    return f"{field}IN{','.join(names)}"


def keyset(scope: str, at: str, sys_id: str) -> str:
    """Return the encoded query for the rows after a key, in order. The scope is repeated: ^NQ starts a new query."""
    order = both("ORDERBYsys_updated_on", "ORDERBYsys_id")
    if not at:
        return both(scope, order)
    later = both(scope, _beyond("sys_updated_on", at))
    same = both(scope, equals("sys_updated_on", [at]), _beyond("sys_id", sys_id), order)
    return f"{later}^NQ{same}"


def _beyond(field: str, value: str) -> str:
    if value.startswith("="):  # it would be read as part of the operator
        raise Refused(f"{value!r} is no key of a row")
    return f"{field}>{plain(value)}"


def plain(value: str) -> str:
    """Return a value that is nothing but a value in an encoded query, or raise `Refused`."""
    if not is_plain(value):
        raise Refused(f"{value!r} cannot be looked up on ServiceNow: it has a character that has a meaning in queries")
    return value


def is_plain(value: str) -> bool:
    """Tell whether a value has neither the sign that joins conditions nor line ends, and is no script."""
    return not MEANING.search(value) and not value.strip().lower().startswith("javascript:")
