"""What `itsm-sync status` says of the store."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command_line import Run, Served
from small_desk import instance, lay_out, report

from connectors.sandbox import Fault
from connectors.sandbox.servicenow import Account, World


@pytest.fixture
def world() -> World:
    return instance()


@pytest.fixture
def desk(folder: Path, world: World, serve_world: Served) -> Path:
    """Return a workspace whose ServiceNow is being served."""
    return lay_out(folder, serve_world(world))


def refusing(world: World) -> Account:
    """Take our account's right to write incidents."""
    account = world.accounts["itsm.sync"]
    account.roles.discard("sn_incident_write")
    return account


def test_without_a_store_it_says_what_to_run_and_makes_none(run: Run, desk: Path):
    result = run("status", "-w", desk)
    assert result.exit_code == 3
    assert "run itsm-sync once" in result.output
    assert not list(desk.glob("itsm-sync.db*"))


def test_the_last_cycle_is_told_in_a_few_lines(run: Run, desk: Path, world: World):
    report(world)
    run("once", "-w", desk)
    first, counts, known = run("status", "-w", desk).output.splitlines()
    assert first.startswith("Cycle 1 started ")
    assert counts.strip() == "1 read, 1 decided, 2 planned, 1 written, 1 sent, 0 failed, 0 parked"
    assert known == "1 tickets are known."


def test_what_the_platform_refused_is_shown_with_why(run: Run, desk: Path, world: World):
    report(world)
    refusing(world)
    run("once", "-w", desk)
    result = run("status", "-w", desk)
    assert result.exit_code == 0
    assert result.output.count("parked: sn/INC0010001 ") == 2
    assert "403" in result.output


def test_what_a_busy_platform_did_not_take_is_counted_as_waiting_and_until_when(run: Run, desk: Path, world: World):
    report(world)
    world.faults.add(Fault(kind="429", method="PATCH", times=100, seconds=3600))
    run("once", "-w", desk)
    lines = run("status", "-w", desk).output.splitlines()
    assert "2 actions planned" in lines
    assert any(re.fullmatch(r"sn is left alone until [-0-9]+ [:0-9]+Z\.", line) for line in lines)


def test_json_says_the_same(run: Run, desk: Path, world: World):
    report(world)
    refusing(world)
    run("once", "-w", desk)
    said = json.loads(run("status", "-w", desk, "--json").output)
    assert (said["tickets"], said["cycle"]["number"], said["cycle"]["counts"]["parked"]) == (1, 1, 2)
    assert {parked["ticket"] for parked in said["parked"]} == {"sn/INC0010001"}
    assert said["waiting"] == {}


def test_a_store_that_is_no_store_is_one_line(run: Run, desk: Path):
    (desk / "itsm-sync.db").write_text("notes of my own, which are no database at all\n" * 50, encoding="utf-8")
    result = run("status", "-w", desk)
    assert result.exit_code == 3
    assert len(result.output.splitlines()) == 1
