"""What breaks outside: nothing is done twice, nothing is lost, and what needs a person is in plain sight."""

from __future__ import annotations

import pytest

from connectors.sandbox import Fault
from tests.canaries import PASSWORD
from tests.shares import one_of

SIMPLE = """
routes:
  - {name: rest, assign: {team: desk}}
"""


def done_once(desk, ticket):
    """Tell whether the ticket has its priority, its team and exactly one first message."""
    record = desk.ticket(ticket)
    return (
        record["priority"] == "3",
        record.get("assignment_group") == desk.group("Service Desk"),
        len(desk.said(ticket)),
    )


def settle(desk, cycles=8):
    """Run cycles a minute apart whatever they report."""
    for _ in range(cycles):
        desk.clock.advance(seconds=60)
        desk.desk().cycle()


class TestAWrite:
    def test_whose_connection_broke_after_it_was_done_is_not_repeated(self, desk):
        desk.rules(SIMPLE)
        ticket = desk.report("vera", impact="2", urgency="2")
        desk.world.faults.add(Fault(kind="broken_after", method="PATCH"))
        settle(desk)
        assert done_once(desk, ticket) == (True, True, 1)
        assert len(desk.writes()) == 1

    def test_that_never_arrived_is_repeated_after_it_had_time_to_settle(self, desk):
        desk.rules(SIMPLE)
        ticket = desk.report("vera", impact="2", urgency="2")
        desk.world.faults.add(Fault(kind="broken_before", method="PATCH"))
        settle(desk, cycles=2)
        assert desk.said(ticket) == []
        settle(desk)
        assert done_once(desk, ticket) == (True, True, 1)

    def test_that_is_applied_long_after_its_connection_broke_is_not_repeated(self, desk):
        desk.rules(SIMPLE)
        ticket = desk.report("vera", impact="2", urgency="2")
        desk.world.faults.add(Fault(kind="late", method="PATCH", seconds=80))
        settle(desk)
        assert done_once(desk, ticket) == (True, True, 1)

    def test_that_was_on_its_way_when_the_process_died_is_looked_up_first(self, desk, monkeypatch):
        desk.rules(SIMPLE)
        ticket = desk.report("vera", impact="2", urgency="2")

        def dies(*_arguments):
            raise KeyboardInterrupt

        monkeypatch.setattr("connectors.state.store.Store.confirm", dies)
        desk.clock.advance(seconds=60)
        with pytest.raises(KeyboardInterrupt):
            desk.desk().cycle()
        monkeypatch.undo()
        monkeypatch.setenv("SERVICENOW_PASSWORD", PASSWORD)
        desk.close()
        settle(desk)
        assert done_once(desk, ticket) == (True, True, 1)

    def test_of_unknown_outcome_without_a_mark_is_found_by_its_text(self, desk):
        desk.rules(SIMPLE, words="fields: {labels: u_labels}\n  other:")
        text = (desk.folder / "desk.yaml").read_text().replace("mark: u_itsm_sync, ", "").replace("\n  other:", "")
        (desk.folder / "desk.yaml").write_text(text.replace("    fields: {labels: u_labels}\n", ""))
        ticket = desk.report("vera", impact="2", urgency="2")
        desk.world.faults.add(Fault(kind="broken_after", method="PATCH"))
        settle(desk)
        assert done_once(desk, ticket) == (True, True, 1)

    @pytest.mark.parametrize("kind", ["429", "503", "html", "half"])
    def test_that_the_platform_could_not_take_is_done_later_and_once(self, desk, kind):
        desk.rules(SIMPLE)
        ticket = desk.report("vera", impact="2", urgency="2")
        desk.world.faults.add(Fault(kind=kind, method="PATCH", times=2))
        settle(desk, cycles=20)
        assert done_once(desk, ticket) == (True, True, 1)

    def test_that_a_business_rule_refuses_is_parked_and_others_go_on(self, desk):
        desk.rules(SIMPLE)
        refused, fine = (desk.report("vera", impact="2", urgency="2") for _ in range(2))
        desk.world.refuse("incident", "Not on Sundays", rows=f"sys_id={refused}")
        settle(desk)
        assert done_once(desk, fine) == (True, True, 1)
        parked = desk.desk().store.status().parked
        assert {one.ticket for one in parked} == {f"sn/{desk.ticket(refused)['number']}"}
        assert all("Not on Sundays" in one.error for one in parked)


@pytest.mark.parametrize("kind", one_of(2, ["429", "500", "503", "html", "half", "result_and_error", "broken_before"]))
def test_a_reading_that_fails_loses_nothing(desk, kind):
    desk.rules(SIMPLE)
    tickets = [desk.report("vera", impact="2", urgency="2") for _ in range(3)]
    desk.desk()
    desk.world.faults.add(Fault(kind=kind, method="GET", path="/table/incident", times=9))
    settle(desk, cycles=12)
    assert [done_once(desk, ticket) for ticket in tickets] == [(True, True, 1)] * 3


def test_a_ticket_that_was_changed_while_its_page_was_read_is_decided_as_it_is(desk):
    desk.rules(SIMPLE)
    ticket = desk.report("vera", impact="2", urgency="2")
    change = lambda: desk.world.update("incident", ticket, {"urgency": "1"}, by="vera")  # noqa: E731
    desk.world.faults.add(Fault(kind="changing", method="GET", path="/table/incident", do=change))
    settle(desk, cycles=3)
    assert desk.ticket(ticket)["priority"] == "2"


def test_a_group_that_goes_while_we_run_costs_nobody_their_message(desk):
    desk.rules(SIMPLE)
    desk.cycle()
    desk.world.delete("sys_user_group", desk.group("Service Desk"))
    ticket = desk.report("vera", impact="2", urgency="2")
    settle(desk, cycles=3)
    assert len(desk.said(ticket)) == 1
    assert any("team" in parked.key for parked in desk.desk().store.status().parked)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{groups: {sn: Web}}", "{groups: {sn: Wib}}", "Wib"),
        ("labels: u_labels", "labels: u_lebels", "u_lebels"),
        ("kinds: {incident: incident}", "kinds: {incident: incidont}", "incidont"),
        ("fields: {mark", 'values: {impact: {extensive: "77"}}\n    fields: {mark', "77"),
        ("user: itsm.sync", "user: somebody", "credentials"),
    ],
)
def test_a_workspace_that_does_not_fit_the_platform_is_one_line_and_nothing_is_written(desk, old, new, told):
    desk.rules(SIMPLE)
    text = (desk.folder / "desk.yaml").read_text()
    assert old in text
    (desk.folder / "desk.yaml").write_text(text.replace(old, new))
    desk.report("vera", impact="2", urgency="2")
    report = desk.desk().cycle()
    (problem,) = report.problems.values()
    assert told in problem
    assert len(problem.splitlines()) == 1
    assert desk.writes() == []


def test_a_ticket_with_an_impact_that_the_words_do_not_know_is_left_alone_in_that_stage_only(desk):
    desk.rules(SIMPLE)
    ticket = desk.report("vera", impact="9", urgency="2")
    settle(desk, cycles=2)
    assert "undecided prioritise matrix: impact '9' is not in the value map" in desk.journal(ticket)
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Service Desk")
