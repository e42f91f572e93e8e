"""A platform that limits us: nothing is lost, the urgent goes first, and a busy platform is no fault of a ticket."""

from __future__ import annotations

import pytest

from connectors.sandbox import Fault
from connectors.sandbox.servicenow.limits import RateLimit

RULES = """
routes:
  - {name: rest, assign: {team: desk}}
"""
URGENT = {"impact": "1", "urgency": "1"}
USUAL = {"impact": "2", "urgency": "2"}


@pytest.fixture
def desk(desk):
    desk.rules(RULES)
    desk.cycle()
    return desk


def written(desk, tickets):
    return [bool(desk.ticket(ticket).get("assignment_group")) for ticket in tickets]


def cycles(desk, count, apart=60.0):
    """Run cycles whatever they report."""
    for _ in range(count):
        desk.clock.advance(seconds=apart)
        report = desk.desk().cycle()
    return report


def test_a_limit_of_hours_fails_no_action_and_asks_nothing_meanwhile(desk):
    ticket = desk.report("kari", **USUAL)
    desk.world.faults.add(Fault("429", method="PATCH", seconds=4 * 3600))
    cycles(desk, 1)
    assert desk.desk().store.status().waiting == {"planned": 2}
    before = len(desk.world.requests)
    cycles(desk, 60)
    assert len(desk.world.requests) == before
    assert list(desk.desk().store.status().limits) == ["sn"]
    cycles(desk, 1, apart=4 * 3600)
    assert (written(desk, [ticket]), len(desk.said(ticket))) == ([True], 1)
    assert desk.desk().store.status().limits == {}


def test_what_is_left_of_an_allowance_is_kept_for_the_urgent(desk):
    desk.clock.advance(seconds=3600 - desk.clock().minute * 60)
    desk.world.limits.add(RateLimit("rest", per_hour=30))
    usual = [desk.report("kari", **USUAL) for _ in range(40)]
    cycles(desk, 1)
    before = sum(written(desk, usual))
    assert 15 <= before < 40
    urgent = [desk.report("vera", **URGENT)]
    cycles(desk, 1)
    assert (written(desk, urgent), sum(written(desk, usual))) == ([True], before)
    cycles(desk, 3, apart=3600)
    assert all(written(desk, usual))
    assert {len(desk.said(ticket)) for ticket in usual} == {1}
    assert all(request.status != 429 for request in desk.world.requests)


@pytest.mark.long
def test_an_outage_of_hours_costs_few_requests_and_parks_nothing(desk):
    ticket = desk.report("kari", **USUAL)
    desk.world.faults.add(Fault("503", times=10_000))
    before = len(desk.world.requests)
    cycles(desk, 180)
    assert len(desk.world.requests) - before < 60
    desk.world.faults.clear()
    cycles(desk, 20)
    assert (written(desk, [ticket]), len(desk.said(ticket))) == ([True], 1)
    assert desk.desk().store.status().parked == ()
