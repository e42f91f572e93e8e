"""What `itsm-sync explain` says about a ticket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Run, Served
from small_desk import instance, lay_out, report

from connectors.sandbox.servicenow import World

LONG = "A reason that goes on for so long that it cannot stand on one line of a terminal of any width."


@pytest.fixture
def world() -> World:
    return instance()


@pytest.fixture
def desk(folder: Path, world: World, serve_world: Served) -> Path:
    """Return a workspace whose ServiceNow is being served."""
    return lay_out(folder, serve_world(world), f"routes: [{{name: all, assign: {{team: web}}, because: {LONG}}}]\n")


def explained(run: Run, desk: Path, ticket: str = "sn/INC0010001") -> str:
    result = run("explain", ticket, "-w", desk)
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80
    return " ".join(result.output.split())


def test_what_was_done_and_by_which_rule(run: Run, desk: Path, world: World):
    report(world, category="x" * 40)
    run("once", "-w", desk)
    said = explained(run, desk)
    assert "team: web (ours; reported was nothing)" in said
    assert f"decided route: team: web. {LONG} (all, desk.yaml:13)" in said
    assert "done communicate: received sent to requester in nb" in said
    assert said.endswith("nothing would be written")


def test_a_ticket_that_no_cycle_has_seen_is_decided_now(run: Run, desk: Path, world: World):
    report(world)
    said = explained(run, desk)
    assert "would write team: web" in said
    assert {request.method for request in world.requests} == {"GET"}
    assert not list(desk.glob("itsm-sync.db*"))


def test_a_persons_choice_is_named_and_left_alone(run: Run, desk: Path, world: World):
    ticket = report(world)
    run("once", "-w", desk)
    world.update("incident", ticket, {"assignment_group": world.find("sys_user_group", name="Payments")}, by="ida")
    run("once", "-w", desk)
    said = explained(run, desk)
    assert "by ida)" in said
    assert "left route: ida chose the team" in said


def test_a_persons_choice_is_there_in_json(run: Run, desk: Path, world: World):
    ticket = report(world)
    run("once", "-w", desk)
    world.update("incident", ticket, {"assignment_group": world.find("sys_user_group", name="Payments")}, by="ida")
    run("once", "-w", desk)
    said = json.loads(run("explain", "sn/INC0010001", "-w", desk, "--json").output)
    assert (said["held"]["team"]["whose"], said["held"]["team"]["by"]) == ("person", "ida")
    assert said["now"]["actions"] == []
    assert {line["outcome"] for line in said["journal"]} >= {"decided", "done", "left"}


def test_a_long_value_without_blanks_stays_within_eighty_columns(run: Run, desk: Path, world: World):
    report(world, category="x" * 200)
    assert "x" * 40 in explained(run, desk)


def test_an_unknown_ticket_is_one_clear_line(run: Run, desk: Path):
    result = run("explain", "sn/INC0099999", "-w", desk)
    assert result.exit_code == 1
    assert result.output == (
        "Error: sn/INC0099999 is not visible to this account, and nothing was ever decided about it\n"
    )


@pytest.mark.parametrize("name", ["other/INC0010001", "INC0010001", "sn/"])
def test_a_name_without_a_known_connection_is_answered_by_those_there_are(run: Run, desk: Path, name: str):
    result = run("explain", name, "-w", desk)
    assert result.exit_code == 2
    assert "CONNECTION/KEY: sn/…" in result.output


def test_a_ticket_that_is_gone_keeps_its_story(run: Run, desk: Path, world: World):
    ticket = report(world)
    run("once", "-w", desk)
    world.delete("incident", ticket)
    said = explained(run, desk)
    assert "It is not visible to this account now." in said
    assert "done route: team is web" in said
