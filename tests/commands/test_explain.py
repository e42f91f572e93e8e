"""What `itsm-sync explain` says about a ticket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Run, Served
from small_desk import instance, lay_out, report

from commands.columns import columns
from connectors.sandbox.servicenow import World

LONG = "A reason that goes on for so long that it cannot stand on one line of a terminal of any width."

CLOCKS = """\
calendars: {bergen: {zone: Europe/Oslo, hours: {mon-sun: "00:00-24:00"}}}
calendar: bergen
priorities: [{name: P1}, {name: P2}, {name: P3}, {name: P4}, {name: P5, respond: 16h, resolve: 80h}]
communications: [{name: slow, after: [{used: 50%, of: respond}], to: [requester], message: received}]
routes: []
"""


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
    assert max(map(columns, result.output.splitlines())) <= 80
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


@pytest.fixture
def clocked(folder: Path, world: World, serve_world: Served) -> Path:
    """Return a workspace that promises something to everybody."""
    return lay_out(folder, serve_world(world), CLOCKS)


def test_the_clocks_what_came_and_what_is_to_come(run: Run, clocked: Path, world: World):
    ticket = report(world)
    run("once", "-w", clocked)
    world.update("incident", ticket, {"comments": "I look into it"}, by="ida")
    said = explained(run, clocked)
    assert "calendar bergen of the desk, open now targets of priority P5 respond" in said
    assert "met, answered" in said
    assert "Course of the ticket (Europe/Oslo) from the platform's history" in said
    assert "agent spoke" in said
    assert "Still to come (Europe/Oslo) nothing, unless somebody changes the ticket or the rules" in said


def test_what_is_to_come_names_its_rule(run: Run, clocked: Path, world: World):
    report(world)
    assert "received to requester: 50% of respond is used (slow, desk.yaml:" in explained(run, clocked)


def test_an_account_that_may_not_read_the_past_is_told_what_we_saw(run: Run, clocked: Path, world: World):
    world.update("incident", report(world), {"comments": "I look into it"}, by="ida")
    world.deny("sys_audit")
    world.deny("sys_journal_field")
    said = explained(run, clocked)
    assert "observed by ourselves, exact to a poll of 1s; what is said cannot be read" in said


def test_the_same_is_there_in_json(run: Run, clocked: Path, world: World):
    report(world)
    line = json.loads(run("explain", "sn/INC0010001", "-w", clocked, "--json").output)["time"]
    assert [(one["clock"], one["target"], one["state"]) for one in line["clocks"]] == [
        ("respond", 16 * 3600, "runs"),
        ("resolve", 80 * 3600, "runs"),
    ]
    assert line["came"][0]["by"] == "customer"
    assert (line["zone"], line["to_come"][0]["rule"]) == ("Europe/Oslo", "slow")


def test_where_nothing_is_promised_time_is_left_out(run: Run, desk: Path, world: World):
    report(world)
    assert "Course of the ticket" not in explained(run, desk)


DOORS = """\
channels:
  pager: {kind: webhook, url: "https://pager.example"}
  mail: {kind: email, url: "smtp://mail.example", sender: desk@harbour.example}
  noc: {kind: slack, url: "https://hooks.slack.example/1"}
people: {ida: {email: ida@harbour.example}, max: {email: max@harbour.example, doors: [mail, noc]}}
doors: {on_call: [pager]}
routes: [{name: all, assign: {team: nights}}]
communications: [{name: wake, on: created, to: [on_call, max, noc], message: received}]
"""
ON_CALL = "nights: {groups: {sn: Web}, on_call: {rotation: [ida], each: 1w, from: 2020-01-06T08:00}}, payments:"


def test_how_often_a_word_may_be_said_by_a_door(run: Run, folder: Path, world: World, serve_world: Served):
    desk = lay_out(folder, serve_world(world), DOORS)
    rules = (desk / "desk.yaml").read_text().replace("web: {groups: {sn: Web}}, payments:", ON_CALL)
    (desk / "desk.yaml").write_text(rules)
    report(world)
    said = explained(run, desk)
    page = "received to on_call in en by pager at least once: said again until a door takes it, or until it is parked"
    assert page in said
    assert (
        "to max in en by mail by mail again with the same Message-ID if it may have arrived; by noc at most once"
        in said
    )
    assert "received to noc in en by noc at most once" in said
    now = json.loads(run("explain", "sn/INC0010001", "-w", desk, "--json").output)["now"]
    assert now["notices"][-1] == {"action": "message received to noc in en by noc", "repeated": "at most once"}
