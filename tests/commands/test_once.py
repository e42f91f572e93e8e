"""What `itsm-sync once` does, says and leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import PASSWORD, Run, Served, texts
from small_desk import instance, lay_out, report, team_of

from connectors.sandbox import Fault
from connectors.sandbox.servicenow import World
from connectors.state.lock import Lock


@pytest.fixture
def world() -> World:
    return instance()


@pytest.fixture
def desk(folder: Path, world: World, serve_world: Served) -> Path:
    """Return a workspace whose ServiceNow is being served."""
    return lay_out(folder, serve_world(world))


def test_a_ticket_is_looked_after_and_counted(run: Run, desk: Path, world: World):
    ticket = report(world)
    result = run("once", "-w", desk)
    assert result.exit_code == 0
    assert result.output == (
        "1 tickets read, 1 decided, 2 actions planned, 1 tickets written, 1 messages sent, "
        "0 to be tried again, 0 parked.\n"
    )
    assert team_of(world, ticket) == "Web"


def test_a_second_time_there_is_nothing_to_do(run: Run, desk: Path, world: World):
    report(world)
    run("once", "-w", desk)
    before = len([request for request in world.requests if request.method == "PATCH"])
    counts = json.loads(run("once", "-w", desk, "--json").output)["counts"]
    assert (counts["planned"], counts["written"]) == (0, 0)
    assert len([request for request in world.requests if request.method == "PATCH"]) == before == 1


def test_json_holds_counts_and_problems_and_no_other_line(run: Run, desk: Path, world: World):
    report(world)
    said = json.loads(run("once", "-w", desk, "--json").output)
    assert said["counts"]["written"] == 1
    assert (said["problems"], said["plan"]) == ({}, [])


def test_a_dry_run_shows_the_plan_with_its_rules(run: Run, desk: Path, world: World):
    report(world)
    lines = run("once", "-w", desk, "--dry-run").output.splitlines()
    assert lines[0] == "sn/INC0010001"
    assert lines[1:3] == ["  team: web", "    team: web (all, desk.yaml:13)"]
    assert "1 tickets would be written" in lines[-1]


def test_a_dry_run_names_rule_and_place_in_json(run: Run, desk: Path, world: World):
    report(world)
    first, second = json.loads(run("once", "-w", desk, "--dry-run", "--json").output)["plan"]
    assert (first["ticket"], first["action"], first["rule"]) == ("sn/INC0010001", "team: web", "all")
    assert second["action"] == "message received to requester in nb"


def test_a_dry_run_writes_nothing_and_leaves_no_file_behind(run: Run, desk: Path, world: World):
    report(world)
    before = texts(desk)
    run("once", "-w", desk, "--dry-run")
    assert texts(desk) == before
    assert {request.method for request in world.requests} == {"GET"}


def test_a_dry_run_changes_nothing_in_a_store_that_is_there(run: Run, desk: Path, world: World):
    run("once", "-w", desk)
    ticket = report(world)
    planned = [json.loads(run("once", "-w", desk, "--dry-run", "--json").output)["plan"] for _ in range(2)]
    assert len(planned[0]) == 2
    assert planned[0] == planned[1]
    run("once", "-w", desk)
    assert team_of(world, ticket) == "Web"


def test_a_workspace_with_errors_does_nothing_and_ends_with_2(run: Run, desk: Path, world: World):
    (desk / "rules.yaml").write_text("routse: []\n", encoding="utf-8")
    result = run("once", "-w", desk)
    assert result.exit_code == 2
    assert "rules.yaml:1:" in result.output
    assert world.requests == []
    assert not list(desk.glob("itsm-sync.db*"))


def test_a_wrong_password_ends_with_3_and_is_not_shown(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SERVICENOW_PASSWORD", PASSWORD[::-1])
    result = run("once", "-w", desk)
    assert result.exit_code == 3
    assert "correct the credentials" in result.output
    assert PASSWORD[::-1] not in result.output


def test_a_platform_that_is_away_ends_with_3_and_one_line(run: Run, desk: Path, world: World):
    world.faults.add(Fault(kind="503", times=100))
    result = run("once", "-w", desk)
    assert result.exit_code == 3
    (line,) = result.output.splitlines()
    assert "503" in line


def test_a_store_in_use_ends_with_3_and_is_not_touched(run: Run, desk: Path, world: World):
    with Lock(desk / "itsm-sync.db").acquire(wait=False):
        result = run("once", "-w", desk)
    assert result.exit_code == 3
    assert "is in use by process" in result.output
    assert world.requests == []
