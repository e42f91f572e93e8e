"""Clocks of a desk at work: time alone wakes a ticket, once, whatever was read, lost or stopped in between."""

from __future__ import annotations

import pytest

from tests.shares import one_of

HOUR = 3600
TIMED = """
calendar: office
calendars:
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
  office: {zone: UTC, hours: {mon-fri: "08:00-16:00"}}
pauses: {resolve: [requester]}
priorities:
  - {name: P1, resolve: 4h, updates: 1h, calendar: always}
  - {name: P2, resolve: 4h}
  - {name: P3, respond: 2h, resolve: 8h}
  - {name: P4}
  - {name: P5}
routes: [{name: all, assign: {team: desk}}]
communications:
  - {name: half, after: [{used: 50%, of: resolve}], to: [team], message: prioritised}
  - {name: slow, after: [{used: 100%, of: respond}], to: [team], message: assigned}
  - {name: news, every: updates, when: {priority: P1}, to: [requester], message: major-incident-started}
"""
WAITING = {"state": "3", "hold_reason": "1"}


@pytest.fixture
def timed(desk):
    """Return a desk with targets and a ticket of P3, which came at 09:01."""
    desk.rules(TIMED)
    return desk, reported(desk)


def reported(desk, impact="2", urgency="2"):
    ticket = desk.report("vera", impact=impact, urgency=urgency)
    desk.cycle(times=2)
    return ticket


def notes(desk, ticket):
    return len(desk.said(ticket, "work_notes"))


def pass_hours(desk, hours):
    """Let hours pass, with a cycle each half an hour at most."""
    for _ in range(round(hours * 2)):
        desk.clock.advance(seconds=HOUR / 2 - 60)
        desk.cycle()


def test_time_alone_wakes_a_ticket_once(timed):
    desk, ticket = timed
    desk.change(ticket, comments="I am on it", state="2")
    pass_hours(desk, 3.5)
    assert notes(desk, ticket) == 0
    pass_hours(desk, 1)
    assert notes(desk, ticket) == 1
    pass_hours(desk, 6)
    assert notes(desk, ticket) == 1


def test_until_then_nobody_reads_it(timed):
    desk, _ticket = timed
    desk.cycle()
    before = len(desk.world.requests)
    pass_hours(desk, 0.5)
    assert len(desk.world.requests) - before == 1  # for what changed


def test_a_pause_puts_the_warning_off(timed):
    desk, ticket = timed
    desk.change(ticket, comments="Which one is it?", **WAITING)
    pass_hours(desk, 5)
    assert notes(desk, ticket) == 0
    desk.change(ticket, by="vera", comments="The left one")
    pass_hours(desk, 2)  # it is after 16:00 by now
    assert notes(desk, ticket) == 0
    pass_hours(desk, 20)
    assert notes(desk, ticket) == 1


def test_who_has_not_answered_is_warned_and_an_answer_is_seen_by_its_author(timed):
    desk, ticket = timed
    desk.change(ticket, by="vera", comments="Hello?")
    pass_hours(desk, 2)
    assert notes(desk, ticket) == 1
    other = reported(desk)
    desk.change(other, by="ida", comments="I am on it")
    pass_hours(desk, 2.5)
    assert notes(desk, other) == 0


def test_each_update_says_when_the_next_one_comes_and_a_lost_store_repeats_none(desk):
    desk.rules(TIMED)
    ticket = reported(desk, "1", "1")
    pass_hours(desk, 1)
    assert len(desk.said(ticket)) == 1
    assert "11:0" in desk.said(ticket)[0]
    desk.lose_the_store()
    pass_hours(desk, 0.5)
    assert len(desk.said(ticket)) == 1
    pass_hours(desk, 1)
    assert len(desk.said(ticket)) == 2


@pytest.mark.parametrize("hidden", one_of(2, [("sys_audit", "sys_journal_field"), ("sys_audit",)]))
def test_without_a_right_to_read_history_clocks_are_as_exact_as_the_poll(make_desk, hidden):
    desk = make_desk()
    for table in hidden:
        desk.world.deny(table, account="itsm.sync")
    desk.rules(TIMED)
    ticket = reported(desk)
    desk.change(ticket, comments="Which one is it?", **WAITING)
    desk.cycle()
    pass_hours(desk, 2)
    desk.change(ticket, state="2", hold_reason="")
    pass_hours(desk, 3.5)
    assert notes(desk, ticket) == 0
    pass_hours(desk, 20)
    assert notes(desk, ticket) == 1


def test_an_outage_over_the_moment_makes_up_for_it_once(timed):
    desk, ticket = timed
    desk.change(ticket, comments="I am on it", state="2")
    desk.cycle()
    desk.close()
    desk.clock.advance(seconds=6 * HOUR)
    desk.cycle(times=3)
    assert notes(desk, ticket) == 1


def test_the_plan_of_a_timed_message_names_what_called_for_it(timed):
    desk, ticket = timed
    desk.change(ticket, comments="I am on it", state="2")
    pass_hours(desk, 4.5)
    [line] = [line for line in desk.journal(ticket) if line.startswith("decided communicate half")]
    assert "50% of resolve is used" in line


RETEAMED = """
calendars: {office: {zone: UTC, hours: {mon-fri: "08:00-16:00"}}}
calendar: office
priorities: [{name: P1}, {name: P2}, {name: P3}, {name: P4}, {name: P5}]
routes:
  - {name: network, when: {category: network}, assign: {team: web}}
  - {name: rest, assign: {team: desk}}
communications: [{name: idle, after: [{unacknowledged: 30m}], to: [team], message: assigned}]
"""


def test_a_team_to_which_we_pass_an_acknowledged_ticket_has_to_acknowledge_it_too(desk):
    desk.rules(RETEAMED)
    ticket = reported(desk)
    desk.change(ticket, work_notes="I am looking into it")
    desk.cycle()
    desk.change(ticket, category="network")
    desk.cycle()
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Web")
    desk.clock.advance(seconds=28 * 60)
    desk.cycle()
    assert notes(desk, ticket) == 0
    desk.cycle()
    assert notes(desk, ticket) == 1


@pytest.mark.parametrize(
    ("event", "values"),
    [("waiting", WAITING), ("closed", {"state": "7", "close_code": "Solved", "close_notes": "Restarted"})],
)
def test_a_lost_store_tells_no_second_time_that_a_ticket_waits_or_has_closed(desk, event, values):
    told = f"communications: [{{name: it, on: {event}, to: [requester], message: solved}}]\n"
    desk.rules("routes: [{name: all, assign: {team: desk}}]\n" + told)
    ticket = reported(desk)
    desk.change(ticket, **values)
    desk.cycle(times=2)
    assert len(desk.said(ticket)) == 1
    desk.lose_the_store()
    desk.cycle(times=2)
    assert len(desk.said(ticket)) == 1


def test_a_ticket_that_was_missing_in_one_answer_is_not_forgotten(timed):
    desk, ticket = timed
    desk.change(ticket, comments="I am on it", state="2")
    desk.cycle()
    desk.world.deny("incident", rows=f"sys_id={ticket}")
    pass_hours(desk, 4.5)
    desk.world.denials.clear()
    pass_hours(desk, 1.5)
    assert notes(desk, ticket) == 1
