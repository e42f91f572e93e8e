"""What a cycle left half-way: plans that grew old, tickets that went meanwhile, readings that are behind."""

from __future__ import annotations

import pytest

import sync
from connectors.base import Page
from connectors.sandbox import Fault

SIMPLE = """
routes:
  - {name: rest, assign: {team: desk}}
"""
SOLVED = {"state": "6", "close_code": "Solved", "close_notes": "Restarted"}
FAILING = "{% block subject %}{% endblock %}{% block body %}{{ ticket.nothing_of_that_name }}{% endblock %}"


def left_half_way(desk):
    """Run a cycle that plans and ends before it writes, as a process does that is stopped."""
    desk.clock.advance(seconds=60)
    desk.desk().cycle(write=False)
    assert desk.desk().store.status().waiting


def settle(desk, cycles=8):
    """Run cycles a minute apart whatever they report."""
    for _ in range(cycles):
        desk.clock.advance(seconds=60)
        desk.desk().cycle()


def reported_in_turn(desk, count):
    """Report incidents a second apart, so that they are read in this order."""
    tickets = []
    for _ in range(count):
        desk.clock.advance(seconds=1)
        tickets.append(desk.report("vera", impact="2", urgency="2"))
    return tickets


def look_after_requests_too(desk):
    desk.rules(SIMPLE)
    file = desk.folder / "desk.yaml"
    file.write_text(file.read_text().replace("{incident: incident}", "{incident: incident, request: sc_req_item}"))
    return desk.world.insert("sc_req_item", {"short_description": "A phone", "impact": "2", "urgency": "2"}, by="vera")


def test_old_plans_for_two_kinds_of_tickets_are_all_sent_in_the_next_cycle(desk):
    look_after_requests_too(desk)
    desk.report("vera", impact="2", urgency="2")
    left_half_way(desk)
    assert desk.cycle().counts["written"] == 2
    assert desk.desk().store.status().waiting == {}


def test_a_kind_that_is_no_longer_looked_after_holds_up_no_other(desk):
    request = look_after_requests_too(desk)
    left_half_way(desk)
    desk.rules(SIMPLE)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=2)
    assert (len(desk.said(ticket)), len(desk.said(request))) == (1, 0)


def test_what_was_planned_for_a_ticket_that_is_gone_needs_a_person_and_is_read_once(desk):
    desk.rules(SIMPLE)
    ticket = desk.report("vera", impact="2", urgency="2")
    left_half_way(desk)
    desk.world.delete("incident", ticket)
    desk.cycle()
    status = desk.desk().store.status()
    assert status.waiting == {}
    assert {parked.error for parked in status.parked} == {"the ticket is gone, or this account may not see it any more"}
    before = len(desk.world.requests)
    desk.cycle()
    assert len(desk.world.requests) == before + 1


def test_a_plan_that_grows_old_while_others_are_written_is_read_again_first(desk):
    desk.rules(SIMPLE)
    first = desk.report("vera", impact="2", urgency="2")
    desk.clock.advance(seconds=1)  # of one second, either may be written first
    second = desk.report("vera", impact="2", urgency="2")

    connector = desk.desk().connectors["sn"]

    def slow(write):
        if write.ticket.id == first:
            desk.clock.advance(seconds=40)
            desk.world.update("incident", second, SOLVED, by="ida")
        return type(connector).write(connector, write)

    connector.write = slow
    desk.cycle()
    assert len(desk.said(first)) == 1
    assert all("We have received" not in said for said in desk.said(second))


def test_a_reading_that_is_behind_takes_nothing_away_that_waits(desk):
    desk.rules(SIMPLE)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle()
    connector = desk.desk().connectors["sn"]
    (page,) = connector.tickets("incident", [ticket])
    behind = Page((page.tickets[0]._replace(version=0),), "")
    desk.world.update("incident", ticket, SOLVED, by="ida")
    desk.world.faults.add(Fault(kind="429", method="PATCH", seconds=90))
    settle(desk, cycles=1)
    assert desk.desk().store.status().waiting == {"planned": 1}
    connector.tickets = lambda *_: iter([behind])
    settle(desk, cycles=3)
    del connector.tickets
    settle(desk, cycles=1)
    assert len(desk.said(ticket)) == 2


