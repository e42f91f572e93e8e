"""A major incident, from the moment somebody declares it until it is solved, on a simulated ServiceNow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.sandbox import Fault

SAYING = """
communications:
  - {name: over, on: resolved, when: {major: true}, to: [requester], message: major-incident-solved}
  - {name: declared, on: major, to: [requester, team], message: major-incident-started}
  - {name: solved, on: resolved, to: [requester], message: solved}
  - {name: received, on: created, to: [requester], message: received}
  - {name: prioritised, on: prioritised, to: [requester, team], message: prioritised}
routes:
  - {name: all, assign: {team: web}}
"""
MAJOR = {"major_incident_state": "accepted"}
SOLVED = {"state": "6", "close_code": "Solved", "close_notes": "Restarted"}
STARTED, OVER = "many people are affected", "should be fixed now"
HELD = "during a major incident the requester hears only of that"


@pytest.fixture
def received(desk):
    """Return a desk and a ticket whose requester has heard that it was received."""
    desk.rules(SAYING)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=2)
    return desk, ticket


def test_a_requester_hears_that_it_is_one_then_that_it_is_over_and_nothing_between(received):
    desk, ticket = received
    desk.change(ticket, **MAJOR)
    desk.cycle(times=2)
    desk.change(ticket, impact="1", urgency="1")
    desk.cycle(times=2)
    desk.change(ticket, **SOLVED)
    desk.cycle(times=2)
    first, started, over = desk.said(ticket)
    assert "We have received" in first
    assert STARTED in started
    assert OVER in over
    journal = desk.journal(ticket)
    assert f"held back communicate prioritised: {HELD}" in journal
    assert f"held back communicate solved: {HELD}" in journal


def test_the_team_hears_everything_meanwhile(received):
    desk, ticket = received
    before = len(desk.said(ticket, "work_notes"))
    desk.change(ticket, **MAJOR)
    desk.cycle()
    desk.change(ticket, impact="1", urgency="1")
    desk.cycle(times=2)
    started, prioritised = desk.said(ticket, "work_notes")[before:]
    assert started.startswith("Major incident: It does not work")
    assert "P1" in prioritised


def test_proposed_or_rejected_is_no_declaration(received):
    desk, ticket = received
    for state in ("proposed", "rejected", "canceled"):
        desk.change(ticket, major_incident_state=state)
        desk.cycle(times=2)
    assert len(desk.said(ticket)) == 1


def test_a_ticket_declared_before_it_was_read_for_the_first_time_is_announced_at_once(desk):
    desk.rules(SAYING)
    ticket = desk.report("kari", impact="1", urgency="1", **MAJOR)
    desk.cycle(times=3)
    (said,) = desk.said(ticket)
    assert said.startswith("Hei, Kari!")
    assert "mange" in said


def test_withdrawn_by_mistake_and_declared_again_is_told_again(received):
    desk, ticket = received
    for state in ("accepted", "canceled", "accepted"):
        desk.change(ticket, major_incident_state=state)
        desk.cycle(times=2)
    assert sum(STARTED in said for said in desk.said(ticket)) == 2


def test_an_announcement_whose_answer_was_lost_is_not_repeated(received):
    desk, ticket = received
    desk.change(ticket, **MAJOR)
    desk.world.faults.add(Fault("broken_after", method="PATCH"))
    desk.clock.advance(seconds=60)
    desk.desk().cycle()
    desk.clock.advance(minutes=5)
    desk.cycle(times=3)
    assert sum(STARTED in said for said in desk.said(ticket)) == 1


def test_an_announcement_that_the_platform_could_not_take_is_made_later_unless_it_was_withdrawn(received):
    desk, ticket = received
    other = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.world.faults.add(Fault("500", method="PATCH", times=10))
    for one in (ticket, other):
        desk.change(one, **MAJOR)
    desk.clock.advance(seconds=60)
    desk.desk().cycle()
    desk.world.faults.clear()
    desk.change(other, major_incident_state="canceled")
    desk.clock.advance(minutes=30)
    desk.cycle(times=3)
    assert [STARTED in said for said in desk.said(ticket)] == [False, True]
    assert len(desk.said(other)) == 1


def test_after_two_days_without_the_service_nobody_is_told_that_it_has_begun(received):
    desk, ticket = received
    desk.change(ticket, **MAJOR)
    desk.clock.advance(seconds=timedelta(days=2).total_seconds())
    desk.cycle(times=2)
    assert len(desk.said(ticket)) == 1
    assert "held back communicate declared: too late to mean anything" in desk.journal(ticket)


def test_when_the_store_is_lost_in_the_middle_nothing_is_told_twice(received):
    desk, ticket = received
    desk.change(ticket, **MAJOR)
    desk.cycle(times=2)
    desk.lose_the_store()
    desk.cycle(times=2)
    desk.change(ticket, **SOLVED)
    desk.cycle(times=2)
    assert [STARTED in said for said in desk.said(ticket)] == [False, True, False]
    assert OVER in desk.said(ticket)[-1]
