"""Which desks ask for articles, and what `check` says of `knowledge:`."""

from __future__ import annotations

import pytest
from loading import BASELINE, CONNECTION, JIRA, MESSAGES, loaded

from connectors.almanac import WorldAlmanac
from rules.rulebook import Rulebook
from rules.workspace import load

KNOWN = "words: {snow: {knowledge: [IT Self Service]}}\n"
NO_RULES = "communications: []\n"
LINKING = frozenset({"received"})


def book(*texts: str, linking: frozenset[str] = LINKING) -> Rulebook:
    files = {"desk.yaml": CONNECTION, **{f"{number}.yaml": text for number, text in enumerate(texts)}}
    answer = load(files, BASELINE, MESSAGES, WorldAlmanac(), linking=linking)
    assert answer.rulebook is not None, answer.problems
    return answer.rulebook


def asked(*texts: str, linking: frozenset[str] = LINKING) -> tuple[str, ...] | None:
    return book(*texts, linking=linking).connections["snow"].knowledge


def test_a_desk_that_says_nothing_of_knowledge_asks_for_no_articles():
    assert asked() is None


def test_one_whose_messages_name_articles_asks_for_them():
    assert asked(KNOWN) == ("IT Self Service",)
    assert asked("words: {snow: {knowledge: []}}\n") == ()


def test_one_that_sends_no_such_message_does_not():
    assert asked(KNOWN, NO_RULES) is None
    assert asked(KNOWN, linking=frozenset({"escalated"})) == ("IT Self Service",)  # a step may send it


@pytest.mark.parametrize(
    "rule",
    [
        "communications: [{name: a, on: resolved, when: {article: {empty: true}}, to: [team], message: solved}]\n",
        "classify: [{name: a, when: {article: {empty: false}}, set: {labels: known}}]\ncommunications: []\n",
        "ladders: [{name: a, when: {article: {empty: false}}, steps: [{level: L2, after: [{unacknowledged: 10m}]}]}]\n"
        "communications: []\n",
    ],
)
def test_one_whose_rule_asks_for_articles_does(rule):
    assert asked(KNOWN, rule, linking=frozenset()) == ("IT Self Service",)


def test_a_condition_on_articles_needs_a_desk_that_has_them():
    rule = "communications: [{name: a, on: resolved, when: {article: {empty: true}}, to: [team], message: solved}]\n"
    assert [one.text for one in loaded(rule).problems if one.weight == "error"] == ["unknown fact 'article'"]


@pytest.mark.parametrize(
    ("words", "connection", "text"),
    [
        ("jira: {knowledge: [HELP]}", JIRA, "Jira does not tell which articles are linked to many issues at once"),
        (
            "snow: {fields: {article: u_article}, knowledge: [IT Self Service]}",
            CONNECTION,
            "'article' is a field here: of what it holds only addresses tell who may read it",
        ),
    ],
)
def test_what_no_ticket_could_ever_name_is_an_error_with_the_mend(words, connection, text):
    (found,) = loaded(f"words: {{{words}}}\n", connection=connection).problems
    assert (found.weight, found.line, found.text) == ("error", 1, text)
    assert found.mend


@pytest.mark.parametrize(
    ("words", "connection"),
    [
        ('jira: {fields: {article: Article}, knowledge: ["https://harbour.example/wiki/spaces/HELP"]}', JIRA),
        ("jira: {fields: {article: Article}}", JIRA),
        ('snow: {fields: {article: u_article}, knowledge: ["https://help.harbour.example"]}', CONNECTION),
        ('snow: {incident: {fields: {article: u_article}}, knowledge: ["https://help.harbour.example"]}', CONNECTION),
        ("snow: {knowledge: []}", CONNECTION),
    ],
)
def test_what_can_be_named_is_good(words, connection):
    assert loaded(f"words: {{{words}}}\n", connection=connection).problems == ()
