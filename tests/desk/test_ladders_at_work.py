"""A ladder at work on a simulated ServiceNow: teams, notes, words, and what people do in between."""

from __future__ import annotations

import pytest
from test_clocks_at_work import pass_hours

LADDER = """
calendar: always
calendars: {always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}}
priorities:
  - {name: P1, resolve: 4h}
  - {name: P2, resolve: 4h}
  - {name: P3, resolve: 8h}
  - {name: P4}
  - {name: P5}
routes: [{name: all, assign: {team: desk}}]
ladders:
  - name: up
    steps:
      - {level: L2, after: [{used: 25%, of: resolve}], assign: {team: web}, ask: [labels]}
      - {level: L3, after: [{used: 50%, of: resolve}], assign: {team: payments}}
communications:
  - {name: raised, on: escalated, to: [requester, team], message: escalated}
"""


@pytest.fixture
def raised(desk):
    """Return a desk with a ladder and a ticket of P3, which came at 09:01."""
    desk.rules(LADDER)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=2)
    return desk, ticket


def team(desk, ticket):
    group = desk.ticket(ticket)["assignment_group"]
    return next(name for name in ("Service Desk", "Web", "Payments") if desk.group(name) == group)


def told(desk, ticket):
    """Return how often the requester and the team heard that it was raised."""
    notes = [note for note in desk.said(ticket, "work_notes") if "raised" in note]
    return len(desk.said(ticket)), len(notes)


def test_a_ticket_climbs_level_by_level_and_each_is_told_once(raised):
    desk, ticket = raised
    assert team(desk, ticket) == "Service Desk"
    pass_hours(desk, 2.5)
    assert (team(desk, ticket), told(desk, ticket)) == ("Web", (1, 1))
    assert "labels" in desk.said(ticket, "work_notes")[-1]
    pass_hours(desk, 2)
    assert (team(desk, ticket), told(desk, ticket)) == ("Payments", (2, 2))
    pass_hours(desk, 4)
    assert told(desk, ticket) == (2, 2)


def test_an_outage_over_two_steps_takes_the_higher_one_and_a_lost_store_none_again(raised):
    desk, ticket = raised
    desk.close()
    desk.clock.advance(seconds=5 * 3600)
    desk.cycle(times=2)
    assert (team(desk, ticket), told(desk, ticket)) == ("Payments", (1, 1))
    desk.lose_the_store()
    desk.cycle(times=2)
    pass_hours(desk, 1)
    assert told(desk, ticket) == (1, 1)


def test_a_team_that_a_person_chose_stands_until_the_next_step_is_due(raised):
    desk, ticket = raised
    pass_hours(desk, 2.5)
    desk.change(ticket, assignment_group=desk.group("Service Desk"), work_notes="Ours")
    pass_hours(desk, 1)
    assert (team(desk, ticket), told(desk, ticket)) == ("Service Desk", (1, 1))
    pass_hours(desk, 1)
    assert team(desk, ticket) == "Payments"
