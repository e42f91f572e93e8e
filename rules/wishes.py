"""In which languages a reader would like to read, best first, and how that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.language import Wish, tag
from rules.readers import AFFECTED, CUSTOMERS, ON_TICKET

if TYPE_CHECKING:
    from rules.case import Case

NONE: Final[tuple[Wish, ...]] = ()


def wishes(case: Case, reader: str, person: str) -> tuple[Wish, ...]:
    """Return what is known of a reader; `person` is the one of the workspace that reads, "" where it is none."""
    if reader in (*CUSTOMERS, AFFECTED):
        return _of_requester(case)
    if reader == "team":
        team = case.book.teams.get(str(case.facts.get("team")))
        return _known(team.language if team is not None else "", "the team's language", "the nearest to the team's")
    if reader in ON_TICKET:
        return NONE
    named = case.book.people.get(person)
    return _known(named.language) if named is not None else NONE


def _of_requester(case: Case) -> tuple[Wish, ...]:
    """Return their own language, then their organisation's; only where both are unknown, that of what they wrote."""
    asked = case.ticket.requester
    found = [*(_known(asked.language) if asked is not None else NONE), *_of_organisations(case)]
    if not any(tag(one.language) for one in found) and len(case.book.languages) > 1 and is_by_requester(case):
        found += _known(_written(case), "what they wrote", "the nearest to what they wrote,")
    return tuple(found)


def _of_organisations(case: Case) -> list[Wish]:
    """Return the languages of the requester's organisations that have one."""
    named = case.facts.get("requester.organisation") if case.book.speaks else None
    names = named if isinstance(named, tuple) else (str(named or ""),)
    return [wish for name in names for wish in _of_organisation(case, name)]


def _of_organisation(case: Case, name: str) -> tuple[Wish, ...]:
    language = case.book.speaks.get(name.casefold(), "")
    return _known(language, f"the language of {name}", f"the nearest to {name}'s")


def is_by_requester(case: Case) -> bool:
    """Tell whether the ticket has the requester's own words: a robot brings their mail, an agent writes their own."""
    ticket = case.ticket
    own = {ticket.requester.account} if ticket.requester is not None else set()
    return ticket.created_by in own | ticket.customers | case.robots


def _written(case: Case) -> str:
    """Return the language of the ticket's text, which is looked for once."""
    if case.written is None:
        text = str(case.ticket.facts.get("text") or case.ticket.facts.get("title") or "")
        case.written = case.around.detect(text) if text else ""
    return case.written


def _known(language: str, *said: str) -> tuple[Wish, ...]:
    return (Wish(language, *said),) if language else NONE
