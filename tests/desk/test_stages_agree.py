"""Classify and prioritise may both write impact and urgency: together they write once, and never against each other."""

from __future__ import annotations

import pytest

NOT_CHOSEN = 'not_chosen: {impact: "3", urgency: "3"}'

RULES = """
classify:
  - {{name: nobody-chose, set: {{impact: minor, urgency: {urgency}}}}}
adjust:
  - {{name: hardware, when: {{category: hardware}}, at_least: P3}}
communications: []
"""


@pytest.mark.parametrize("urgency", ["low", "medium"])
def test_what_was_filled_in_is_not_written_back_over_the_urgency_that_reaches_the_priority(desk, urgency):
    desk.rules(RULES.format(urgency=urgency), words=NOT_CHOSEN)
    ticket = desk.report(impact="3", urgency="3", category="hardware")
    desk.cycle()
    assert desk.writes() == [{"urgency": "1"}]
    for _ in range(3):
        desk.change(ticket, by="ida", comments="I am looking at it.")
        desk.cycle()
    assert desk.writes() == []
    assert desk.ticket(ticket)["priority"] == "3"


def test_a_filled_urgency_that_gives_the_priority_is_written_once(desk):
    desk.rules(RULES.format(urgency="medium"), words=NOT_CHOSEN)
    ticket = desk.report(impact="3", urgency="3", category="software")
    desk.cycle()
    desk.change(ticket, by="ida", comments="I am looking at it.")
    desk.cycle()
    assert desk.writes() == [{"urgency": "2"}]
    assert desk.ticket(ticket)["priority"] == "4"


def test_when_the_reason_for_a_floor_is_gone_the_filled_urgency_comes_back(desk):
    desk.rules(RULES.format(urgency="low"), words=NOT_CHOSEN)
    ticket = desk.report(impact="3", urgency="3", category="hardware")
    desk.cycle()
    desk.change(ticket, by="ida", category="software")
    desk.cycle(times=3)
    assert desk.writes() == [{"urgency": "1"}, {"urgency": "3"}]
    assert desk.ticket(ticket)["priority"] == "5"
