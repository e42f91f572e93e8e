"""Who hears a message and by which door: the requester and the team on the ticket, others by a door of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.holders import NEXT_ON_CALL, ON_CALL, WOKEN, called

if TYPE_CHECKING:
    from rules.case import Case
    from rules.rulebook import Rulebook

PARTICIPANTS: Final = "participants"
CUSTOMERS: Final = ("requester", PARTICIPANTS)
"""Readers of public comments on the ticket: one comment reaches both."""

ON_TICKET: Final = {**dict.fromkeys(CUSTOMERS, "comment"), "team": "note"}
"""Readers who are reached on the ticket itself."""

AFFECTED: Final = "affected"

TEAMS_DOOR: Final = ("note",)
PEOPLE: Final = "people"
MAIL: Final = "mail"


class Reader(NamedTuple):
    """Somebody who hears something: by which doors, and who that is, "" where it is no person of the workspace.

    `missing` says why there is nobody.
    """

    doors: tuple[str, ...]
    person: str = ""
    missing: str = ""

    @property
    def on_ticket(self) -> bool:
        """Whether they read it as a team does, in the notes of the ticket."""
        return self.doors == TEAMS_DOOR


def once(names: Sequence[str]) -> tuple[str, ...]:
    """Return the readers of a rule. One comment reaches requester and participants, who are affected like others."""
    if CUSTOMERS[0] in names:
        return tuple(name for name in names if name != PARTICIPANTS)
    return tuple(dict.fromkeys((*names, PARTICIPANTS))) if AFFECTED in names else tuple(names)


def doors(book: Rulebook, reader: str, person: str = "") -> tuple[str, ...]:
    """Return by which doors somebody is reached, the preferred one first: their own go before those of their kind."""
    if reader in ON_TICKET:
        return (ON_TICKET[reader],)
    if reader in book.channels:
        return (reader,)
    if reader in book.teams or reader == "service.team":
        return TEAMS_DOOR
    own = book.people[person].doors if person in book.people else ()
    kind = ON_CALL if reader == NEXT_ON_CALL and reader not in book.doors else reader
    return own or book.doors.get(kind) or book.doors.get(PEOPLE, (MAIL,))


def reached(case: Case, name: str) -> Reader:
    """Return who a reader is at this moment."""
    if name in case.book.teams or name == "service.team":
        return _team(case, name)
    person, missing = _person(case, name)
    return Reader(doors(case.book, name, person), person, missing)


def within_region(case: Case, who: Reader) -> Reader:
    """Return the reader without the doors by which tickets of this region may not leave."""
    channels, region = case.book.channels, case.book.connections[case.ticket.connection].region
    limits = {way: channels[way].regions for way in who.doors if way in channels and channels[way].regions}
    closed = [way for way, regions in limits.items() if region not in regions]
    left = tuple(way for way in who.doors if way not in closed)
    if left or not closed:
        return who._replace(doors=left or who.doors)
    of = f"of {region}" if region else "without a region"
    return who._replace(missing=who.missing or f"tickets {of} may not leave by {', '.join(closed)}")


def _person(case: Case, name: str) -> tuple[str, str]:
    """Return which person a reader is, or "" where it is none, and why there is nobody, or ""."""
    if name in case.book.channels:
        return "", ""
    if name in case.book.people:
        return name, ""
    if name in WOKEN:
        return called(case, name, str(case.facts.get("team", "")))
    found = str(case.facts.get(name, ""))
    return found, "" if found else f"{name} is empty"


def _team(case: Case, name: str) -> Reader:
    """Return a team that is named: it hears on the ticket if it has it, and has no other door."""
    team = case.facts.get(name) if "." in name else name
    has_it = team == case.facts.get("team")
    return Reader(TEAMS_DOOR, "", "" if has_it else f"{team or name} does not have this ticket")


def identity(case: Case, name: str) -> str:
    """Return what tells readers apart: one person may be the owner, the sponsor and on call.

    A word to participants is one to the requester, too, but not where there are none: then nobody hears it.
    """
    if name in CUSTOMERS:
        return PARTICIPANTS if name == PARTICIPANTS and not case.facts.get(PARTICIPANTS) else CUSTOMERS[0]
    if name in (*ON_TICKET, AFFECTED):
        return name
    who = reached(case, name)
    return "team" if who.on_ticket and not who.missing else who.person or name
