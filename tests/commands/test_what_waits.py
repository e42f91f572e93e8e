"""What an admin does about what waits: release, drop, retry, stop and resume, while the service may be running."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Run, Served
from small_desk import ROUTE, instance, lay_out, report, team_of

from commands.workspace import now
from connectors.sandbox.servicenow import World
from connectors.state.lock import Lock


@pytest.fixture
def world() -> World:
    return instance()


@pytest.fixture
def desk(folder: Path, world: World, serve_world: Served) -> Path:
    """Return a workspace that lets one ticket an hour be written."""
    return lay_out(folder, serve_world(world), ROUTE + "brakes: {tickets_per_hour: 1}\n")


@pytest.fixture
def tickets(run: Run, desk: Path, world: World) -> list[str]:
    """Return two tickets whose plan the brakes hold, as `once` has just said."""
    tickets = [report(world), report(world)]
    said = run("once", "-w", desk).output
    assert "plan 1 is held, over tickets_per_hour: 1: 4 actions on 2 tickets\n  itsm-sync release 1 lets it go" in said
    return tickets


def teams(world: World, tickets: list[str]) -> list[str]:
    return [team_of(world, ticket) for ticket in tickets]


def refusing(world: World) -> set[str]:
    """Take our account's right to write incidents, and return its roles."""
    roles = world.accounts["itsm.sync"].roles
    roles.discard("sn_incident_write")
    return roles


def test_status_shows_what_is_held_and_what_to_do_about_it(run: Run, desk: Path, tickets: list[str]):
    lines = run("status", "-w", desk).output.splitlines()
    at = lines.index("plan 1 is held, over tickets_per_hour: 1: 4 actions on 2 tickets")
    assert lines[at + 1] == "  itsm-sync release 1 lets it go, drop 1 forgets it"
    assert "4 actions held" in lines
    held = json.loads(run("status", "-w", desk, "--json").output)["held"]
    assert held == [{"plan": 1, "tickets": 2, "actions": 4, "why": "over tickets_per_hour: 1"}]


def test_a_plan_that_is_released_goes_in_the_next_cycle(run: Run, desk: Path, world: World, tickets: list[str]):
    assert "4 actions released; the next cycle sends them." in run("release", "1", "-w", desk).output
    run("once", "-w", desk)
    assert teams(world, tickets) == ["Web", "Web"]
    assert "held" not in run("status", "-w", desk).output


def test_one_ticket_of_a_plan_may_be_released(run: Run, desk: Path, world: World, tickets: list[str]):
    run("release", "sn/INC0010002", "-w", desk)
    run("once", "-w", desk)
    assert teams(world, tickets) == ["", "Web"]


def test_a_plan_that_is_dropped_never_goes(run: Run, desk: Path, world: World, tickets: list[str]):
    assert "4 actions dropped; they will not be done." in run("drop", "1", "-w", desk).output
    run("once", "-w", desk)
    assert teams(world, tickets) == ["", ""]
    assert " ".join(run("explain", "sn/INC0010001", "-w", desk).output.split()).count("dropped by a person") == 2


def test_what_was_refused_is_tried_again_when_somebody_says_so(
    run: Run, folder: Path, world: World, serve_world: Served
):
    desk = lay_out(folder, serve_world(world))
    ticket, roles = report(world), refusing(world)
    run("once", "-w", desk)
    roles.add("sn_incident_write")
    run("once", "-w", desk)
    assert team_of(world, ticket) == ""
    assert "2 actions to be tried again in the next cycle." in run("retry", "sn/INC0010001", "-w", desk).output
    run("once", "-w", desk)
    assert team_of(world, ticket) == "Web"
    assert run("retry", "--all", "-w", desk).exit_code == 1


def test_what_was_refused_may_be_dropped(run: Run, folder: Path, world: World, serve_world: Served):
    desk = lay_out(folder, serve_world(world))
    report(world)
    refusing(world)
    run("once", "-w", desk)
    run("drop", "sn/INC0010001", "-w", desk)
    assert "parked" not in run("status", "-w", desk).output.splitlines()[-1]


def test_stop_holds_all_writing_until_resume(run: Run, folder: Path, world: World, serve_world: Served):
    desk = lay_out(folder, serve_world(world))
    run("once", "-w", desk)
    assert run("stop", "-w", desk).output == "Stopped: nothing is written until itsm-sync resume.\n"
    ticket = report(world)
    assert "writing is stopped: itsm-sync resume lets it go on" in run("once", "-w", desk).output
    assert f"Writing is stopped since {now():%Y-%m-%d}" in run("status", "-w", desk).output
    run("resume", "-w", desk)
    run("once", "-w", desk)
    assert team_of(world, ticket) == "Web"


def test_all_of_it_works_beside_a_service_that_holds_the_store(run: Run, desk: Path, tickets: list[str]):
    with Lock(desk / "itsm-sync.db").acquire(wait=False):
        for arguments in (["stop"], ["resume"], ["release", "sn/INC0010001"], ["drop", "sn/INC0010002"]):
            assert run(*arguments, "-w", desk).exit_code == 0
        assert run("revert", "1", "-w", desk).exit_code == 3


@pytest.mark.parametrize("arguments", [["release", "twelve"], ["drop", "INC0010001"], ["retry", "-"], ["retry"]])
def test_a_name_that_can_be_neither_a_plan_nor_a_ticket_is_told(run: Run, desk: Path, tickets, arguments):
    result = run(*arguments, "-w", desk)
    assert result.exit_code == 2
    assert "CONNECTION/KEY" in result.output


@pytest.mark.parametrize("arguments", [["release", "7"], ["drop", "sn/INC9"], ["retry", "sn/INC0010001"]])
def test_where_nothing_waits_that_is_said(run: Run, desk: Path, tickets, arguments):
    result = run(*arguments, "-w", desk)
    assert result.exit_code == 1
    assert f"nothing of {arguments[1]} waits: itsm-sync status shows what does" in result.output


@pytest.mark.parametrize("arguments", [["release", "1"], ["drop", "1"], ["retry", "--all"], ["stop"], ["resume"]])
def test_without_a_store_there_is_nothing_to_do_and_none_is_made(run: Run, desk: Path, arguments):
    result = run(*arguments, "-w", desk)
    assert result.exit_code == 3
    assert "run itsm-sync once" in result.output
    assert not list(desk.glob("itsm-sync.db*"))


def test_explain_shows_what_waits_on_a_ticket_and_why(run: Run, desk: Path, tickets: list[str]):
    said = " ".join(run("explain", "sn/INC0010001", "-w", desk).output.split())
    held = "in plan 1: over tickets_per_hour: 1"
    assert f"What waits held team: web {held} held message received to requester in nb {held} What would" in said
    waiting = json.loads(run("explain", "sn/INC0010001", "-w", desk, "--json").output)["waiting"]
    assert next((one["state"], one["action"], one["plan"]) for one in waiting) == ("held", "team: web", 1)


def test_a_dry_run_says_what_the_brakes_would_hold(run: Run, desk: Path, world: World):
    for _ in range(2):
        report(world)
    result = run("once", "-w", desk, "--dry-run")
    assert "The brakes would hold 4 actions on 2 tickets, over tickets_per_hour: 1." in result.output
    held = json.loads(run("once", "-w", desk, "--dry-run", "--json").output)["held"]
    assert [one["actions"] for one in held] == [4]
