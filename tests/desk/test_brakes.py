"""Brakes: what is over a limit waits for a person, is shown, and is never dropped by itself."""

from __future__ import annotations

import pytest

from rules.brakes import Brakes

RULES = """
routes:
  - {name: rest, assign: {team: desk}}
brakes: %s
"""
URGENT = {"impact": "1", "urgency": "1"}
USUAL = {"impact": "2", "urgency": "2"}


@pytest.fixture
def braked(desk):
    """Return a function that sets the brakes of a desk, and returns the desk."""

    def brake(limits):
        desk.rules(RULES % limits)
        return desk

    return brake


def reported(desk, count, by="kari", **values):
    return [desk.report(by, **(values or USUAL)) for _ in range(count)]


def written(desk, tickets):
    """Return how many of these tickets were given to a team."""
    return sum(bool(desk.ticket(ticket).get("assignment_group")) for ticket in tickets)


def held(desk):
    return [(plan.tickets, plan.actions, plan.why) for plan in desk.desk().store.status().held]


def office(desk):
    return desk.desk().store.office()


class TestTicketsPerHour:
    def test_a_plan_larger_than_the_limit_is_not_begun_at_all(self, braked):
        desk = braked("{tickets_per_hour: 3}")
        tickets = reported(desk, 4)
        report = desk.cycle()
        assert desk.writes() == []
        assert held(desk) == [(4, 8, "over tickets_per_hour: 3")]
        assert [plan.tickets for plan in report.held] == [4]
        assert desk.cycle().held == ()
        assert written(desk, tickets) == 0

    def test_what_is_over_the_rest_of_the_hour_waits_and_the_important_goes_first(self, braked):
        desk = braked("{tickets_per_hour: 3}")
        reported(desk, 2)
        desk.cycle()
        usual, urgent = reported(desk, 2), reported(desk, 1, **URGENT)
        desk.cycle()
        assert (written(desk, usual), written(desk, urgent)) == (0, 1)
        assert held(desk) == [(2, 4, "over tickets_per_hour: 3")]

    def test_the_hour_rolls(self, braked):
        desk = braked("{tickets_per_hour: 2}")
        reported(desk, 2)
        desk.cycle()
        desk.clock.advance(seconds=3600)
        later = reported(desk, 2)
        desk.cycle()
        assert written(desk, later) == 2

    def test_what_is_released_goes_as_the_tickets_are_by_then(self, braked):
        desk = braked("{tickets_per_hour: 1}")
        first, second = reported(desk, 2)
        desk.cycle()
        desk.change(second, by="ida", state="6", close_code="Solved", close_notes="Restarted")
        desk.cycle()
        (plan,) = desk.desk().store.status().held
        assert office(desk).release([str(plan.plan)]) == plan.actions
        desk.cycle(times=2)
        assert held(desk) == []
        assert [len(desk.said(ticket)) for ticket in (first, second)] == [1, 1]
        assert "løst" in desk.said(second)[0]

    def test_what_is_dropped_is_never_done_though_the_rules_go_on_asking(self, braked):
        desk = braked("{tickets_per_hour: 1}")
        tickets = reported(desk, 2)
        desk.cycle()
        assert office(desk).drop([str(desk.desk().store.status().held[0].plan)]) == 4
        for ticket in tickets:
            desk.change(ticket, by="ida", short_description="Still broken")
        desk.cycle(times=3)
        assert (desk.writes(), held(desk), desk.desk().store.status().waiting) == ([], [], {})
        assert any("dropped by a person" in line for line in desk.journal(tickets[0]))

    def test_what_a_person_let_go_is_not_held_against_what_comes_next(self, braked):
        desk = braked("{tickets_per_hour: 2}")
        reported(desk, 3)
        desk.cycle()
        office(desk).release()
        desk.cycle()
        later = reported(desk, 2, **URGENT)
        desk.cycle()
        assert written(desk, later) == 2

    def test_what_waits_for_a_connection_that_is_away_holds_no_other_back(self, braked):
        desk = braked("{tickets_per_hour: 2}")
        reported(desk, 2)
        desk.clock.advance(seconds=60)
        desk.desk().cycle(write=False)
        assert desk.desk().store.brake(9, desk.desk().book.brakes, ["another"]) == ()
        assert desk.desk().store.brake(9, Brakes(tickets_per_hour=1), ["sn"]) != ()

    def test_what_is_held_stays_held_when_its_ticket_is_decided_again(self, braked):
        desk = braked("{tickets_per_hour: 1}")
        first, _second = reported(desk, 2)
        desk.cycle()
        desk.change(first, by="ida", short_description="Still broken")
        desk.cycle(times=2)
        assert held(desk) == [(2, 4, "over tickets_per_hour: 1")]
        assert desk.writes() == []


