"""Who hears a message and by which door: the requester and the team on the ticket, others by a door of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rules.holders import NOBODY, holder

if TYPE_CHECKING:
    from rules.case import Case
    from rules.rulebook import Rulebook

ON_TICKET: Final = {"requester": "comment", "team": "note"}
"""Readers who are reached on the ticket itself."""

UNKNOWN: Final = frozenset({"affected", "participants"})
"""Readers of whom nothing is known yet."""

PEOPLE: Final = "people"
MAIL: Final = "mail"


class Reader(NamedTuple):
    """Somebody who hears something: by which door, and who that is, "" where it is no person of the workspace.

    `missing` says why there is nobody.
    """

    door: str
    person: str = ""
    missing: str = ""


def door(book: Rulebook, reader: str) -> str:
    """Return by which door somebody is reached."""
    if reader in ON_TICKET:
        return ON_TICKET[reader]
    if reader in book.channels:
        return reader
    if reader in book.teams or reader == "service.team":
        return book.doors.get("team", "note")
    return book.doors.get(reader) or book.doors.get(PEOPLE, MAIL)


def reached(case: Case, name: str) -> Reader:
    """Return who a reader is at this moment."""
    way = door(case.book, name)
    if name in case.book.teams or name == "service.team":
        return _team(case, name, way)
    if name in ON_TICKET or name in case.book.channels:
        return Reader(way)
    if name in case.book.people:
        return Reader(way, name)
    if name == "on_call":
        found = holder(case, name, str(case.facts.get("team", ""))).person
        return Reader(way, found, "" if found else NOBODY)
    found = str(case.facts.get(name, ""))
    return Reader(way, found, "" if found else f"{name} is empty")


def _team(case: Case, name: str, way: str) -> Reader:
    """Return a team that is named: it hears on the ticket if it has it, and has no other door."""
    team = case.facts.get(name) if "." in name else name
    return Reader(way, "", "" if team == case.facts.get("team") else f"{team or name} does not have this ticket")


def identity(case: Case, name: str) -> str:
    """Return what tells readers apart: one person may be the owner, the sponsor and on call."""
    who = reached(case, name)
    return "team" if who.door == ON_TICKET["team"] and not who.missing else who.person or name
