"""What is linked to a ticket to be read beside it, as far as a reader may know: the team of all, others of some."""

from __future__ import annotations

from rules.model import Facts, Ticket
from rules.review import ARTICLE, PUBLIC, Article, Review, articles, for_customers
from rules.rulebook import Rulebook


def told_apart(ticket: Ticket, book: Rulebook, facts: Facts) -> Facts:
    """Return the facts with what customers may read of the articles that a field of the desk's own names."""
    connection = book.connections.get(ticket.connection)
    if connection is None or connection.knowledge is None or PUBLIC in facts or ARTICLE not in facts:
        return facts
    public = for_customers(facts, connection.knowledge)
    return {**facts, PUBLIC: tuple(f"{one.name} {one.address}".strip() for one in public)}


def as_read(facts: Facts, audience: str) -> Facts:
    """Return the facts without what the platform links and this reader may not read; the team may read all of it."""
    return facts if audience == "team" or PUBLIC not in facts else {**facts, ARTICLE: facts[PUBLIC]}


def readable(ticket: Ticket, book: Rulebook, facts: Facts, audience: str) -> tuple[Article, ...]:
    """Return the articles that a reader may read."""
    if audience == "team":
        return articles(facts.get(ARTICLE, ()))
    connection = book.connections.get(ticket.connection)
    return for_customers(facts, (connection.knowledge if connection is not None else None) or ())


def named(review: Review, *known: Facts) -> tuple[Article, ...]:
    """Return what a report names to be read without what is for the team; it was collected for the team.

    `known` are the facts as they are and as they are shown to this reader: what is hidden in a title changes it.
    """
    hidden = {one for facts in known if PUBLIC in facts for one in _internal(facts)}
    names, addresses = {one.name for one in hidden}, {one.address for one in hidden} - {""}
    return tuple(one for one in review.links if one.name not in names and one.address not in addresses)


def _internal(facts: Facts) -> set[Article]:
    return {*articles(facts.get(ARTICLE, ()))} - {*articles(facts[PUBLIC])}
