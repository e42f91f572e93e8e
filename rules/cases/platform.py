"""A ticket on a platform that behaves well: it takes every write, keeps its history, and computes what it computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import Final
from zlib import crc32

from rules.cases.model import RuleTest
from rules.cases.words import computes
from rules.confirm import written_facts
from rules.model import OPEN, Action, Comment, Event, Fact, Facts, FieldValues, Person, Ticket
from rules.rulebook import Rulebook, Words

OURS: Final = "itsm-sync"
"""Our account on the simulated platform."""

COUNTS: Final[Mapping[str, Fact]] = {"reopened": 0, "reassigned": 0}
Word = tuple[str, str | None]
"""What is said: "comment" or "note", and what it answers to a question for approval."""

NUMBER: Final = "TEST-1"
FIRST_IN_EVERY_SHARE: Final = 0


def created(test: RuleTest, book: Rulebook) -> Ticket:
    """Return the ticket of a test as its platform has it when it was created."""
    connection = book.connections[test.connection]
    words = connection.kinds[test.kind]
    counts = COUNTS if connection.platform == "servicenow" else {}
    at = test.moments[0].at.astimezone(UTC)
    return Ticket(
        connection=test.connection,
        id=_id(test.connection),
        number=NUMBER,
        kind=test.kind,
        version=1,
        created=at,
        created_by=test.created_by,
        updated=at,
        updated_by=test.created_by,
        facts=_with_computed({**counts, **_at_creation(test, words)}, words, book),
        requester=test.requester,
        history=(),
        said=(),
        customers=_customers(test.requester, test.facts),
    )


def changed(
    ticket: Ticket, by: str, at: datetime, values: FieldValues, said: Sequence[tuple[str, str | None]], book: Rulebook
) -> Ticket:
    """Return the ticket after somebody changed it, in one update: what it became, who did it, and what was said."""
    words = book.connections[ticket.connection].kinds[ticket.kind]
    facts = {**ticket.facts, **_noted(ticket, at, values, words)}
    facts.update((fact, value) for fact, value in values.items() if value is not None)
    left = {fact: value for fact, value in facts.items() if values.get(fact, value) is not None}
    if ticket.facts.get("status") not in OPEN and left.get("status") in OPEN:
        left.pop("resolved_at", None)
    after = _with_computed(left, words, book) if {"impact", "urgency"} & values.keys() else left
    differ = sorted(fact for fact in {*after, *ticket.facts} if after.get(fact) != ticket.facts.get(fact))
    events = tuple(Event(at, by, fact, after.get(fact)) for fact in differ if fact in words.fields)
    return ticket._replace(
        version=ticket.version + 1,
        updated=at,
        updated_by=by,
        facts=after,
        history=(*(ticket.history or ()), *events),
        customers=_customers(ticket.requester, after),
        said=(*(ticket.said or ()), *(Event(at, by, what, answer) for what, answer in said)),
    )


def written(ticket: Ticket, at: datetime, actions: Sequence[Action], book: Rulebook) -> Ticket:
    """Return the ticket after the platform took what was planned, as one write of ours."""
    said = [("comment" if action.public else "note", None) for action in actions if isinstance(action, Comment)]
    values = written_facts(actions)
    if isinstance(watchers := values.get("watchers"), tuple):  # they are added to those who are there
        standing = ticket.facts.get("watchers")
        values["watchers"] = (*(standing if isinstance(standing, tuple) else ()), *watchers)
    return changed(ticket, OURS, at, values, said, book)


def _customers(requester: Person | None, facts: Facts) -> frozenset[str]:
    """Return the accounts of the requester and of those who follow the ticket."""
    participants = facts.get("participants")
    others = participants if isinstance(participants, tuple) else ()
    return frozenset([*others, requester.account] if requester is not None else others)


@lru_cache(maxsize=16)
def _id(connection: str) -> str:
    """Return an id by which the ticket is among the first in every share that rules act on."""
    ids = (f"test-{number}" for number in count())
    return next(id for id in ids if crc32(f"{connection}/{id} ".encode()) % 100 == FIRST_IN_EVERY_SHARE)


def _at_creation(test: RuleTest, words: Words) -> dict[str, Fact]:
    """Return the facts that a new ticket has: those given, what the form fills in, and what every ticket has."""
    given = dict(test.facts)
    text = str(given.pop("text", ""))
    title = str(given.pop("title", "")) or text.partition("\n")[0]
    if not text.startswith(title):
        text = f"{title}\n{text}"
    person = {"": test.requester.account, ".name": test.requester.name}
    person |= {".language": test.requester.language, ".zone": test.requester.zone}
    stock = {"kind": test.kind, "created_by": test.created_by, "status": "new", "title": title, "text": text}
    stock |= {f"requester{part}": value for part, value in person.items()}
    return {fact: value for fact, value in stock.items() if value} | {**words.not_chosen, **given}


def _noted(ticket: Ticket, at: datetime, values: FieldValues, words: Words) -> Mapping[str, Fact]:
    """Return what a platform notes by itself: when it was resolved, how often it was opened again and passed on.

    A kind without a resolved status is resolved when it closes. Only ServiceNow counts, and it counts from 0.
    """
    before, after = ticket.facts.get("status"), values.get("status", ticket.facts.get("status"))
    team = ticket.facts.get("team")
    noted: dict[str, Fact] = {}
    ends = "resolved" if "resolved" in words.values.get("status", ("resolved",)) else "closed"
    if after == ends != before:
        noted["resolved_at"] = at
    if after in OPEN and before not in OPEN and "reopened" in ticket.facts:
        noted["reopened"] = _number(ticket.facts["reopened"]) + 1
    if team is not None and values.get("team", team) != team and "reassigned" in ticket.facts:
        noted["reassigned"] = _number(ticket.facts["reassigned"]) + 1
    return noted


def _number(value: Fact | None) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _with_computed(facts: dict[str, Fact], words: Words, book: Rulebook) -> dict[str, Fact]:
    """Return the facts with the priority where the platform computes it, as the desk's matrix says it does."""
    cell = book.matrix.get((str(facts.get("impact")), str(facts.get("urgency"))))
    return {**facts, "priority": cell} if computes(words) and cell is not None else facts
