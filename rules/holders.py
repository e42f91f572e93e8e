"""Who in a team gets a ticket: the person on call, one of the service's or the ticket's own people, or a named one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.oncall import on_call_line

if TYPE_CHECKING:
    from rules.case import Case

ON_CALL: Final = "on_call"
NEXT_ON_CALL: Final = "next_on_call"
WOKEN: Final = frozenset({ON_CALL, NEXT_ON_CALL})
"""Readers whom a message may have to wake: it is kept from them by nothing."""

LEAST_LOADED: Final = "least_loaded"
NOBODY: Final = "nobody is on call"
NOBODY_ELSE: Final = "nobody else is on call"


class Holder(NamedTuple):
    """A person by the key under people:, "" for nobody, and what agents should know of the choice, or ""."""

    person: str
    note: str = ""


def holder(case: Case, wanted: str, team: str) -> Holder:
    """Return who `wanted` is: a key, a fact that holds one ("service.owner"), or whoever is on call or least loaded.

    Who has no account on the connection can hold no ticket there: of those on call the next one who has.
    """
    named: tuple[str, ...]
    if "." in wanted:
        named = (str(case.facts[wanted]),) if wanted in case.facts else ()
        missing = f"{wanted} is empty"
    elif wanted == LEAST_LOADED:
        named, missing = _by_load(case, team), "everybody is away"
    elif wanted == ON_CALL:
        named, missing = _line(case, team), NOBODY
    else:
        named, missing = (wanted,), ""
    if not named:
        return Holder("", missing)
    return _reachable(case, named)


def called(case: Case, reader: str, team: str) -> Holder:
    """Return who of those `WOKEN` a reader is. Who is only called needs no account: the ticket may be another's."""
    line, is_next = _line(case, team), reader == NEXT_ON_CALL
    found = line[is_next : is_next + 1]
    return Holder(found[0]) if found else Holder("", NOBODY_ELSE if is_next else NOBODY)


def _reachable(case: Case, named: Sequence[str]) -> Holder:
    """Return the first of these who has an account here. Whom the workspace does not name, the platform named."""
    found = next((one for one in named if one in case.people or one not in case.book.people), "")
    without = [one for one in named[: named.index(found)] if found] if found else named
    note = f"{', '.join(without)}: no account on {case.ticket.connection}" if without else ""
    return Holder(found, note)


def _by_load(case: Case, team: str) -> tuple[str, ...]:
    """Return who may be on call for a team and is not away, whoever has the fewest open tickets first."""
    return tuple(sorted(_line(case, team), key=lambda one: case.around.assignees.get(one, 0)))


def _line(case: Case, team: str) -> tuple[str, ...]:
    """Return who is tried when the team's person on call is wanted, the best first."""
    if team not in case.book.teams:
        return ()
    return on_call_line(case.book, team, int(case.now.timestamp()), case.around.rosters)
