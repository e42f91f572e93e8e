"""Who somebody is to a ticket: an agent, a customer, the supplier of its service, a robot, or this service itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.automatic import AUTOMATIC
from rules.model import Event, Ticket, Who

if TYPE_CHECKING:
    from rules.case import Case

WORDS: Final = frozenset({"comment", "note"})
SUPPLIER: Final = "service.supplier"
NONE: Final[frozenset[str]] = frozenset()


def who(case: Case, author: str) -> Who:
    """Return what somebody is to this ticket. Whoever asked or takes part is a customer, an agent or not."""
    if not author:
        return "unknown"
    if author == case.account:
        return "ours"
    if author in case.robots:
        return "robot"
    return "customer" if author in case.ticket.customers or _asked(case.ticket, author) else "agent"


def _asked(ticket: Ticket, author: str) -> bool:
    return ticket.requester is not None and author == ticket.requester.account


def speaker(case: Case, event: Event, others: frozenset[str]) -> Who:
    """Return who an event is by. What nobody wrote is a robot's, from whose mailbox it may have come.

    What the supplier says is no word of the desk, whatever they are on the platform.

    `others` are the supplier's accounts. What they do to a ticket beside that is done as the desk does it.
    """
    by: Who = "customer" if event.customer else who(case, event.author)
    if event.fact == "comment" and event.value == AUTOMATIC and by != "ours":
        return "robot"
    speaks = event.fact in WORDS and event.author in others and not _asked(case.ticket, event.author)
    return "supplier" if speaks and by in ("agent", "customer") else by


def suppliers(case: Case) -> frozenset[str]:
    """Return the accounts of the supplier of the ticket's service; where it names none, of all suppliers."""
    services, own = case.book.services, case.ticket.facts.get("service")
    found = [one for key, one in services.items() if SUPPLIER in one.facts and own in (None, key)]
    keys = {str(one.facts[SUPPLIER]) for one in found}
    return frozenset(account for key in keys for account in _accounts(case, key) if account) if keys else NONE


def _accounts(case: Case, key: str) -> tuple[str, ...]:
    given = case.book.people[key].accounts.get(case.ticket.connection, "") if key in case.book.people else ""
    return given, case.people.get(key, "")
