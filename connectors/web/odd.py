"""Odd answers: what is not as the platform describes it costs as little as can be, and never ends in a traceback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from typing import TYPE_CHECKING, Any, Final, TypeVar

from connectors.base import ConnectorError, TryLater

if TYPE_CHECKING:  # only for types: `--help` must not wait for it
    from rules.model import Ticket

ODD: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What is raised where an answer has another form than the one that is read."""

WORD: Final = re.compile(r"[!-~]{1,100}")
"""Ids and numbers go into addresses, queries and the store."""

UNREAD: Final = "cannot be read"
LARGEST: Final = 2**53  # beyond it, JSON and databases disagree about numbers
Do = TypeVar("Do", bound=Callable[..., Any])


def understood(error: type[ConnectorError] = TryLater) -> Callable[[Do], Do]:
    """Return a decorator for what a connector does: where an answer cannot be followed, this is raised."""

    def decorated(do: Any) -> Any:
        @wraps(do)
        def steps(self: Any, *args: Any) -> Iterator[Any]:
            with followed(self.name, error):
                yield from do(self, *args)

        @wraps(do)
        def step(self: Any, *args: Any) -> Any:
            with followed(self.name, error):
                return do(self, *args)

        return steps if isgeneratorfunction(do) else step

    return decorated


@contextmanager
def followed(name: str, error: type[ConnectorError] = TryLater) -> Iterator[None]:
    """Raise this error where an answer of the connection `name` has another form than the one that is read."""
    try:
        yield
    except ODD as odd:
        raise error(f"{name} answered in a form that is not the platform's own ({type(odd).__name__})") from odd


def readable(
    rows: Iterable[Any], ticket: Callable[[Any], Ticket | None], name: Callable[[Any], str], tell: Callable[[str], None]
) -> Iterator[Ticket]:
    """Yield the tickets that rows are, each one once. One that cannot be read is left out, and told by its name.

    `ticket` returns None for a row that does not matter here.
    """
    seen: set[str] = set()
    for row in rows:
        try:
            found = ticket(row)
            is_new = found is not None and seen.isdisjoint(names := {sound(found).id, found.number})
        except ODD as odd:
            tell(unread(name(row), type(odd).__name__))
            continue
        if found is not None and is_new:
            seen |= names
            yield found


def sound(ticket: Ticket) -> Ticket:
    """Return a ticket that can be kept. Raises `ValueError` where it has no id, number or version that could be."""
    if not (WORD.fullmatch(ticket.id) and WORD.fullmatch(ticket.number) and 0 <= ticket.version < LARGEST):
        raise ValueError("no id, number or version that could be one")
    return ticket


def unread(name: str, why: str) -> str:
    """Return the line for an admin about a ticket that is left out."""
    plain = "".join(c for c in name if c.isprintable())[:40]
    return f"{plain or 'a ticket without a number'} {UNREAD} ({why}): look at its fields"
