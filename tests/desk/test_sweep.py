"""The sweep: what reading changes misses is found in the background, and what is gone is not taken for deleted."""

from __future__ import annotations

from connectors.base import TryLater
from connectors.state import sweep

BEFORE = """
routes:
  - {name: rest, assign: {team: desk}}
"""
AFTER = """
routes:
  - {name: rest, assign: {team: web}}
"""
DAY = 24 * 3600


def group(desk, ticket):
    return desk.ticket(ticket).get("assignment_group", "")


def rest(desk, seconds):
    """Let time pass without anything happening, and run a cycle."""
    desk.clock.advance(seconds=seconds)
    return desk.cycle()


def requests(desk):
    return len(desk.world.requests)


def test_a_changed_rulebook_reaches_open_tickets_that_nobody_touches(desk):
    desk.rules(BEFORE)
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.rules("classify:\n  - {name: risky, set: {risk: security}}\n" + BEFORE)
    desk.cycle(times=2)
    assert desk.ticket(ticket)["u_risk"] == "security"
    assert desk.ticket(ticket)["priority"] == "2"


def test_closed_tickets_are_left_in_peace_by_a_changed_rulebook(desk):
    desk.rules(BEFORE)
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle()
    desk.change(ticket, state="7", close_code="Solved", close_notes="Restarted")
    desk.cycle()
    before = desk.ticket(ticket)
    desk.rules("classify:\n  - {name: risky, set: {risk: security}}\n" + BEFORE)
    desk.cycle(times=3)
    assert desk.ticket(ticket) == before


def test_important_tickets_are_swept_first_and_a_few_in_each_cycle(desk, monkeypatch):
    monkeypatch.setattr(sweep, "NEWLY_RULED", 1)
    desk.rules(BEFORE)
    usual = desk.report("kari", impact="2", urgency="2")
    urgent = desk.report("kari", impact="1", urgency="1")
    desk.clock.advance(seconds=60)
    desk.cycle(times=2)
    desk.rules("classify:\n  - {name: said, set: {labels: [seen]}}\n" + BEFORE)
    desk.cycle()
    assert [desk.ticket(one).get("u_labels", "") for one in (urgent, usual)] == ["seen", ""]
    desk.cycle()
    assert desk.ticket(usual)["u_labels"] == "seen"


def test_a_change_that_left_no_trace_in_the_times_is_found_within_a_day(desk):
    desk.rules("adjust:\n  - {name: danger, when: {risk: security}, at_least: P2}\n" + BEFORE)
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.world.update("incident", ticket, {"u_risk": "security"}, touch=False)
    desk.cycle(times=2)
    assert desk.ticket(ticket)["priority"] == "3"
    rest(desk, DAY)
    assert desk.ticket(ticket)["priority"] == "2"


def test_a_ticket_that_became_visible_late_is_found_within_the_hour(desk):
    desk.rules(BEFORE)
    desk.report("vera", impact="2", urgency="2")
    desk.clock.advance(seconds=1)  # of one second with where reading stood, only greater ids are read again
    late = desk.report("kari", impact="2", urgency="2")
    desk.world.deny("incident", rows=f"sys_id={late}")
    desk.cycle()
    other = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=3)
    desk.world.denials.clear()
    desk.cycle()
    assert (group(desk, late), bool(group(desk, other))) == ("", True)
    rest(desk, 3600)
    assert group(desk, late) == desk.group("Service Desk")


def test_a_ticket_that_is_gone_is_told_once_and_not_taken_for_deleted(desk):
    desk.rules(BEFORE)
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    number = desk.ticket(ticket)["number"]
    desk.world.deny("incident", rows=f"sys_id={ticket}")
    rest(desk, DAY)
    rest(desk, DAY)
    store = desk.desk().store
    told = [entry for entry in store.journal(f"sn/{number}") if "may not see it any more" in entry.line.text]
    assert (len(told), store.status().hidden, store.status().tickets) == (1, 1, 1)
    desk.world.denials.clear()
    rest(desk, DAY)
    assert desk.desk().store.status().hidden == 0
    assert len(desk.said(ticket)) == 1


def test_a_ticket_that_cannot_be_read_in_the_background_keeps_no_other_from_being_written(desk):
    desk.rules(BEFORE)
    desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.rules("classify:\n  - {name: said, set: {labels: [seen]}}\n" + BEFORE)
    new = desk.report("vera", impact="2", urgency="2")
    desk.clock.advance(seconds=60)

    def broken(*_):
        raise TryLater("sn could not read all tickets")

    desk.desk().connectors["sn"].tickets = broken
    report = desk.desk().cycle()
    assert report.problems == {"sn": "sn could not read all tickets"}
    assert group(desk, new) == desk.group("Service Desk")


def test_a_day_without_news_costs_a_small_desk_a_request_a_cycle_and_few_more(desk):
    desk.rules(BEFORE)
    for _ in range(5):
        desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=3)
    before = requests(desk)
    for _ in range(24):
        rest(desk, 3540)
    assert requests(desk) - before <= 24 + 24 + 1


def test_a_sweep_waits_while_the_platforms_allowance_is_nearly_used_up(desk):
    desk.rules(BEFORE)
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.rules("classify:\n  - {name: said, set: {labels: [seen]}}\n" + BEFORE)
    limits = desk.desk().connectors["sn"].limits
    limits.is_scarce = lambda: True
    desk.cycle()
    assert desk.ticket(ticket).get("u_labels", "") == ""
    del limits.is_scarce
    desk.cycle()
    assert desk.ticket(ticket)["u_labels"] == "seen"


def test_a_ticket_whose_version_went_backwards_keeps_no_other_from_being_swept(desk, monkeypatch):
    monkeypatch.setattr(sweep, "NEWLY_RULED", 1)
    desk.rules(BEFORE)
    restored = desk.report("kari", impact="1", urgency="1")
    other = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=3)
    desk.world.update("incident", restored, {"sys_mod_count": "0"}, touch=False)
    desk.rules("classify:\n  - {name: said, set: {labels: [seen]}}\n" + BEFORE)
    desk.cycle(times=3)
    assert desk.ticket(other)["u_labels"] == "seen"


def test_tickets_from_before_since_are_not_read_again_each_day(desk):
    desk.rules(BEFORE)
    file = desk.folder / "desk.yaml"
    file.write_text(file.read_text().replace("since: 2026-11-01T00:00Z", "since: 2026-12-01T00:00Z"))
    desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    before = requests(desk)
    rest(desk, DAY)
    assert requests(desk) - before == 2
