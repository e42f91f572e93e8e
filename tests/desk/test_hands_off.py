"""Hands off: a ticket on hold, how long a person's choice stands, shares of the tickets, who overrules which rule."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sync import main

RULES = """
routes:
  - {name: rest, assign: {team: desk}}
"""
FLOOR = """
adjust:
  - {name: danger, when: {risk: security}, at_least: P2}
"""
HOUR = 3600


class TestAHold:
    @pytest.fixture
    def desk(self, desk):
        desk.rules(RULES + "hold: {sn: u_labels=no-automation}\n")
        return desk

    def test_keeps_the_service_from_changing_and_saying_anything(self, desk):
        ticket = desk.report("kari", impact="2", urgency="2", u_labels="no-automation")
        desk.cycle(times=3)
        assert (desk.writes(), desk.said(ticket)) == ([], [])
        assert desk.journal(ticket) == ["left ticket hold: hands off: somebody put this ticket on hold"]

    def test_takes_back_what_was_planned_before_somebody_put_it_there(self, desk):
        ticket = desk.report("kari", impact="2", urgency="2")
        desk.clock.advance(seconds=60)
        desk.desk().cycle(write=False)
        desk.change(ticket, u_labels="no-automation")
        desk.cycle()
        assert (desk.writes(), desk.desk().store.status().waiting) == ([], {})

    def test_ends_when_it_is_taken_away_and_then_all_goes_on(self, desk):
        ticket = desk.report("kari", impact="2", urgency="2", u_labels="no-automation")
        desk.cycle()
        desk.change(ticket, u_labels="")
        desk.cycle()
        assert (len(desk.said(ticket)), desk.ticket(ticket)["assignment_group"]) == (1, desk.group("Service Desk"))

    def test_on_a_field_that_is_not_there_stops_the_connection(self, desk):
        desk.rules(RULES + "hold: {sn: u_hands_off=true}\n")
        desk.report("kari", impact="2", urgency="2")
        (problem,) = desk.desk().cycle().problems.values()
        assert "u_hands_off" in problem


class TestAPersonsPriority:
    def overruled(self, desk, rules):
        """Let the service set a priority, a person another one, and return the ticket."""
        desk.rules(FLOOR + RULES + rules)
        ticket = desk.report("kari", impact="2", urgency="2", u_risk="security")
        desk.cycle()
        assert desk.ticket(ticket)["priority"] == "2"
        desk.change(ticket, by="ida", urgency="3")
        desk.cycle()
        return ticket

    def new_facts(self, desk, ticket):
        desk.change(ticket, by="ida", u_risk="")
        desk.cycle()
        desk.change(ticket, by="ida", u_risk="security")
        desk.cycle(times=2)

    def test_stands_until_the_facts_change_where_the_desk_says_nothing(self, desk):
        ticket = self.overruled(desk, "")
        assert desk.ticket(ticket)["priority"] == "4"

    def test_stands_always_where_the_desk_says_so(self, desk):
        ticket = self.overruled(desk, "people_win: always\n")
        self.new_facts(desk, ticket)
        assert desk.ticket(ticket)["priority"] == "4"

    def test_stands_for_a_set_time_and_then_the_rules_count_again_without_a_change(self, desk):
        ticket = self.overruled(desk, "people_win: 4h\n")
        desk.clock.advance(seconds=3 * HOUR)
        desk.cycle(times=2)
        assert desk.ticket(ticket)["priority"] == "4"
        desk.clock.advance(seconds=1 * HOUR)
        desk.cycle(times=2)
        assert desk.ticket(ticket)["priority"] == "2"
        before = desk.writes()
        desk.cycle(times=3)
        assert (bool(before), desk.writes()) == (True, [])

    def test_stands_for_the_same_time_once_more_when_they_insist(self, desk):
        ticket = self.overruled(desk, "people_win: 4h\n")
        desk.clock.advance(seconds=4 * HOUR)
        desk.cycle(times=2)
        desk.change(ticket, by="ida", urgency="3")
        desk.cycle(times=2)
        assert desk.ticket(ticket)["priority"] == "4"
        desk.clock.advance(seconds=4 * HOUR)
        desk.cycle(times=2)
        assert desk.ticket(ticket)["priority"] == "2"

    def test_that_was_to_be_replaced_when_its_time_was_over_stays_where_somebody_dropped_that(self, desk):
        ticket = self.overruled(desk, "people_win: 1h\nbrakes: {tickets_per_hour: 0}\n".replace("0}", "1}"))
        desk.report("kari", impact="2", urgency="2")
        desk.clock.advance(seconds=2 * HOUR)
        desk.report("kari", impact="2", urgency="2")
        desk.cycle()
        store = desk.desk().store
        assert store.office().drop([f"sn/{desk.ticket(ticket)['number']}"]) == 1
        for text in ("Still broken", "And again"):
            desk.change(ticket, by="ida", short_description=text)
            desk.cycle()
        assert desk.ticket(ticket)["priority"] == "4"

    def test_is_counted_against_the_rule_that_had_asked_for_another(self, desk):
        ticket = self.overruled(desk, "")
        assert desk.desk().store.status().overruled == (("danger", 1),)
        assert any(line.startswith("overruled ticket danger: ida changed urgency") for line in desk.journal(ticket))
        desk.cycle(times=3)
        assert desk.desk().store.status().overruled == (("danger", 1),)

    def test_is_explained_with_until_when_it_stands(self, desk):
        ticket = self.overruled(desk, "people_win: 4h\n")
        number = desk.ticket(ticket)["number"]
        desk.close()
        said = CliRunner().invoke(main, ["explain", f"sn/{number}", "-w", str(desk.folder)]).output
        assert "urgency: low  (changed 2026-11-24 09:02Z by ida, stands for 4h)" in said


class TestAShare:
    @pytest.mark.long
    def test_of_a_rule_acts_on_so_many_tickets_and_always_the_same_ones(self, desk):
        desk.rules("classify:\n  - {name: try, share: 30%, set: {labels: [tried]}}\n" + RULES)
        tickets = [desk.report("kari", impact="2", urgency="2") for _ in range(100)]
        desk.cycle()
        tried = {ticket for ticket in tickets if desk.ticket(ticket)["u_labels"] == "tried"}
        assert 15 <= len(tried) <= 45
        desk.lose_the_store()
        desk.rules("classify:\n  - {name: try, share: 60%, set: {labels: [tried]}}\n" + RULES)
        desk.cycle()
        more = {ticket for ticket in tickets if desk.ticket(ticket)["u_labels"] == "tried"}
        assert tried < more

    def test_of_a_connection_is_acted_on_and_the_rest_only_observed(self, desk):
        desk.rules(RULES, more="share: 50%")
        tickets = [desk.report("kari", impact="2", urgency="2") for _ in range(40)]
        desk.cycle()
        told = {ticket for ticket in tickets if desk.said(ticket)}
        assert 8 <= len(told) <= 32
        silent = next(ticket for ticket in tickets if ticket not in told)
        assert any(line.startswith("observed route rest") for line in desk.journal(silent))
