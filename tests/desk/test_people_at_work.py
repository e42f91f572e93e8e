"""People at work on a simulated ServiceNow: on call, watching, asked for approval, silent, below a major incident."""

from __future__ import annotations

import pytest

RULES = """
calendar: always
calendars:
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
  oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}}
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: "22:00-08:00"}}
priorities:
  - {name: P1, resolve: 4h}
  - {name: P2, resolve: 4h}
  - {name: P3, resolve: 8h}
  - {name: P4}
  - {name: P5}
people:
  ida: {email: IDA@harbour.example}
  gone: {email: gone@harbour.example}
  boss: {email: boss@harbour.example, language: nb}
"""
TEAMS = """
teams:
  desk: {groups: {sn: Service Desk}, language: nb}
  web:
    groups: {sn: Web}
    on_call: {rotation: [gone, ida], each: 1w, from: 2026-11-23T00:00}
  payments: {groups: {sn: Payments}}
"""
LADDER = """
routes: [{name: all, assign: {team: desk}}]
ladders:
  - name: up
    steps:
      - {level: L2, after: [{used: 25%, of: resolve}], assign: {team: web, person: on_call}}
      - {level: L3, after: [{used: 50%, of: resolve}], approve: {by: boss, within: 1h}, assign: {team: payments}}
      - {level: management, after: [{used: 100%, of: resolve}], watch: [boss]}
communications:
  - {name: raised, on: escalated, to: [requester, boss], message: escalated}
"""


@pytest.fixture
def staffed(make_desk):
    """Return a function that gives a desk these rules, with a boss whose account is there."""
    desk = make_desk()
    desk.world.add_user("boss", "Berit Boss", email="boss@harbour.example")

    def rules(text: str):
        base = RULES if "teams:" in text else RULES + TEAMS
        desk.rules(base + text)
        file = desk.folder / "desk.yaml"
        before, own = file.read_text(encoding="utf-8").split("teams:\n", 1)  # the teams that every desk has
        file.write_text(before + own[own.index("brakes:") :], encoding="utf-8")
        return desk

    return rules


def cycle(desk, times=1):
    """Run cycles; that somebody has no account is said in each, and holds nothing up."""
    for _ in range(times):
        desk.clock.advance(seconds=60)
        report = desk.desk().cycle()
    return report


def holder(desk, ticket):
    record = desk.ticket(ticket)
    user = desk.world.first("sys_user", sys_id=record["assigned_to"]) if record["assigned_to"] else None
    return user["user_name"] if user else ""


def watchers(desk, ticket):
    ids = [one for one in desk.ticket(ticket)["work_notes_list"].split(",") if one]
    return [desk.world.first("sys_user", sys_id=one)["user_name"] for one in ids]


def hours(desk, count):
    for _ in range(round(count * 12)):
        desk.clock.advance(seconds=240)
        cycle(desk)


def test_the_person_on_call_who_has_an_account_gets_the_ticket_and_the_admin_hears_of_the_other(staffed):
    desk = staffed(LADDER)
    ticket = desk.report("vera", impact="2", urgency="2")
    assert "gone: no active account has the address gone@harbour.example" in str(cycle(desk).problems)
    hours(desk, 2.2)
    assert holder(desk, ticket) == "ida"
    assert any("gone: no account on sn" in line for line in desk.journal(ticket))


