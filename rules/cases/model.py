"""What an admin's test of the rules says, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from rules.model import Fact, Facts, FieldValues, Person, Reason
from rules.problems import Place


class WantedFact(NamedTuple):
    """A fact that must stand on the ticket so; None is empty."""

    fact: str
    value: Fact | None
    place: Place


class WantedMessage(NamedTuple):
    """A message that must be said; what is "" may be anything."""

    to: str
    message: str
    language: str = ""
    door: str = ""
    contains: str = ""


class WantedChange(NamedTuple):
    """A field that we must write; `named` says that its value matters."""

    fact: str
    value: Fact | None
    named: bool


class WantedMessages(NamedTuple):
    """All messages since the moment before."""

    items: tuple[WantedMessage, ...]
    place: Place


class WantedChanges(NamedTuple):
    """All fields written by us since the moment before."""

    items: tuple[WantedChange, ...]
    place: Place


class Expected(NamedTuple):
    """What must be true at a moment; None: the test does not say."""

    facts: tuple[WantedFact, ...] = ()
    messages: WantedMessages | None = None
    changes: WantedChanges | None = None


class Moment(NamedTuple):
    """A moment of a test: who does what then, and what must be true after it. The first one makes the ticket.

    `after` is the time since the start as it is written, "" for the start; `by` an account, "" where only time passes.
    `said` are the words spoken: "comment" or "note", and what a note answers to a question for approval, or None.
    """

    at: datetime
    after: str
    by: str
    set: FieldValues
    said: tuple[tuple[str, str | None], ...]
    expected: Expected


class RuleTest(NamedTuple):
    """One test: a ticket, the moments of its life in their order, and who reported tickets below it."""

    name: str
    place: Place
    connection: str
    kind: str
    created_by: str
    requester: Person
    facts: Facts
    moments: tuple[Moment, ...]
    affected: tuple[Person, ...] = ()


class Said(NamedTuple):
    """A message that was said, and the reason for it. Its text is made when it is asked for, as few tests ask."""

    to: str
    message: str
    language: str
    door: str
    text: Callable[[], str]
    reason: Reason


class Wrote(NamedTuple):
    """A field that we wrote, and the reason for it."""

    fact: str
    value: Fact | None
    reason: Reason


class Failure(NamedTuple):
    """An expectation that did not hold: where it stands, what it is about, what was wanted, what came, and why.

    `missing` and `extra` are the entries of a list that did not come, and that came unasked. `because` are sentences
    about rules, each with its place.
    """

    place: Place
    after: str
    what: str
    expected: str
    came: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


class Seen(NamedTuple):
    """What a test went through: rules that decided as (stage, where), matrix cells, messages."""

    rules: frozenset[tuple[str, str]] = frozenset()
    cells: frozenset[tuple[str, str]] = frozenset()
    messages: frozenset[str] = frozenset()


class Result(NamedTuple):
    """What came of one test."""

    test: RuleTest
    failures: tuple[Failure, ...]
    seen: Seen
