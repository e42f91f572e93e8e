"""Finds the rules that could match a ticket without asking each: by the facts they test for equality."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from rules.model import Fact, Facts
from rules.words import folded

if TYPE_CHECKING:
    from rules.rulebook import Rule

R = TypeVar("R", bound="Rule")
REMEMBERED: Final = 10_000
"""Combinations of fact values whose candidates are remembered; a desk has some hundreds."""


class Index(Generic[R]):
    """A stage's rules in their order.

    `steady` are the facts that do not change within the stage: only those may be looked up beforehand. Candidates
    are remembered per combination of their values, which makes the lookup one dictionary access for most tickets.
    """

    __slots__ = ("rules", "facts", "_known")

    def __init__(self, rules: Iterable[R], steady: frozenset[str] | None = None) -> None:
        self.rules = tuple(rules)
        tested = {fact for rule in self.rules for fact in rule.when.equal}
        self.facts = tuple(sorted(tested if steady is None else tested & steady))
        self._known: dict[tuple[Fact | None, ...], tuple[tuple[R, ...], bool]] = {}

    def candidates(self, facts: Facts) -> tuple[tuple[R, ...], bool]:
        """Return the rules whose equality tests these facts pass, in order, and whether one of them reads texts."""
        get = facts.get
        values = tuple([get(fact) for fact in self.facts])
        known = self._known.get(values)
        return known if known is not None else self._look_up(values)

    def _look_up(self, values: tuple[Fact | None, ...]) -> tuple[tuple[R, ...], bool]:
        facts = dict(zip(self.facts, values, strict=True))
        found = tuple(rule for rule in self.rules if passes(rule, facts))
        answer = found, any(rule.when.texts for rule in found)
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[values] = answer
        return answer


def passes(rule: Rule, facts: dict[str, Fact | None]) -> bool:
    """Tell whether the facts that are given pass the rule's equality tests."""
    return all(accepts(rule.when.equal[fact], value) for fact, value in facts.items() if fact in rule.when.equal)


def accepts(wanted: frozenset[Fact], value: Fact | None) -> bool:
    """Tell whether a fact equals one of the wanted values: texts without case, lists by having one of them."""
    if value is None:
        return False
    if isinstance(value, tuple):
        return any(comparable(item) in wanted for item in value)
    return comparable(value) in wanted


def comparable(value: Fact) -> Fact:
    """Return the form of a value in which equality is tested; True and 1 stay two things."""
    if isinstance(value, str):
        return folded(value)
    return str(value).lower() if isinstance(value, bool) else value
