"""The platforms' own clocks, as far as a workspace names them: read with the tickets, and missed by `check`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from connectors.jira_service_management.slas import sla
from connectors.sandbox import serve
from rules.model import Sla
from tests.connectors import jira_desk, servicenow_desk
from tests.connectors.contract import read
from tests.connectors.jira_desk import JiraDesk

HOUR = timedelta(hours=1)
RESOLVE = "Resolve P1"
SECONDS = 4 * 3600


@pytest.fixture(params=["Cloud", "Server"])
def jira(request: pytest.FixtureRequest) -> Iterator[JiraDesk]:
    desk = JiraDesk(request.param)
    with serve(desk.site) as desk.url:
        yield desk


class TestJira:
    def clock(self, jira: JiraDesk, id: str, name: str = "Time to resolution") -> tuple[Sla, ...]:
        field = jira.site.field(name).id
        return jira_desk.one(jira.started(slas={"resolve": field}), id).slas

    def test_a_clock_that_never_started_is_none(self, jira):
        assert self.clock(jira, jira.new("a ticket")) == ()

    def test_a_running_clock_says_when_it_runs_out(self, jira):
        id = jira.new("a ticket")
        jira.site.start_sla(id, "Time to resolution", 4 * HOUR)
        jira.pass_time(3600)
        field = jira.site.field("Time to resolution").id
        due = jira.clock() + 3 * HOUR
        assert self.clock(jira, id) == (Sla(field, "Time to resolution", SECONDS, 3600, due, "running", False),)

    def test_a_paused_clock_and_a_stopped_one_run_out_at_no_time(self, jira):
        id = jira.new("a ticket")
        jira.site.start_sla(id, "Time to resolution", HOUR)
        jira.pass_time(600)
        jira.site.pause_sla(id, "Time to resolution")
        jira.pass_time(7200)
        (paused,) = self.clock(jira, id)
        assert (paused.state, paused.due, paused.used, paused.breached) == ("paused", None, 600, False)
        jira.site.resume_sla(id, "Time to resolution")
        jira.pass_time(3600)
        jira.site.stop_sla(id, "Time to resolution")
        (stopped,) = self.clock(jira, id)
        assert (stopped.state, stopped.due, stopped.used, stopped.breached) == ("stopped", None, 4200, True)

    def test_a_clock_that_was_started_again_is_the_new_one(self, jira):
        id = jira.new("a ticket")
        jira.site.start_sla(id, "Time to resolution", HOUR)
        jira.site.stop_sla(id, "Time to resolution")
        jira.site.start_sla(id, "Time to resolution", 4 * HOUR)
        (clock,) = self.clock(jira, id)
        assert (clock.state, clock.target) == ("running", SECONDS)

    def test_an_error_in_place_of_a_clock_is_none(self, jira):
        id = jira.new("a ticket")
        jira.site.break_sla(id, "Time to resolution")
        assert self.clock(jira, id) == ()

    def test_it_takes_no_request_of_its_own(self, jira):
        id = jira.new("a ticket")
        jira.site.start_sla(id, "Time to resolution", HOUR)
        connector = jira.started(slas={"resolve": jira.site.field("Time to resolution").id})
        before = len(jira.asked())
        tickets, _ = read(connector, "incident")
        assert len(jira.asked()) == before + 1
        assert tickets[0].slas

    def test_check_names_fields_that_hold_no_clock_and_clocks_that_jira_cannot_read(self, jira, rulebook):
        id = jira.new("a ticket")
        jira.site.break_sla(id, "Time to resolution")
        resolve = jira.site.field("Time to resolution").id
        connector = jira.connect(slas={"resolve": resolve, "respond": "customfield_1"})
        texts = [f"{one.text} → {one.mend}" for one in connector.check(rulebook) if one.weight == "warning"]
        assert any("no field 'customfield_1' holds a clock" in text and resolve in text for text in texts)
        assert any(f"Jira cannot read its own clock '{resolve}'" in text for text in texts)

    @pytest.mark.parametrize(
        "value",
        [None, [], "x", {"ongoingCycle": 7}, {"completedCycles": [None]}, {"ongoingCycle": {}, "completedCycles": 1}],
    )
    def test_what_is_no_clock_is_none(self, value):
        assert sla("customfield_1", value) is None

    def test_a_clock_of_odd_numbers_runs_out_at_no_time(self):
        cycle = {"breachTime": {"epochMillis": 10**400}, "goalDuration": {"millis": 10**400}, "elapsedTime": None}
        assert sla("f", {"ongoingCycle": cycle}) == Sla("f", "f", 10**9, 0, None, "running", False)


class TestServiceNow:
    def clocks(self, desk, started, id: str) -> tuple[Sla, ...]:
        return servicenow_desk.one(started(slas={"resolve": RESOLVE}), id).slas

    def test_a_running_clock_says_when_it_runs_out_and_nothing_of_what_is_stale(self, desk, started):
        id = desk.new("a ticket")
        due = desk.clock() + 4 * HOUR
        desk.world.add_sla(id, RESOLVE, 4 * HOUR)
        desk.world.add_sla(id, "Another", HOUR)
        assert self.clocks(desk, started, id) == (Sla(RESOLVE, RESOLVE, SECONDS, None, due, "running", False),)

    @pytest.mark.parametrize(
        ("stage", "active", "state"),
        [("paused", True, "paused"), ("completed", False, "stopped"), ("breached", True, "running")],
    )
    def test_its_stage_says_whether_it_runs(self, desk, started, stage, active, state):
        id = desk.new("a ticket")
        row = desk.world.add_sla(id, RESOLVE, 4 * HOUR)
        desk.world.update("task_sla", row, {"stage": stage, "active": active, "has_breached": stage == "breached"})
        (clock,) = self.clocks(desk, started, id)
        assert (clock.state, clock.breached) == (state, stage == "breached")
        assert (clock.due is None) == (state != "running")

    def test_a_cancelled_clock_gives_way_to_the_one_after_it(self, desk, started):
        id = desk.new("a ticket")
        row = desk.world.add_sla(id, RESOLVE, HOUR)
        desk.world.update("task_sla", row, {"stage": "cancelled", "active": False})
        assert self.clocks(desk, started, id) == ()
        desk.pass_time(60)
        desk.world.add_sla(id, RESOLVE, 4 * HOUR)
        (clock,) = self.clocks(desk, started, id)
        assert clock.due == desk.clock() + 4 * HOUR

    def test_clocks_that_we_may_not_read_are_none(self, desk, started):
        id = desk.new("a ticket")
        desk.world.add_sla(id, RESOLVE, HOUR)
        desk.world.deny("task_sla")
        assert self.clocks(desk, started, id) == ()

    def test_a_page_takes_one_request_more_and_none_where_no_clock_is_named(self, desk, started):
        for number in range(5):
            desk.world.add_sla(desk.new(f"ticket {number}"), RESOLVE, HOUR)
        requests = []
        for connector in (started(), started(slas={"resolve": RESOLVE})):
            before = len(desk.asked())
            tickets, _ = read(connector, "incident")
            requests.append(len(desk.asked()) - before)
        assert requests == [1, 2]
        assert [len(ticket.slas) for ticket in tickets] == [1] * 5

    def test_check_names_definitions_that_are_not_there(self, desk, rulebook):
        desk.world.add_sla(desk.new("a ticket"), RESOLVE, HOUR)
        connector = desk.connect(slas={"resolve": RESOLVE, "respond": "Respond^active=true"})
        texts = [one.text for one in connector.check(rulebook) if "counted by us" in one.text]
        assert texts == ["no definition of an SLA is called 'Respond^active=true': respond is counted by us"]

    def test_check_says_which_clocks_any_public_comment_stops(self, desk, rulebook):
        desk.world.add_sla(desk.new("a ticket"), "Respond P1", HOUR)
        definition = desk.world.find("contract_sla", name="Respond P1")
        stop = {"collection": "incident", "active": True, "stop_condition": "commentsVALCHANGES^EQ"}
        desk.world.update("contract_sla", definition, stop)
        assert not any("Respond P1" in one.text for one in desk.connect().check(rulebook))
        rulebook.timed.rules = (rule_for_requesters(),)
        assert any("stops ServiceNow's own Respond P1" in one.text for one in desk.connect().check(rulebook))


def rule_for_requesters() -> object:
    return SimpleNamespace(name="soon", on="", to=("requester",))