def test_a_plan_made_anew_by_a_later_page_is_sent_as_it_was_read_there(desk, monkeypatch):
    monkeypatch.setattr(sync, "AT_HAND", 2)
    desk.rules(SIMPLE)
    ticket, _other = (desk.report("vera", impact="2", urgency="2", short_description=name) for name in ("old", "b"))
    pages = desk.desk().connectors["sn"].pages

    def twice(kind, cursor):
        yield from pages(kind, cursor)
        if cursor is None:
            desk.world.update("incident", ticket, {"short_description": "new"}, by="vera")
            yield from pages(kind, None)

    desk.desk().connectors["sn"].pages = twice
    desk.cycle()
    (said,) = desk.said(ticket)
    assert "“new”" in said


@pytest.mark.long
def test_more_tickets_than_are_kept_at_hand_are_each_written_once_and_read_a_hundred_at_a_time(desk, monkeypatch):
    monkeypatch.setattr(sync, "AT_HAND", 100)
    desk.rules(SIMPLE)
    tickets = [desk.report("vera", impact="2", urgency="2") for _ in range(230)]
    desk.cycle()
    assert {len(desk.said(ticket)) for ticket in tickets} == {1}
    assert len(desk.writes()) == 230
    by_id = [r for r in desk.world.requests if r.method == "GET" and "sys_idIN" in str(r.query)]
    assert len(by_id) <= 3


def test_tickets_reported_while_the_first_cycle_begins_are_looked_after(desk):
    desk.rules(SIMPLE)
    file = desk.folder / "desk.yaml"
    file.write_text(file.read_text().replace("    since: 2026-11-01T00:00Z\n", ""))
    reported = []

    def report():
        desk.clock.advance(seconds=5)
        reported.append(desk.report("vera", impact="2", urgency="2"))
        desk.clock.advance(seconds=5)

    desk.report("kari")
    desk.clock.advance(seconds=60)
    desk.world.faults.add(Fault(kind="changing", method="GET", path="/table/sys_dictionary", do=report))
    desk.desk().cycle()
    desk.cycle()
    assert [len(desk.said(ticket)) for ticket in reported] == [1]


@pytest.mark.parametrize("kind", ["broken_after", "broken_before"])
def test_a_message_that_cannot_be_written_is_parked_and_noted_once_though_the_answer_is_lost(desk, kind):
    desk.rules(SIMPLE)
    (desk.folder / "templates" / "en").mkdir(parents=True)
    (desk.folder / "templates" / "en" / "received.md.j2").write_text(FAILING)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.world.faults.add(Fault(kind=kind, method="PATCH"))
    settle(desk)
    (parked,) = desk.desk().store.status().parked
    assert "nothing_of_that_name" in parked.error
    assert (len(desk.said(ticket)), len(desk.said(ticket, "work_notes"))) == (0, 1)


def test_a_history_that_does_not_say_which_ticket_it_is_about_is_as_good_as_none(desk):
    desk.rules(SIMPLE)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.change(ticket, by="vera", impact="1")
    desk.world.deny("sys_audit", field="documentkey")
    desk.cycle()
    assert len(desk.said(ticket)) == 1


@pytest.mark.parametrize("ranges", [True, False])
def test_a_ticket_whose_times_cannot_be_read_is_left_and_the_others_go_on(desk, ranges):
    desk.rules(SIMPLE)
    first, hidden, undated, last = reported_in_turn(desk, 4)
    desk.world.deny("incident", field="sys_created_on", rows=f"sys_id={hidden}")
    for field in ("sys_created_on", "sys_updated_on"):
        desk.world.deny("incident", field=field, rows=f"sys_id={undated}")
    if not ranges:
        desk.world.deny("incident", field="sys_updated_on", action="range")
    desk.cycle(times=2)
    assert [len(desk.said(ticket)) for ticket in (first, hidden, undated, last)] == [1, 0, 0, 1]


def test_a_ticket_without_a_readable_time_that_is_read_last_holds_nothing_up(desk):
    desk.rules(SIMPLE)
    first, last = reported_in_turn(desk, 2)
    desk.world.deny("incident", field="sys_updated_on", rows=f"sys_id={last}")
    desk.cycle(times=2)
    assert [len(desk.said(ticket)) for ticket in (first, last)] == [1, 1]


def test_a_time_of_creation_that_is_no_time_is_as_good_as_none(desk):
    desk.rules(SIMPLE)
    ticket, other = (desk.report("vera", impact="2", urgency="2") for _ in range(2))
    desk.world.update("incident", ticket, {"sys_created_on": "yesterday"}, by="ida")
    desk.cycle(times=2)
    assert (len(desk.said(ticket)), len(desk.said(other))) == (0, 1)
