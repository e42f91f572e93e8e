"""Compiles `when:` into closures: once per rule, for a test that runs hundreds of thousands of times a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from operator import ge, le
from typing import Final, NamedTuple

from rules.index import accepts, comparable
from rules.model import LOT, Fact, Facts
from rules.problems import Report, did_you_mean
from rules.rule import Condition, Test
from rules.tree import Node
from rules.vocabulary import COMBINED, FACTS, LISTS, NUMBERS, OPERATORS, Vocabulary
from rules.words import HITS, Sought, check_pattern, folded

Wanted = frozenset[Fact]


def compile_when(tree: Node | None, vocabulary: Vocabulary, report: Report) -> Condition:
    """Return the condition that a `when:` says; what is wrong in it is reported, at its place.

    A rule without one always matches. The answer is only good for running if nothing was reported.
    """
    if tree is None:
        return Condition(always)
    compiler = _Compiler(vocabulary, report)
    entries = compiler.entries(tree, "'when'")
    alone = tuple((next(iter(entry.reads)), entry.test) for entry in entries if len(entry.reads) == 1)
    uses = frozenset(fact for entry in entries for fact in entry.reads) - {HITS}
    return Condition(_all([entry.test for entry in entries]), uses, frozenset(compiler.sought), alone)


def always(facts: Facts) -> bool:
    """Match every ticket."""
    return True


def never(facts: Facts) -> bool:
    """Match no ticket: stands where an entry could not be understood."""
    return False


class _Entry(NamedTuple):
    """A compiled entry of a mapping, and what it reads: facts, and `HITS` where it searches texts."""

    test: Test
    reads: frozenset[str]


class _Compiler:
    """Compiles one `when:`, and notes entry by entry which facts it reads otherwise than by searching their text."""

    def __init__(self, vocabulary: Vocabulary, report: Report) -> None:
        self._vocabulary = vocabulary
        self._report = report
        self._reads: set[str] = set()
        self.sought: set[int] = set()

    def entries(self, tree: Node, called: str) -> list[_Entry]:
        """Compile a mapping, all of whose entries must hold."""
        if not isinstance(tree.value, dict) or not tree.entries:
            self._report(tree.place, f"{called} is a mapping of facts and values", "such as {priority: [P1, P2]}")
            return [_Entry(never, frozenset())]
        found = []
        outer = self._reads
        for key, node in tree.entries.items():
            self._reads = set()
            found.append(_Entry(self._entry(key, node), frozenset(self._reads)))
            outer |= self._reads
        self._reads = outer
        return found

    def mapping(self, tree: Node, called: str) -> Test:
        """Compile a mapping within an entry."""
        return _all([entry.test for entry in self.entries(tree, called)])

    def _entry(self, key: str, node: Node) -> Test:
        if key == "not":
            inner = self.mapping(node, "'not'")
            return lambda facts: not inner(facts)
        if key in COMBINED:
            return self._combined(key, node)
        if not self._vocabulary.knows(key, node, self._report):
            return never
        if isinstance(node.value, dict):
            return self._operators(key, node)
        return self._values(key, node)

    def _combined(self, key: str, node: Node) -> Test:
        if not node.items:
            self._report(
                node.place, f"'{key}' is a list of mappings", f"such as {key}: [{{priority: P1}}, {{major: true}}]"
            )
        tests = [self.mapping(item, f"an entry of '{key}'") for item in node.items]
        return _any(tests) if key == "any" else _all(tests)

    def _values(self, fact: str, node: Node) -> Test:
        """Compile `fact: value` and `fact: [value, {operator: …}, …]`."""
        listed = node.items if isinstance(node.value, list) else [node]
        if not listed:
            self._report(node.place, f"an empty list never matches '{fact}'", "list the values that may match")
        if fact == "text":
            self._report(node.place, "'text' is the whole text", "search in it: text: {words: […]} or {pattern: …}")
            return never
        tests = [self._operators(fact, item) for item in listed if isinstance(item.value, dict)]
        wanted = self._wanted(fact, (item for item in listed if not isinstance(item.value, dict)))
        return _any([self._equality(fact, wanted), *tests] if wanted else tests)

    def _wanted(self, fact: str, nodes: Iterable[Node]) -> Wanted:
        wanted: set[Fact] = set()
        for node in nodes:
            value = self._vocabulary.value(fact, node, self._report)
            if value is not None:
                wanted |= {comparable(value), folded(node.raw)}
        return frozenset(wanted)

    def _equality(self, fact: str, wanted: Wanted) -> Test:
        self._reads.add(fact)
        if fact in self._vocabulary.flags and len(wanted) == 1:
            return _is(fact, "true" in wanted)
        known = self._vocabulary.values(fact)
        if known is not None:
            return self._is_one_of(fact, frozenset(value for value in known if folded(value) in wanted))
        return _equals(fact, wanted)

    def _is_one_of(self, fact: str, wanted: frozenset[str]) -> Test:
        """Compile a test of levels; a scale of the desk's own may stand in a field as somebody typed it."""
        if fact in self._vocabulary.scales and fact not in FACTS:
            return _equals(fact, frozenset(folded(level) for level in wanted))
        return _one_of(fact, wanted)

    def _operators(self, fact: str, node: Node) -> Test:
        """Compile `fact: {operator: …}`; several operators must all hold."""
        if not node.entries:
            self._report(node.place, f"'{fact}' has an empty condition", f"known: {', '.join(OPERATORS)}")
        return _all([self._operator(fact, operator, value) for operator, value in node.entries.items()])

    def _operator(self, fact: str, operator: str, node: Node) -> Test:
        if operator in ("words", "pattern"):
            return self._search(fact, operator, node)
        self._reads.add(fact)
        if operator == "empty":
            return self._empty(fact, node)
        if operator in OPERATORS:
            return self._limit(fact, operator, node)
        self._report(node.key, f"unknown operator '{operator}'", did_you_mean(operator, OPERATORS))
        return never

    def _empty(self, fact: str, node: Node) -> Test:
        if not isinstance(node.value, bool):
            self._report(node.place, f"'empty' is either true or false, not '{node.raw}'", "write true or false")
        return (lambda facts: fact not in facts) if node.value else (lambda facts: fact in facts)

    def _limit(self, fact: str, operator: str, node: Node) -> Test:
        """Compile `at_least` and `at_most`: along a scale, whose highest level stands first, or of a number."""
        scale = self._vocabulary.scales.get(fact)
        if scale is not None:
            level = self._vocabulary.value(fact, node, self._report)
            if level not in scale:
                return never
            place = scale.index(str(level))
            return self._is_one_of(fact, frozenset(scale[: place + 1] if operator == "at_least" else scale[place:]))
        if fact in self._vocabulary.flags or fact in FACTS - NUMBERS:
            self._report(node.key, f"'{fact}' has no order, so '{operator}' means nothing", "list the values instead")
        elif not isinstance(node.value, int | float) or isinstance(node.value, bool):
            self._report(node.place, f"'{operator}' compares '{fact}' with a number, not '{node.raw}'", LIMIT_MEND)
        else:
            return _compared(fact, ge if operator == "at_least" else le, node.value)
        return never

    def _search(self, fact: str, operator: str, node: Node) -> Test:
        """Compile `words:` and `pattern:` to the numbers that the rulebook's one pass over the texts gives them."""
        no_text = fact in NUMBERS | LISTS or fact in self._vocabulary.flags
        if no_text or self._vocabulary.values(fact) is not None:
            self._report(node.key, f"'{fact}' is no text to search in", "list the values instead")
        self._reads.add(HITS)
        numbers = self._vocabulary.texts
        ids = set()
        for item in node.items if isinstance(node.value, list) else [node]:
            if self._good(item, operator):
                sought = Sought(fact, "word" if operator == "words" else "pattern", item.raw)
                ids.add(numbers.setdefault(sought, len(numbers)))
        self.sought |= ids
        return _hits(frozenset(ids))

    def _good(self, node: Node, operator: str) -> bool:
        """Tell whether this is something that can be searched for."""
        if isinstance(node.value, dict | list) or not node.raw.strip():
            self._report(node.place, f"'{operator}' needs a text to search for", f"such as {operator}: [phishing]")
            return False
        wrong = check_pattern(node.raw) if operator == "pattern" else ""
        if wrong:
            self._report(
                node.place, f"the pattern does not work: {wrong}", "patterns are RE2's: no look-around, no \\1"
            )
        return not wrong


