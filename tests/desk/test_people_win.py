"""Automation and people: what is written once, what stands, and what is left alone."""

from __future__ import annotations

WRITABLE = "set_priority_by: [priority]"

FLOOR = """
adjust:
  - name: security
    when: {risk: security}
    at_least: P2
    because: Security is never below P2.
"""


def test_a_floor_that_lifts_priority_on_a_platform_that_computes_it_writes_once_in_ten_cycles(desk):
    desk.rules(FLOOR + "communications: []\n")
    ticket = desk.report(impact="2", urgency="2", u_risk="security")  # the matrix says P3, the floor P2
    desk.cycle()
    assert desk.writes() == [{"urgency": "1"}]
    assert desk.ticket(ticket)["priority"] == "2"
    desk.cycle(times=9)
    assert desk.writes() == []


def test_the_floor_is_not_lifted_again_when_the_store_was_lost(desk):
    desk.rules(FLOOR + "communications: []\n")
    desk.report(impact="2", urgency="2", u_risk="security")
    desk.cycle(times=2)
    desk.lose_the_store()
    desk.cycle(times=9)
    assert desk.writes() == [{"urgency": "1"}]


def test_impact_is_changed_when_urgency_alone_cannot_reach_the_priority(desk):
    desk.rules(FLOOR.replace("at_least: P2", "at_least: P1") + "communications: []\n")
    ticket = desk.report(impact="3", urgency="3", u_risk="security")
    desk.cycle(times=3)
    assert desk.ticket(ticket)["priority"] == "1"
    assert desk.writes() == [{"impact": "1", "urgency": "1"}]


def test_a_person_who_sets_urgency_back_is_not_fought_until_the_facts_change(desk):
    desk.rules(FLOOR + "communications: []\n")
    ticket = desk.report(impact="2", urgency="2", u_risk="security")
    desk.cycle(times=2)
    desk.change(ticket, by="ida", urgency="2")
    desk.writes()
    desk.cycle(times=3)
    assert desk.writes() == []
    assert any("ida chose urgency" in line for line in desk.journal(ticket))
    desk.change(ticket, by="ida", impact="3")
    desk.cycle(times=3)
    assert desk.ticket(ticket)["priority"] == "2"


def test_a_persons_priority_stands_until_impact_or_urgency_changes(make_desk):
    desk = make_desk(priority_lookup=False)
    desk.rules("communications: []\n", words=WRITABLE)
    ticket = desk.report(impact="2", urgency="2")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["priority"] == "3"
    desk.change(ticket, by="ida", priority="1")
    desk.cycle(times=3)
    assert desk.ticket(ticket)["priority"] == "1"
    desk.change(ticket, by="kari", urgency="3")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["priority"] == "4"


def test_a_robots_priority_is_corrected_once_and_then_not_fought(make_desk):
    desk = make_desk(priority_lookup=False)
    desk.rules("communications: []\n", words=WRITABLE)
    ticket = desk.report(impact="2", urgency="2")
    desk.cycle()
    desk.change(ticket, by="system", priority="5")
    desk.writes()
    desk.cycle(times=5)
    assert desk.writes() == []
    assert any("did not stay" in line for line in desk.journal(ticket))


def test_where_the_history_is_not_readable_a_change_of_unknown_author_is_left_alone(make_desk):
    desk = make_desk(priority_lookup=False)
    desk.world.deny("sys_audit", account="itsm.sync")
    desk.rules("communications: []\n", words=WRITABLE)
    ticket = desk.report(impact="2", urgency="2")
    desk.cycle(times=2)
    desk.change(ticket, by="ida", priority="1")
    desk.change(ticket, by="system", short_description="changed once more")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["priority"] == "1"
    assert any("somebody chose priority" in line for line in desk.journal(ticket))


def test_a_change_between_our_reading_and_our_writing_is_seen_afterwards(make_desk):
    desk = make_desk(priority_lookup=False)
    desk.rules("communications: []\n", words=WRITABLE)
    ticket = desk.report(impact="2", urgency="2")
    opened = desk.desk()
    tell = opened.tell

    def somebody_is_faster(what: str, count: int) -> None:
        if what == "planned":
            desk.world.update("incident", ticket, {"urgency": "1"}, by="kari")
            opened.tell = tell

    opened.tell = somebody_is_faster
    desk.cycle()
    assert desk.ticket(ticket)["priority"] == "3"
    desk.cycle()
    assert desk.ticket(ticket)["priority"] == "2"


ROUTES = """
routes:
  - {name: payments, when: {category: payments}, assign: {team: payments}}
  - {name: rest, assign: {team: desk}}
communications: []
"""


def test_a_ticket_without_a_team_gets_the_one_of_the_first_route_that_matches(desk):
    desk.rules(ROUTES)
    ticket = desk.report(category="payments", impact="2", urgency="2")
    desk.cycle()
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Payments")


def test_a_team_that_a_person_chose_is_left_whatever_the_facts(desk):
    desk.rules(ROUTES)
    ticket = desk.report(by="ida", assignment_group=desk.group("Web"), impact="2", urgency="2")
    desk.cycle(times=2)
    desk.change(ticket, category="payments")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Web")


def test_a_team_that_we_chose_follows_the_facts_of_the_route(desk):
    desk.rules(ROUTES)
    ticket = desk.report(impact="2", urgency="2")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Service Desk")
    desk.change(ticket, category="payments")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Payments")


def test_a_team_that_a_person_put_in_place_of_ours_stays(desk):
    desk.rules(ROUTES)
    ticket = desk.report(impact="2", urgency="2")
    desk.cycle(times=2)
    desk.change(ticket, assignment_group=desk.group("Web"))
    desk.cycle(times=2)
    desk.change(ticket, category="payments")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Web")


def test_a_team_that_the_platform_put_there_at_creation_is_no_persons(desk):
    desk.rules(ROUTES)
    ticket = desk.report(by="kari", category="payments", assignment_group=desk.group("Service Desk"), impact="2")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Payments")


CLASSIFY = """
services:
  booking: {name: Online Booking, team: web, business_value: critical}
classify:
  - {name: booking, when: {category: booking}, set: {service: booking}}
  - {name: demand, when: {category: wish}, set: {labels: demand}}
communications: []
"""


def test_a_service_that_somebody_took_away_is_not_filled_in_again(desk):
    desk.world.add_service("Online Booking")
    desk.rules(CLASSIFY)
    ticket = desk.report(category="booking", impact="2", urgency="2")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["business_service"] == desk.world.find("cmdb_ci_service", name="Online Booking")
    desk.change(ticket, business_service="")
    desk.cycle(times=3)
    assert desk.ticket(ticket)["business_service"] == ""


def test_labels_are_added_to_those_that_are_there(desk):
    desk.rules(CLASSIFY)
    ticket = desk.report(category="wish", u_labels="blue,green")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["u_labels"] == "blue,green,demand"


def test_a_value_of_ours_that_a_person_took_away_and_put_back_is_theirs(desk):
    desk.rules("classify:\n  - {name: risky, set: {risk: security}}\n")
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle()
    assert desk.ticket(ticket)["u_risk"] == "security"
    desk.change(ticket, by="ida", u_risk="legal")
    desk.change(ticket, by="ida", u_risk="security")
    desk.cycle()
    desk.rules("classify:\n  - {name: risky, set: {risk: data_loss}}\n")
    desk.cycle(times=3)
    assert desk.ticket(ticket)["u_risk"] == "security"
