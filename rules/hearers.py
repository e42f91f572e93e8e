"""Checks of whom rules speak to: that somebody is there, that a door opens, and that it is in their language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rules.checks import listed
from rules.holders import NEXT_ON_CALL, ON_CALL
from rules.problems import Report
from rules.readers import AFFECTED, MAIL, ON_TICKET, PEOPLE
from rules.tree import Node

OPEN_ONE: Final = "say under channels: which server or address it is"
ROLES: Final = ("service.owner", "service.sponsor", "service.supplier")
DUTY: Final = (ON_CALL, NEXT_ON_CALL)
SUPPLIER: Final = "service.supplier"


def check_hearers(root: Node, report: Report) -> None:
    """Warn of words that would reach nobody, and of suppliers whose language is not known."""
    told = _told(root)
    people = root.under("people")
    for reader, node in told.items():
        if reader in (*ROLES, *DUTY) and not _behind(root, reader):
            report.warn(node.place, *_nobody(reader))
    for person in dict.fromkeys(person for reader in told for person in _behind(root, reader)):
        if person in people:
            _check_own_doors(person, people[person], set(root.under("channels")), report)
    _check_closed_doors(root, report)
    suppliers = {*_behind(root, SUPPLIER)}
    if len([*root.each("languages.*")]) > 1:
        for key in (one for one in people if one in suppliers and {SUPPLIER, one} & told.keys()):
            _check_language(key, people[key], root, report)


def _told(root: Node) -> dict[str, Node]:
    """Return whom rules speak to, each with the first place."""
    found: dict[str, Node] = {}
    for node in (item for to in root.each("communications.*.to") for item in listed(to)):
        found.setdefault(node.text, node)
    return found


def _behind(root: Node, reader: str) -> tuple[str, ...]:
    """Return which people a reader may be, as far as the workspace says it: a roster may name any of them."""
    if reader in ROLES:
        return tuple(dict.fromkeys(node.text for node in root.each(f"services.*.{reader.removeprefix('service.')}")))
    if reader not in DUTY:
        return ()
    paths = ("teams.*.on_call.rotation", "teams.*.on_call.swaps.*.person")
    turns = [item.text for path in paths for node in root.each(path) for item in listed(node)]
    elsewhere = any(not one.entries.keys() & {"rotation"} for one in root.each("teams.*.on_call"))
    return tuple(dict.fromkeys([*turns, *(root.under("people") if elsewhere else ())]))


def _nobody(reader: str) -> tuple[str, str]:
    """Return what is wrong where a reader is nobody, and the mend."""
    if reader in DUTY:
        return f"'{reader}' is nobody: no team says who is on call", "give the team on_call:, or name somebody else"
    role = reader.removeprefix("service.")
    return f"'{reader}' is nobody: no service has one", f"add '{role}: …' to the service, with one of your people:"


def _check_own_doors(person: str, node: Node, channels: set[str], report: Report) -> None:
    for own in node.each("doors"):
        if not any(item.text in channels for item in listed(own)):
            text = f"'{person}' is told something by rules, and has no door: none of their own is under channels:"
            report.warn(own.key, text, f"{OPEN_ONE}, or remove their doors:")


def _check_closed_doors(root: Node, report: Report) -> None:
    """Warn of rules that tell somebody whose door nothing opens: that is decided and journalled only."""
    for to in root.each("communications.*.to"):
        closed = [node for node in listed(to) if node.text and _is_closed(root, node.text)]
        if closed:
            named = ", ".join(node.raw for node in closed)
            report.warn(
                closed[0].place, f"told to {named}: there is no channel for that, it is only journalled", OPEN_ONE
            )


def _is_closed(root: Node, reader: str) -> bool:
    channels, teams = root.under("channels"), {"service.team", *root.under("teams")}
    if reader in (*ON_TICKET, AFFECTED, *channels, *teams):
        return False
    ways = {name: [item.text for item in listed(node)] for name, node in root.under("doors").items()}
    kind = ON_CALL if reader == NEXT_ON_CALL and reader not in ways else reader
    found = [*_own(root, reader)] or ways.get(kind) or ways.get(PEOPLE, [MAIL])
    return not any(way in channels for way in found)


def _own(root: Node, reader: str) -> Iterator[str]:
    person = root.under("people").get(reader)
    for doors in person.each("doors") if person is not None else ():
        yield from (item.text for item in listed(doors))


def _check_language(key: str, person: Node, root: Node, report: Report) -> None:
    if "language" not in person.entries:
        first = next((node.raw for node in root.each("languages.*")), "")
        text = f"the supplier '{key}' has no language: they are written to in the desk's, {first}"
        report.warn(person.key, text, f"say it: language: {first}, or the one that they read")
