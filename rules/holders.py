"""Who in a team gets a ticket: the person on call, one of the service's or the ticket's own people, or a named one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.oncall import on_call

if TYPE_CHECKING:
    from rules.case import Case

ON_CALL: Final = "on_call"
NOBODY: Final = "nobody is on call"


class Holder(NamedTuple):
    """A person by the key under people:, "" for nobody, and what agents should know of the choice, or ""."""

    person: str
    note: str = ""


def holder(case: Case, wanted: str, team: str) -> Holder:
    """Return who `wanted` is: a key, a fact that holds one ("service.owner"), or whoever is on call for the team.

    Who has no account on the connection can hold no ticket there: of those on call the next one who has.
    """
    named: tuple[str, ...]
    if "." in wanted:
        named = (str(case.facts[wanted]),) if wanted in case.facts else ()
        missing = f"{wanted} is empty"
    elif wanted == ON_CALL:
        named, missing = _line(case, team), NOBODY
    else:
        named, missing = (wanted,), ""
    if not named:
        return Holder("", missing)
    return _reachable(case, named)


def _reachable(case: Case, named: Sequence[str]) -> Holder:
    """Return the first of these who has an account here. Whom the workspace does not name, the platform named."""
    found = next((one for one in named if one in case.people or one not in case.book.people), "")
    without = [one for one in named[: named.index(found)] if found] if found else named
    note = f"{', '.join(without)}: no account on {case.ticket.connection}" if without else ""
    return Holder(found, note)


def _line(case: Case, team: str) -> tuple[str, ...]:
    """Return who is tried when the team's person on call is wanted, the best first."""
    known = case.book.teams.get(team)
    if known is None:
        return ()
    at = int(case.now.timestamp())
    first = on_call(case.book, team, at)
    turns = known.on_call.people if known.on_call is not None else ()
    away = {spell.person for spell in known.absences if spell.holds(at)}
    others = [one for one in turns if one != first and one not in away]
    return (first, *dict.fromkeys(others)) if first is not None else ()
