"""Judges the words of a test: every fact is one that its connection can hold, every value one that can stand there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rules.model import Fact
from rules.problems import Place, Report
from rules.rule import Communication, Step
from rules.rulebook import Connection, Rulebook, Words
from rules.tree import Node
from rules.vocabulary import FACTS, FLAGS, KINDS, LISTS, STATUSES, Vocabulary

TEXTS: Final = frozenset({"title", "text"})
"""Facts that a ticket has on every connection, without a word for them."""

COUNTED: Final = frozenset({"reopened", "reassigned"})
"""Facts that ServiceNow counts, and Jira does not."""

OF_PERSON: Final = frozenset({"requester.name", "requester.language", "requester.zone"})
NOT_GIVEN: Final[Mapping[str, str]] = {
    "kind": "the kind of a ticket stays: make another test",
    "level": "ladders reach it: name it under expect:",
    "promise": "clocks keep it: name it under expect:",
    "requester": "say who it is under ticket: requester: {name: …}",
    "created_by": "say so under ticket: created_by: agent",
    "resolved_at": "the platform notes it: set status: resolved",
}
"""Facts that nobody gives a ticket, and what to write instead."""


def vocabulary_of(book: Rulebook) -> Vocabulary:
    """Return the words of a desk whose workspace was found good."""
    kinds = [words for connection in book.connections.values() for words in connection.kinds.values()]
    own = {fact: source for words in kinds for fact, source in words.fields.items() if fact != "mark"}
    waiting = {value: None for words in kinds for value in words.values.get("waiting_for", ())}
    teams = tuple(book.teams)
    closed = {"kind": KINDS, "status": STATUSES, "service": tuple(book.services), "team": teams, "service.team": teams}
    return Vocabulary(
        facts=FACTS | set(book.scales) | set(own),
        scales={
            **book.scales,
            "service.business_value": book.scales.get("business_value", ()),
            "priority": book.priorities,
        },
        closed=closed | {"waiting_for": tuple(waiting)},
        flags=FLAGS | {fact for fact, source in own.items() if source.equals},
        lost=False,
    )


def communications_of(book: Rulebook) -> list[Communication]:
    """Return all rules that send messages, those that events call for and those that clocks do, as in the file."""
    return sorted((*book.communications.rules, *book.timed.rules), key=lambda rule: rule.order)


def steps_of(book: Rulebook) -> list[Step]:
    """Return the steps of all ladders, and those that are taken at any time."""
    return [*(step for ladder in book.ladders.rules for step in ladder.steps), *book.anytime.rules]


def value_of(fact: str, node: Node, vocabulary: Vocabulary, report: Report) -> Fact | None:
    """Return the value as the desk spells it; None for an empty one, and for one that is reported as wrong."""
    if node.value is None:
        return None
    if fact in LISTS:
        return tuple(item.raw for item in node.items) if isinstance(node.value, list) else (node.raw,)
    if isinstance(node.value, list | dict):
        report(node.place, f"'{fact}' has a single value", f"such as '{fact}: …', or nothing for an empty one")
        return None
    if fact in TEXTS:
        return node.raw
    return vocabulary.value(fact, node, report)


def may_be_given(fact: str, key: Place, connection: Connection, words: Words, report: Report) -> bool:
    """Tell whether a ticket of this connection can have the fact from somebody, and report it if not."""
    if fact.startswith("service."):
        report(key, f"'{fact}' comes with the service", "give the ticket a service:")
    elif fact in NOT_GIVEN:
        report(key, f"nobody gives a ticket '{fact}'", NOT_GIVEN[fact])
    elif fact == "priority" and computes(words):
        report(key, f"{connection.name} computes the priority by itself", "give it impact: and urgency:")
    elif not (fact in TEXTS or fact in words.fields or _is_known(fact, connection)):
        mend = f"name it: words: {{{connection.name}: {{fields: {{{fact}: …}}}}}}"
        report(key, f"no field of {connection.name} holds '{fact}': no {words.kind} there can have it", mend)
    else:
        return True
    return False


def fits(fact: str, value: Fact, node: Node, connection: Connection, words: Words, report: Report) -> bool:
    """Tell whether the platform can hold this value of the fact, and report it if not."""
    known = words.values.get(fact)
    if known is None or not isinstance(value, str) or known.get(value):
        return True
    there = [ours for ours, theirs in known.items() if theirs]
    mend = f"it has {', '.join(there)}" if there else f"add it under words: {connection.name}: values: {fact}:"
    report(node.place, f"{fact} '{value}' has no counterpart on {connection.name}", mend)
    return False


def computes(words: Words) -> bool:
    """Tell whether the platform computes the priority of such tickets by itself."""
    return set(words.set_priority_by) <= {"impact", "urgency"}


def _is_known(fact: str, connection: Connection) -> bool:
    """Tell whether the platform says it of tickets and people without a word for it."""
    if connection.platform == "servicenow":
        return fact in COUNTED or fact.startswith("requester.")
    return fact in OF_PERSON