def test_approval_is_asked_for_and_given_by_a_note(staffed):
    desk = staffed(LADDER)
    ticket = desk.report("vera", impact="2", urgency="2")
    hours(desk, 4.3)
    assert any("approved" in note and "refused" in note for note in desk.said(ticket, "work_notes"))
    assert watchers(desk, ticket) == ["boss"]
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Web")
    desk.change(ticket, by="ida", work_notes="Approved by me, says Ida")
    cycle(desk, 2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Web")
    desk.change(ticket, by="boss", work_notes="Approved. Go ahead")
    cycle(desk, 2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Payments")
    assert any("there is no channel mail" in line for line in desk.journal(ticket))


@pytest.mark.long
def test_levels_of_authority_watch_and_do_not_lose_others_who_do(staffed):
    desk = staffed(LADDER)
    ticket = desk.report("vera", impact="2", urgency="2", work_notes_list=desk.user("ida"))
    hours(desk, 8.3)
    assert watchers(desk, ticket) == ["ida", "boss"]


def test_a_lost_store_gives_nobody_the_ticket_again(staffed):
    desk = staffed(LADDER)
    ticket = desk.report("vera", impact="2", urgency="2")
    hours(desk, 2.2)
    desk.change(ticket, by="ida", assigned_to=desk.user("vera"))
    cycle(desk, 2)
    desk.lose_the_store()
    hours(desk, 0.5)
    assert holder(desk, ticket) == "vera"


def test_at_a_days_end_the_ticket_is_handed_over_with_a_note_in_the_receivers_language(staffed):
    desk = staffed("""
teams:
  sun: {follow_the_sun: [desk, web], hand_over: {priority: [P3], accept_within: 30m}}
  desk: {groups: {sn: Service Desk}, calendar: oslo, language: nb}
  web: {groups: {sn: Web}, calendar: saigon, language: vi}
routes: [{name: all, assign: {team: sun}}]
communications: []
""")
    ticket = desk.report("vera", impact="2", urgency="2")
    cycle(desk, 2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Service Desk")
    hours(desk, 6.2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Web")
    assert "bàn giao" in desk.said(ticket, "work_notes")[-1].casefold()


SILENT = """
communications:
  - name: silent
    when: {waiting_for: requester}
    after: [{waiting: 2h}]
    times: 2
    to: [requester]
    message: closing-soon
    then: {status: resolved}
  - {name: solved, on: resolved, to: [requester], message: solved}
"""


def test_a_silent_customer_is_reminded_twice_then_it_is_resolved_and_their_answer_opens_it_again(staffed):
    desk = staffed(SILENT)
    ticket = desk.report("vera", impact="3", urgency="3", state="2")
    cycle(desk)
    desk.change(ticket, by="ida", state="3", hold_reason="1", comments="Which browser?")
    hours(desk, 4.3)
    assert (len(desk.said(ticket)), desk.ticket(ticket)["state"]) == (2, "3")
    hours(desk, 3)
    assert (len(desk.said(ticket)), desk.ticket(ticket)["state"]) == (3, "6")
    desk.change(ticket, by="vera", comments="Firefox")
    cycle(desk, 3)
    assert desk.ticket(ticket)["state"] == "2"
    hours(desk, 1)
    assert len(desk.said(ticket)) == 3


@pytest.mark.long
def test_nobody_hears_that_it_is_solved_where_the_platform_refuses_the_status(staffed):
    desk = staffed(SILENT)
    ticket = desk.report("vera", impact="3", urgency="3", state="2")
    cycle(desk)
    desk.change(ticket, by="ida", state="3", hold_reason="1", comments="Which browser?")
    desk.world.deny("incident", field="state", action="write", account="itsm.sync")
    hours(desk, 7)
    assert (len(desk.said(ticket)), desk.ticket(ticket)["state"]) == (2, "3")
    assert any("parked" in line for line in desk.journal(ticket))
    desk.writes()
    hours(desk, 1)
    assert desk.writes() == []


def test_what_is_below_a_major_incident_waits_until_it_is_over(staffed):
    desk = staffed(LADDER)
    major = desk.report("an", impact="1", urgency="1", major_incident_state="accepted")
    child = desk.report("vera", impact="2", urgency="2", parent_incident=major)
    hours(desk, 2.5)
    assert holder(desk, child) == ""
    desk.change(major, by="ida", state="6", close_code="Solved", close_notes="Restarted")
    cycle(desk, 4)
    assert holder(desk, child) == "ida"


def test_the_least_loaded_gets_the_next_ticket(staffed):
    desk = staffed("routes: [{name: all, assign: {team: web, person: least_loaded}}]\ncommunications: []\n")
    desk.world.add_user("gone", "Gone Again", email="gone@harbour.example")
    tickets = [desk.report("vera", impact="3", urgency="3") for _ in range(6)]
    cycle(desk, 2)
    assert sorted(holder(desk, ticket) for ticket in tickets) == ["gone"] * 3 + ["ida"] * 3
