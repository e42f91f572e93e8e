"""A stage's rules, and the answers it gave: a stage is a pure function of the facts that its rules read.

Most tickets of a desk share the few facts that its rules look at (category, impact, urgency, service …), so that the
answer for a combination of their values is worked out once. Texts take part as what the rules found in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, Generic, TypeVar
from zlib import crc32

from rules.model import Fact, Facts
from rules.words import HITS, folded

if TYPE_CHECKING:
    from rules.rule import Rule

R = TypeVar("R", bound="Rule")
A = TypeVar("A")
Values = tuple[Fact | tuple[int, ...] | None, ...]
REMEMBERED: Final = 10_000
"""Answers that a stage remembers; a desk has some hundreds of combinations."""


class Stage(Generic[R, A]):
    """The rules of a stage in their order, the facts they read in a fixed order, and the answers by their values.

    `also` are facts that the stage itself reads beside the conditions. `answers` is a cache and nothing else, and so
    is what is kept for `matching`: they never change what is decided.
    """

    __slots__ = ("_alone", "_every", "_read", "answers", "rules", "texts", "uses")

    def __init__(self, rules: Iterable[R], also: Iterable[str] = ()) -> None:
        self.rules = tuple(rules)
        self.texts = frozenset(number for rule in self.rules for number in rule.when.texts)
        self._read = tuple(sorted({fact for rule in self.rules for fact in rule.when.uses}))
        read = {fact for rule in self.rules for fact in rule.when.uses} | set(also)
        self.uses = tuple(sorted(read)) + ((HITS,) if self.texts else ())
        self.answers: dict[Values, A] = {}
        tested = dict.fromkeys(fact for rule in self.rules for fact, _ in rule.when.alone)
        self._alone: dict[str, dict[Fact | None, int]] = {fact: {} for fact in tested}
        self._every = (1 << len(self.rules)) - 1

    def values(self, facts: Facts) -> Values:
        """Return the values that the answer depends on."""
        return tuple(map(facts.get, self.uses))

    def basis(self, facts: Facts, also: Iterable[str] = ()) -> int:
        """Return the checksum of the facts that the rules' conditions read and of `also`: those a decision rests on.

        Of the texts only what these rules look for in them counts.
        """
        hits: tuple[int, ...] = facts.get(HITS, ())  # type: ignore[assignment]
        found = tuple(hit for hit in hits if hit in self.texts)
        return checksum((*map(facts.get, (*self._read, *also)), found))

    def remember(self, values: Values, answer: A) -> A:
        """Keep an answer for the next ticket with the same values."""
        if len(self.answers) >= REMEMBERED:
            self.answers.clear()
        self.answers[values] = answer
        return answer

    def matching(self, facts: Facts) -> Iterator[R]:
        """Yield the rules that hold, in their order. What is done about one may change facts that later ones read."""
        place = 0
        while left := self._possible(facts) >> place:
            place += (left & -left).bit_length()
            rule = self.rules[place - 1]
            if rule.when.test(facts):
                yield rule

    def _possible(self, facts: Facts) -> int:
        """Return a bit per rule, the first one's lowest; 0 where an entry that reads a single fact does not hold."""
        bits = self._every
        for fact, known in self._alone.items():
            value = facts.get(fact)
            found = known.get(value)
            bits &= self._look_at(fact, value) if found is None else found
        return bits

    def _look_at(self, fact: str, value: Fact | None) -> int:
        """Return the bits for one value of a fact, and keep them."""
        alone = {} if value is None else {fact: value}
        bits = self._every
        for place, rule in enumerate(self.rules):
            if not all(test(alone) for name, test in rule.when.alone if name == fact):
                bits &= ~(1 << place)
        known = self._alone[fact]
        if len(known) >= REMEMBERED:
            known.clear()
        known[value] = bits
        return bits


def checksum(values: Values) -> int:
    """Return a number that is the same in every process for equal values, and differs for different ones."""
    return crc32(repr(values).encode("utf-8", "replace"))


def accepts(wanted: frozenset[Fact], value: Fact | None) -> bool:
    """Tell whether a fact equals one of the wanted values: texts without case, lists by having one of them."""
    if value is None:
        return False
    if isinstance(value, tuple):
        return any(comparable(item) in wanted for item in value)
    return comparable(value) in wanted


def comparable(value: Fact) -> Fact:
    """Return the form of a value in which equality is tested; "true" in a platform's text field equals true."""
    if isinstance(value, str):
        return folded(value)
    return str(value).lower() if isinstance(value, bool) else value
