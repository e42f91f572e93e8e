"""What a reader may know of a ticket: suppliers, who are another house, are shown nobody's personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from rules.model import Fact, Facts, Message, Notify, Ticket
from rules.rulebook import Rulebook, Staff
from templates.persons import Known, Someone
from templates.redaction import places, redacted

if TYPE_CHECKING:
    from templates.context import Context

SUPPLIER: Final = "service.supplier"
LOOKED_UP: Final = frozenset({"service", "team", "priority", "handover.known", "escalation.asked"})
"""Facts whose values are the desk's own words, by which others are found; as they are shown they are looked at, too."""

FOR_ALL: Final = frozenset({"reader", "audience", "tone"})
"""What a message knows of the reader alone."""

OF_PEOPLE: Final = ("assignee", "participants", "watchers", "requester", "assignee.manager", "created_by")
NOBODY: Final = frozenset({"", "system", "admin", "administrator", "guest", "automation", "root"})
"""Accounts that are no people, and words that texts are full of."""


class Hider:
    """Hides from one reader what they may not see; from most that is nothing."""

    def __init__(self, ticket: Ticket, book: Rulebook, facts: Facts, action: Message) -> None:
        self._ticket, self._book, self._facts, self._action = ticket, book, facts, action
        self._kinds = book.hidden if is_supplier(book, action) else ()

    def facts(self) -> Facts:
        """Return the ticket's facts as this reader may know them. Whole texts are looked at: cut ones hide names."""
        if not self._kinds:
            return self._facts
        return {name: value if name in LOOKED_UP else self._hidden(value) for name, value in self._facts.items()}

    def context(self, said: Context) -> Context:
        """Return the variables of a message as this reader may know them."""
        if not self._kinds:
            return said
        shown = {name: value if name in FOR_ALL else self._hidden(value) for name, value in said.items()}
        cast("dict[str, Any]", shown["ticket"])["key"] = said["ticket"]["key"]
        return cast("Context", shown)

    def counted(self, *texts: str) -> Counter[str]:
        """Return how much of each kind was taken out of a text; where it is said several times, it counts once."""
        most = Counter[str]()
        for text in texts if self._kinds else ():
            plain = text.replace("\\", "")
            most |= Counter({kind: plain.count(word) for kind, word in places(self._action.language).items()})
        return most

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, str):
            return redacted(value, self._known, self._kinds, self._action.language)[0] if value else value
        if isinstance(value, Mapping):
            return {name: self._hidden(one) for name, one in value.items()}
        return type(value)(map(self._hidden, value)) if isinstance(value, list | tuple) else value

    @cached_property
    def _known(self) -> Known:
        reader = self._book.people.get(self._action.person) if isinstance(self._action, Notify) else None
        return known(self._ticket, self._book, self._facts, reader)


def is_supplier(book: Rulebook, action: Message) -> bool:
    """Tell whether a supplier reads this, as one or by any other name that the desk has for them."""
    if not isinstance(action, Notify):
        return False
    return action.reader == SUPPLIER or action.person in _suppliers(book)


def _suppliers(book: Rulebook) -> frozenset[Fact]:
    return frozenset(one.facts[SUPPLIER] for one in book.services.values() if SUPPLIER in one.facts)


def known(ticket: Ticket, book: Rulebook, facts: Facts, reader: Staff | None) -> Known:
    """Return the people of a ticket, as far as it and the workspace know them, but the reader."""
    staff = {name: one for one in book.people.values() for name in (one.key, *one.accounts.values())}
    accounts = set(_accounts(ticket, facts)) - NOBODY - book.connections[ticket.connection].robots
    own = {reader.key, reader.name, reader.email, *reader.accounts.values()} - {""} if reader is not None else set()
    found = [_someone(account, staff.get(account)) for account in sorted(accounts - own)]
    if ticket.requester is not None and ticket.requester.account not in own:
        found.append(Someone((ticket.requester.name,), (ticket.requester.account,)))
    hers = str(facts.get("requester.name", ""))
    others = {one.name for one in book.people.values() if one.key not in _suppliers(book)} - own
    return Known((*found, Someone((hers,))), tuple(sorted(own)), tuple(sorted(others - {""})))


def _someone(account: str, staff: Staff | None) -> Someone:
    """Return what is known of an account; platforms without accounts for all have people by their names there."""
    if staff is None:
        return Someone((account,), ()) if " " in account and "@" not in account else Someone((), (account,))
    return Someone((staff.name,), (staff.key, *staff.accounts.values()), (staff.email,))


def _accounts(ticket: Ticket, facts: Facts) -> Iterator[str]:
    yield from (ticket.created_by, ticket.updated_by, *ticket.customers)
    yield from (event.author for event in (*(ticket.history or ()), *(ticket.said or ())))
    for name in (*OF_PEOPLE, "service.owner", "service.sponsor"):
        value = facts.get(name, "")
        yield from value if isinstance(value, tuple) else (str(value),)
