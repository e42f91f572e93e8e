"""What a workspace with clocks has connectors read: the facts they are rebuilt from, and the platform's own clocks."""

from __future__ import annotations

import pytest

from tests.rules.loading import CONNECTION, JIRA, loaded, rulebook

BOTH = CONNECTION + JIRA.replace("connections:\n", "").lstrip("\n")
RESOLVE = "{name: P1, resolve: 4h}, {name: P2}, {name: P3}, {name: P4}, {name: P5}"


@pytest.mark.parametrize(
    "promise",
    [
        f"priorities: [{RESOLVE}]\n",
        "organisations: {Acme: {targets: {P1: {respond: 1h}}}}\n",
        "clocks: {resolve: {jira: customfield_10030}}\n",
    ],
)
def test_where_something_is_promised_the_changes_that_clocks_are_rebuilt_from_are_read(promise):
    book = rulebook(promise, connection=BOTH)
    assert book.clocked
    snow, jira = (book.connections[name].kinds["incident"] for name in ("snow", "jira"))
    assert snow.timed == ("assignee", "status", "team", "waiting_for")
    assert jira.timed == ("assignee", "status", "waiting_for")  # stock Jira has no field for the team
    assert set(snow.watched) < set(snow.audited)


def test_a_fact_that_is_told_by_one_value_of_a_field_has_no_history():
    words = "words: {snow: {fields: {team: u_first_line=yes}}}\n"
    book = rulebook(words, f"priorities: [{RESOLVE}]\n")
    assert "team" not in book.connections["snow"].kinds["incident"].timed


def test_without_a_promise_nothing_more_is_read_than_rules_write():
    book = rulebook()
    assert not book.clocked
    assert book.connections["snow"].kinds["incident"].timed == ()


def test_the_platforms_own_clocks_stand_for_ours_on_their_connection_only():
    answer = loaded("clocks: {resolve: {jira: customfield_10030}, respond: {snow: Response P1}}\n", connection=BOTH)
    assert answer.problems == ()
    assert answer.rulebook is not None
    assert answer.rulebook.connections["jira"].slas == {"resolve": "customfield_10030"}
    assert answer.rulebook.connections["snow"].slas == {"respond": "Response P1"}
