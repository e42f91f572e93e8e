"""Which rules, cells of the matrix and messages the tests of a desk went through, and which not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from rules.cases.model import Seen
from rules.cases.words import communications_of, steps_of
from rules.model import Stage
from rules.rule import Rule
from rules.rulebook import Rulebook

STAGES: Final[tuple[tuple[str, Stage], ...]] = (
    ("classify", "classify"),
    ("adjust", "prioritise"),
    ("routes", "route"),
    ("ladders", "escalate"),
    ("communications", "communicate"),
)
"""The lists of rules in the order of their stages, and what reasons call the stage."""


class Covered(NamedTuple):
    """A rule, a cell or a message by its name, where it stands, and whether a test went through it."""

    name: str
    where: str
    seen: bool


class Coverage(NamedTuple):
    """A part of the rulebook and all that it consists of."""

    part: str
    entries: tuple[Covered, ...]

    @property
    def met(self) -> int:
        """How many of its entries a test went through."""
        return sum(entry.seen for entry in self.entries)


def coverage(book: Rulebook, seen: Iterable[Seen]) -> tuple[Coverage, ...]:
    """Return what the tests went through: the rules that decided something, the cells used, the messages said."""
    all_seen = list(seen)
    rules = {rule for one in all_seen for rule in one.rules}
    cells = {cell for one in all_seen for cell in one.cells}
    said = {message for one in all_seen for message in one.messages}
    parts = [Coverage(section, _rules(_in(book, section), stage, rules)) for section, stage in STAGES]
    parts = [part for part in parts if part.entries or part.part != "ladders"]
    matrix = tuple(
        Covered(f"{impact} × {urgency}", priority, (impact, urgency) in cells)
        for (impact, urgency), priority in book.matrix.items()
    )
    sent = dict.fromkeys(rule.message for rule in communications_of(book))
    messages = tuple(Covered(message, "", message in said) for message in sent)
    return (*parts, Coverage("matrix", matrix), Coverage("messages", messages))


def _in(book: Rulebook, section: str) -> Iterable[Rule]:
    if section == "ladders":
        return steps_of(book)
    found: Iterable[Rule] = getattr(book, section).rules
    return communications_of(book) if section == "communications" else found


def _rules(rules: Iterable[Rule], stage: Stage, seen: set[tuple[str, str]]) -> tuple[Covered, ...]:
    return tuple(Covered(rule.name, rule.where, (stage, rule.where) in seen) for rule in rules)