class TestMessages:
    def test_over_the_hours_limit_wait_while_fields_are_written(self, braked):
        desk = braked("{messages_per_hour: 1}")
        tickets = reported(desk, 2)
        desk.cycle()
        assert written(desk, tickets) == 2
        assert sum(len(desk.said(ticket)) for ticket in tickets) == 0
        assert held(desk) == [(2, 2, "over messages_per_hour: 1")]

    def test_that_were_held_while_their_fields_were_written_are_sent_once_released(self, braked):
        desk = braked("{messages_per_hour: 1}")
        tickets = reported(desk, 2)
        desk.cycle()
        desk.change(tickets[0], by="ida", short_description="Still broken")
        desk.cycle()
        assert held(desk) == [(2, 2, "over messages_per_hour: 1")]
        office(desk).release()
        desk.cycle(times=2)
        assert [len(desk.said(ticket)) for ticket in tickets] == [1, 1]

    def test_to_people_without_an_account_are_not_one_persons(self, braked):
        desk = braked("{messages_per_person_per_day: 1}")
        for _ in range(3):
            desk.world.insert("incident", {"short_description": "Broken", **USUAL}, by="ida")
        desk.cycle()
        assert held(desk) == []

    def test_over_a_persons_day_wait_and_other_people_hear_theirs(self, braked):
        desk = braked("{messages_per_person_per_day: 2}")
        many, one = reported(desk, 3), reported(desk, 1, by="vera")
        desk.cycle()
        assert sum(len(desk.said(ticket)) for ticket in many) == 2
        assert len(desk.said(one[0])) == 1
        assert held(desk) == [(1, 1, "over messages_per_person_per_day: 2")]
        desk.clock.advance(seconds=24 * 3600)
        more = reported(desk, 2)
        desk.cycle()
        assert [len(desk.said(ticket)) for ticket in more] == [1, 1]

    def test_of_a_major_incident_do_not_count(self, braked):
        desk = braked("{tickets_per_hour: 5, messages_per_hour: 0, messages_per_person_per_day: 0}")
        ticket = desk.report("kari", **URGENT, major_incident_state="accepted")
        desk.cycle()
        assert len(desk.said(ticket)) == 1


class TestStopping:
    def test_nothing_is_written_until_somebody_resumes_and_nothing_is_lost(self, braked):
        desk = braked("{}")
        office(desk).stop()
        (ticket,) = reported(desk, 1)
        report = desk.cycle(times=3)
        assert (report.stopped, desk.writes()) == (True, [])
        office(desk).resume()
        assert desk.cycle().stopped is False
        assert len(desk.said(ticket)) == 1

    def test_it_takes_effect_between_two_writes(self, braked):
        desk = braked("{}")
        tickets = reported(desk, 3)
        connector = desk.desk().connectors["sn"]

        def write(write):
            office(desk).stop()
            return type(connector).write(connector, write)

        connector.write = write
        desk.cycle()
        assert written(desk, tickets) == 1


def test_a_default_desk_has_brakes(desk):
    desk.rules(RULES.replace("brakes: %s", "# brakes: as in the pack"))
    assert desk.desk().book.brakes == (300, 300, 20)


def test_an_important_ticket_is_written_before_one_that_came_first(desk):
    desk.rules(RULES % "{}")
    usual = desk.report("kari", **USUAL)
    desk.clock.advance(seconds=5)
    urgent = desk.report("vera", **URGENT)
    desk.cycle()
    patched = [request.path.rsplit("/", 1)[-1] for request in desk.world.requests if request.method == "PATCH"]
    assert patched == [urgent, usual]
