"""The supplier's own clock: each wait for them, and whether they answered before the next word to customers was due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from rules.calls import ticket_clocks
from rules.happening import Happening
from rules.promises import GRACE, PROMISE, SPEAKERS
from rules.speakers import SUPPLIER

if TYPE_CHECKING:
    from rules.case import Case


class Wait(NamedTuple):
    """One wait, in seconds since 1970; `end` is None while it goes on. `due`: by when they were asked to answer."""

    start: int
    end: int | None
    due: int | None
    state: Literal["open", "in time", "late", ""]


def waits(case: Case) -> Iterator[Wait]:
    """Yield each wait for the supplier of the ticket's service."""
    asked = supplier(case) and _is_asked(case)
    for start, end in ticket_clocks(case).course.supplied:
        due = _due(case, start) if asked else None
        yield Wait(start, end, due, _state(case, end, due))


def supplier(case: Case) -> str:
    """Return the key of the supplier of the ticket's service, or ""."""
    return str(case.facts.get(SUPPLIER, ""))


def counted(case: Case, team: str, service: str) -> Iterator[Happening]:
    """Yield what reports count: each wait that is over, and whether the answer came in time."""
    key, hours = supplier(case), ticket_clocks(case).terms.calendar
    for start, end, due, state in waits(case) if key else ():
        if end is not None:
            amount = hours.between(start, end)
            yield Happening("supplied", end, team, service, key, amount=amount, occasion=start)
        if state == "in time" and end is not None:
            yield Happening("supplier in time", end, team, service, key, occasion=start)
        elif state == "late" and due is not None:
            yield Happening("supplier late", due, team, service, key, occasion=start)


def _is_asked(case: Case) -> bool:
    """Tell whether any rule writes to the supplier: who was told no time has promised none."""
    rules = (*case.book.communications.rules, *case.book.timed.rules)
    return any(reader in (SUPPLIER, supplier(case)) for rule in rules for reader in rule.to)


def _due(case: Case, start: int) -> int | None:
    """Return when the next word to customers was due, as the supplier was told when the wait began."""
    before = [one for one in case.past if one.at <= start + GRACE]
    given = [int(one.value) for one in before if one.fact == PROMISE]
    if given and given[-1] > start:
        return given[-1]
    terms = ticket_clocks(case).terms
    words = [one.at for one in before if one.fact == "comment" and one.by in SPEAKERS]
    word = max(words, default=ticket_clocks(case).course.created)
    due = terms.calendar.add(word, terms.updates) if terms.updates else None
    return due if due is not None and due > start else None


def _state(case: Case, end: int | None, due: int | None) -> Literal["open", "in time", "late", ""]:
    if due is None:
        return ""
    if (end if end is not None else int(case.now.timestamp())) > due + GRACE:
        return "late"
    return "in time" if end is not None else "open"
