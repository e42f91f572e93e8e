"""What a `when:` means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loading import rulebook

from rules.model import Fact
from rules.rule import Condition
from rules.rulebook import Rulebook
from rules.words import HITS

WORDS = (
    "words: {snow: {fields: {symptom: u_symptom, age: u_age, risky: u_risk=yes}}}\nservices: {pay: {name: Payments}}"
)
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


def book(when: str) -> Rulebook:
    return rulebook(WORDS, f"adjust: [{{name: a, when: {when}, at_most: P2}}]")


def condition(when: str) -> Condition:
    return book(when).adjust.rules[0].when


def matches(when: str, **facts: Fact) -> bool:
    """Tell whether a ticket with these facts matches; a dot in a fact's name is written as __."""
    named = {name.replace("__", "."): value for name, value in facts.items()}
    rules = book(when)
    return rules.adjust.rules[0].when.test({**named, HITS: rules.matcher.hits(named)})


def test_all_entries_must_hold():
    when = "{kind: incident, category: web, impact: minor}"
    assert matches(when, kind="incident", category="web", impact="minor")
    assert not matches(when, kind="incident", category="web", impact="extensive")


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_of_several_entries_counts(count):
    when = ", ".join(f"requester.{part}: x" for part in ("name", "language", "zone", "organisation")[:count])
    facts = {f"requester__{part}": "x" for part in ("name", "language", "zone", "organisation")[:count]}
    assert matches(f"{{{when}}}", **facts)
    for name in facts:
        assert not matches(f"{{{when}}}", **{**facts, name: "y"})


def test_a_list_means_any_of():
    assert matches("{category: [web, booking]}", category="booking")
    assert not matches("{category: [web, booking]}", category="mail")


def test_an_empty_fact_equals_nothing():
    assert not matches("{category: web}")
    assert not matches("{major: false}")
    assert not matches("{priority: {at_most: P1}}")


@pytest.mark.parametrize(("wanted", "given"), [("Web", "wEB"), ("STRASSE", "straße"), ("\u0061\u030a", "\u00c5")])
def test_texts_are_equal_without_case_and_however_they_are_composed(wanted, given):
    assert matches(f"{{category: {wanted}}}", category=given)


def test_levels_may_be_written_in_any_case_in_a_rule():
    assert matches("{priority: p1}", priority="P1")


def test_a_list_fact_equals_what_it_has():
    assert matches("{labels: demand}", labels=("other", "Demand"))
    assert not matches("{labels: demand}", labels=("other",))


def test_true_is_not_one():
    assert matches("{requester.vip: true}", requester__vip=True)
    assert not matches("{requester.vip: true}", requester__vip=False)
    assert matches("{requester.vip: false}", requester__vip=False)
    assert matches("{requester.vip: [true, false]}", requester__vip=False)
    assert not matches("{reopened: 1}", reopened=True)
    assert matches("{reopened: 1}", reopened=1)


def test_a_number_equals_the_text_that_a_platform_gives():
    assert matches("{age: 7}", age="7")
    assert matches("{age: 7}", age=7)


def test_empty_asks_for_emptiness():
    assert matches("{service: {empty: true}}")
    assert not matches("{service: {empty: true}}", service="pay")
    assert matches("{service: {empty: false}}", service="pay")


@given(level=st.sampled_from(PRIORITIES), value=st.sampled_from(PRIORITIES))
def test_at_least_means_this_important_or_more_and_at_most_this_or_less(level, value):
    rank, limit = PRIORITIES.index(value), PRIORITIES.index(level)
    assert matches(f"{{priority: {{at_least: {level}}}}}", priority=value) == (rank <= limit)
    assert matches(f"{{priority: {{at_most: {level}}}}}", priority=value) == (rank >= limit)


@given(limit=st.integers(-9, 9), value=st.integers(-9, 9) | st.floats(-9, 9))
def test_numbers_are_compared_as_numbers(limit, value):
    assert matches(f"{{reassigned: {{at_least: {limit}}}}}", reassigned=value) == (value >= limit)
    assert matches(f"{{reassigned: {{at_most: {limit}}}}}", reassigned=value) == (value <= limit)


def test_what_is_no_number_is_neither_more_nor_less():
    assert not matches("{age: {at_least: 1}}", age="much")
    assert not matches("{age: {at_most: 1}}", age=True)


def test_several_operators_must_all_hold():
    when = "{priority: {at_least: P2, at_most: P2}}"
    assert matches(when, priority="P2")
    assert not matches(when, priority="P1")


def test_a_list_may_mix_values_and_operators():
    when = "{priority: [P5, {at_least: P2}]}"
    assert [level for level in PRIORITIES if matches(when, priority=level)] == ["P1", "P2", "P5"]


def test_any_all_and_not_combine():
    when = "{any: [{category: web}, {all: [{category: mail}, {not: {impact: minor}}]}]}"
    assert matches(when, category="web", impact="minor")
    assert matches(when, category="mail", impact="extensive")
    assert not matches(when, category="mail", impact="minor")


def test_not_holds_unless_all_that_stands_under_it_holds():
    when = "{not: {category: web, impact: minor}}"
    assert matches(when, category="web", impact="extensive")
    assert not matches(when, category="web", impact="minor")


@pytest.mark.parametrize(
    ("when", "text", "expected"),
    [
        ("{text: {words: [phishing, 勒索软件]}}", "Is this Phishing?", True),
        ("{text: {words: [phishing, 勒索软件]}}", "antiphishing", False),
        ("{text: {words: [phishing, 勒索软件]}}", "我的电脑被勒索软件锁定", True),
        ("{text: {pattern: 'err(or)? [0-9]{3}'}}", "ERR 503 again", True),
        ("{text: {pattern: ['a{3}', 'b{3}']}}", "bb aa", False),
        ("{not: {text: {words: spam}}}", "spam", False),
        ("{any: [{text: {words: spam}}, {kind: request}]}", "spam", True),
        ("{text: {words: [spam], pattern: '[0-9]'}}", "spam", False),
        ("{text: {words: [spam], pattern: '[0-9]'}}", "spam 1", True),
    ],
)
def test_words_and_patterns_are_found_in_texts(when, text, expected):
    assert matches(when, text=text) is expected


def test_texts_of_different_rules_are_told_apart():
    rules = rulebook(
        "adjust:\n"
        "  - {name: a, when: {text: {words: [mail, web]}}, at_most: P2}\n"
        "  - {name: b, when: {text: {words: [web, printer]}}, at_most: P2}\n"
        "  - {name: c, when: {title: {words: [printer]}}, at_most: P2}\n"
    )
    facts = {"text": "the printer", "title": "no mail"}
    hits = {**facts, HITS: rules.matcher.hits(facts)}
    assert [rule.name for rule in rules.adjust.rules if rule.when.test(hits)] == ["b"]


def test_a_condition_knows_what_it_reads():
    found = condition("{kind: incident, any: [{age: 3}, {not: {impact: minor}}], symptom: {words: slow}}")
    assert found.uses == {"kind", "age", "impact"}
    assert found.texts


def test_a_rule_without_a_condition_always_matches():
    when = rulebook("adjust: [{name: a, at_most: P2}]").adjust.rules[0].when
    assert when.test({})
    assert when.uses == frozenset()