LIMIT_MEND: Final = "facts with an order are those under scales:, priority, and numbers"


def _all(tests: list[Test]) -> Test:
    """Join tests that must all hold; most rules have one or two, and a loop would cost more than they do."""
    match tests:
        case []:
            return always
        case [test]:
            return test
        case [first, second]:
            return lambda facts: first(facts) and second(facts)
        case [first, second, third]:
            return lambda facts: first(facts) and second(facts) and third(facts)
    several = tuple(tests)

    def all_hold(facts: Facts) -> bool:
        for test in several:  # noqa: SIM110 (twice as fast as all() over a generator)
            if not test(facts):
                return False
        return True

    return all_hold


def _any(tests: list[Test]) -> Test:
    several = tuple(tests)
    if len(several) == 1:
        return several[0]

    def one_holds(facts: Facts) -> bool:
        for test in several:  # noqa: SIM110 (twice as fast as any() over a generator)
            if test(facts):
                return True
        return False

    return one_holds


def _is(fact: str, wanted: bool) -> Test:
    return lambda facts: facts.get(fact) is wanted


def _one_of(fact: str, wanted: frozenset[str]) -> Test:
    """Test a fact whose values are spelled as the desk spells them, which needs no folding."""
    return lambda facts: facts.get(fact) in wanted


def _equals(fact: str, wanted: Wanted) -> Test:
    return lambda facts: _accepts(wanted, facts.get(fact))


_accepts = lru_cache(maxsize=10_000, typed=True)(accepts)
"""Folding a text costs most of a test, and a desk's tickets share a few hundred texts that are tested for equality."""


def _hits(ids: frozenset[int]) -> Test:
    return lambda facts: not ids.isdisjoint(facts[HITS])  # type: ignore[arg-type]


def _compared(fact: str, holds: Callable[[float, float], bool], limit: float) -> Test:
    def test(facts: Facts) -> bool:
        value = facts.get(fact)
        return isinstance(value, int | float) and not isinstance(value, bool) and holds(value, limit)

    return test


def for_a_share(when: Condition, share: int) -> Condition:
    """Return the condition for a rule that acts on a part of the tickets: always the same ones."""

    def is_in(facts: Facts) -> bool:
        return facts.get(LOT, 101) <= share  # type: ignore[operator]

    alone = (*when.alone, (LOT, is_in))
    return replace(when, test=lambda facts: is_in(facts) and when.test(facts), uses=when.uses | {LOT}, alone=alone)
