"""Connecting to a desk that is at work, renaming a rule, coming back after hours: nobody hears old news."""

from __future__ import annotations

import pytest

RULES = """
routes:
  - {name: rest, assign: {team: desk}}
communications:
  - {name: %s, on: created, to: [requester], message: received}
  - {name: solved, on: resolved, to: [requester], message: solved}
"""
SOLVED = {"state": "6", "close_code": "Solved", "close_notes": "Restarted"}
HOUR = 3600


def connect(desk, rule="received"):
    """Write a workspace that says nothing of `since`: the moment of the first start counts."""
    desk.rules(RULES % rule)
    file = desk.folder / "desk.yaml"
    file.write_text(file.read_text().replace("    since: 2026-11-01T00:00Z\n", ""))


def changed(desk, tickets):
    """Return the tickets that our account wrote to."""
    return [ticket for ticket in tickets if desk.ticket(ticket)["sys_updated_by"] == "itsm.sync" or desk.said(ticket)]


@pytest.mark.parametrize("count", [300, pytest.param(20_000, marks=pytest.mark.long)])
def test_connecting_to_many_open_tickets_changes_none_and_says_nothing_and_new_ones_get_both(desk, count):
    connect(desk)
    values = {"impact": "2", "urgency": "2"}
    old = [desk.report(("kari", "an", "vera")[number % 3], **values) for number in range(count)]
    desk.clock.advance(seconds=HOUR)
    desk.cycle(times=2)
    new = desk.report("kari", **values)
    desk.cycle()
    desk.change(old[0], by="ida", short_description="Still broken", urgency="1")
    desk.cycle(times=2)
    assert changed(desk, old) == []
    assert (len(desk.said(new)), desk.ticket(new)["assignment_group"]) == (1, desk.group("Service Desk"))
    assert len(desk.writes()) == 1


def test_a_renamed_rule_says_nothing_again(desk):
    connect(desk)
    desk.cycle()
    tickets = [desk.report(name, impact="2", urgency="2") for name in ("kari", "an", "vera")]
    desk.cycle()
    assert [len(desk.said(ticket)) for ticket in tickets] == [1, 1, 1]
    connect(desk, rule="first-word")
    desk.cycle(times=3)
    desk.change(tickets[0], by="ida", short_description="Still broken")
    desk.cycle(times=2)
    assert [len(desk.said(ticket)) for ticket in tickets] == [1, 1, 1]


def test_after_six_hours_away_what_still_makes_sense_is_said_once(desk):
    connect(desk)
    desk.cycle()
    waiting, solved = (desk.report("kari", impact="2", urgency="2") for _ in range(2))
    desk.clock.advance(seconds=3 * HOUR)
    desk.world.update("incident", solved, SOLVED, by="ida")
    closed = desk.report("kari", impact="2", urgency="2", state="8")
    desk.clock.advance(seconds=3 * HOUR)
    desk.cycle(times=3)
    assert [len(desk.said(ticket)) for ticket in (waiting, solved, closed)] == [1, 1, 0]
    assert "Vi har fått" in desk.said(waiting)[0]
    assert "løst" in desk.said(solved)[0]
    assert desk.ticket(waiting)["assignment_group"] == desk.group("Service Desk")


def test_after_two_days_away_nobody_hears_the_day_befores_news_and_fields_are_right(desk):
    connect(desk)
    desk.cycle()
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.clock.advance(seconds=48 * HOUR)
    desk.cycle(times=3)
    assert desk.said(ticket) == []
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Service Desk")
