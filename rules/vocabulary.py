"""The facts that conditions may ask about, and the values that these can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rules.model import HOLD
from rules.problems import Report, did_you_mean
from rules.review import ARTICLE
from rules.tree import Node, Scalar
from rules.words import Sought

KINDS: Final = ("incident", "request", "problem", "change")
STATUSES: Final = ("new", "in_progress", "waiting", "resolved", "closed", "cancelled")
PROMISES: Final = ("open", "kept", "missed")
PEOPLE: Final = ("owner", "sponsor", "supplier")
PERSONAL: Final = ("name", "email", "phone", "account", "address", "street")
"""The kinds of personal data that suppliers are not shown unless a desk names fewer."""

NUMBERS: Final = frozenset({"reopened", "reassigned", "rating", "team.queue", "assignee.queue"})
LISTS: Final = frozenset({"labels", "participants", "watchers"})
FLAGS: Final = frozenset({"major", "requester.vip", "team.overloaded", "silent", HOLD})
OF_REQUESTER: Final = ("name", "language", "zone", "organisation", "vip")
OF_SERVICE: Final = ("business_value", "team", "owner", "sponsor", "supplier", "calendar")
FACTS: Final = frozenset(
    {
        *("kind", "status", "impact", "urgency", "priority", "service", "category", "labels", "team", "assignee"),
        *("major", "text", "title", "created_by", "source", "requester", "waiting_for", "participants", "parent"),
        *("team.queue", "team.overloaded", "assignee.queue", "silent"),
        *("reopened", "reassigned", "level", "rating", "promise", "resolved_at", HOLD),
        *("assignee.manager", "watchers"),
        *(f"requester.{part}" for part in OF_REQUESTER),
        *(f"service.{part}" for part in OF_SERVICE),
    }
)
"""What every desk can ask about, whether or not its platform knows it."""

READ_ONLY: Final = FACTS - {"impact", "urgency", "service", "category", "labels", "source", "waiting_for"}
"""What classify cannot set: other stages decide it, or only people and platforms know it."""

OPERATORS: Final = ("empty", "at_least", "at_most", "words", "pattern")
COMBINED: Final = ("any", "all", "not")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the desk's words are. `scales` are highest first; `closed` are other facts whose every value is known.

    `lost`: a file could not be read, so a word that is unknown may well be defined there. `texts` numbers the words
    and patterns that conditions look for, in the order in which they are met.
    """

    facts: frozenset[str]
    scales: Mapping[str, tuple[str, ...]]
    closed: Mapping[str, tuple[str, ...]]
    flags: frozenset[str]
    lost: bool
    texts: dict[Sought, int] = field(default_factory=dict)

    def knows(self, fact: str, key: Node, report: Report) -> bool:
        """Tell whether there is such a fact, and report it if there is not."""
        if fact in self.facts:
            return True
        if not self.lost:
            mend = did_you_mean(fact, self.facts, "facts of your own are named under words: → fields:")
            report(key.key, f"unknown fact '{fact}'", mend)
        return False

    def values(self, fact: str) -> tuple[str, ...] | None:
        """Return every value that the fact can have, or None where any may occur."""
        return self.scales.get(fact) or self.closed.get(fact)

    def value(self, fact: str, node: Node, report: Report) -> Scalar:
        """Return the value as the desk spells it; None, and a report, where the fact can never have it."""
        value = node.value
        if isinstance(value, dict | list) or value is None:
            report(node.place, f"'{fact}' needs a value here", "{empty: true} asks whether it is empty")
            return None
        if fact in self.flags:
            return self._flag(fact, node, report)
        if fact in NUMBERS and not (isinstance(value, int | float) and not isinstance(value, bool)):
            report(node.place, f"'{fact}' is a number, not '{node.raw}'", f"write a number, such as '{fact}: 2'")
            return None
        known = self.values(fact)
        return value if known is None else self._known(fact, node, known, report)

    def _flag(self, fact: str, node: Node, report: Report) -> Scalar:
        if not isinstance(node.value, bool):
            report(node.place, f"'{fact}' is either true or false, not '{node.raw}'", "write true or false")
            return None
        return node.value

    def _known(self, fact: str, node: Node, known: tuple[str, ...], report: Report) -> Scalar:
        spelled = {name.casefold(): name for name in known}
        found = spelled.get(node.raw.casefold())
        if found is None and not self.lost:
            report(node.place, f"'{node.raw}' is no {fact.removeprefix('service.')}", did_you_mean(node.raw, known))
        return found


def vocabulary(root: Node, lost: bool) -> Vocabulary:
    """Return the words of a workspace, as far as its parts have the right form."""
    priorities = tuple(node.text for node in root.each("priorities.*.name") if node.text)
    scales = {name: tuple(level.text for level in node.items) for name, node in root.under("scales").items()}
    services = tuple(root.under("services"))
    teams = tuple(root.under("teams"))
    closed = {
        "kind": KINDS,
        "status": STATUSES,
        "promise": PROMISES,
        "service": services,
        "team": teams,
        "service.team": teams,
    }
    own = {name: node.text for words in root.each("words.*") for name, node in _fields(words)}
    linked = {ARTICLE} if any(True for _ in root.each("words.*.knowledge")) else set()
    return Vocabulary(
        facts=FACTS | set(scales) | linked | set(own) - {"mark"},
        scales={**scales, "service.business_value": scales.get("business_value", ()), "priority": priorities},
        closed=closed | {"waiting_for": tuple(dict.fromkeys(_waiting_for(root)))},
        flags=FLAGS | {name for name, source in own.items() if "=" in source},
        lost=lost,
    )


def sections(words: Node) -> Iterator[Node]:
    """Yield a connection's words, and its kinds' own."""
    yield words
    yield from (words.entries[kind] for kind in KINDS if kind in words.entries)


def _fields(words: Node) -> Iterator[tuple[str, Node]]:
    for section in sections(words):
        yield from section.under("fields").items()


def _waiting_for(root: Node) -> Iterator[str]:
    for words in root.each("words.*"):
        for section in sections(words):
            for values in section.each("values.waiting_for"):
                yield from values.entries
