"""The replay of a ServiceNow log: here of a small one, and of the real one that `bench` replays, where it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.real_log import replay

SHARED = Path(os.environ.get("ITSM_SYNC_SHARED", Path(__file__).parents[3] / "shared"))
LOG = SHARED / "data" / "servicenow_incident_event_log.csv"
COLUMNS = "number,incident_state,active,sys_mod_count,caller_id,opened_by,sys_updated_by,sys_updated_at,category"
COLUMNS += ",subcategory,impact,urgency,priority,assignment_group,assigned_to"
HIGH, MEDIUM, LOW = "1 - High", "2 - Medium", "3 - Low"


def row(number, state, count, author, at, impact, urgency, priority):
    """Return a line of the log."""
    active = "FALSE" if state == "Closed" else "TRUE"
    who = f"Caller 1,Opened by 1,{author},{at}"
    return f"{number},{state},{active},{count},{who},Category 1,Sub 1,{impact},{urgency},{priority},Group 1,?"


SMALL_LOG = "\n".join(
    [
        COLUMNS,
        row("INC1", "New", 0, "Agent 1", "29-02-2016 09:00", MEDIUM, MEDIUM, "3 - Moderate"),
        row("INC2", "New", 0, "Agent 1", "29-02-2016 09:00", LOW, LOW, "4 - Low"),  # this instance's own cell
        row("INC1", "Active", 2, "Agent 2", "29-02-2016 09:05", HIGH, HIGH, "1 - Critical"),
        row("INC1", "Active", 1, "Agent 1", "29-02-2016 09:05", HIGH, MEDIUM, "2 - High"),  # out of order in its minute
        row("INC1", "Resolved", 3, "Agent 2", "29-02-2016 11:00", MEDIUM, LOW, "4 - Low"),
        row("INC1", "Closed", 4, "System", "05-03-2016 12:00", MEDIUM, LOW, "4 - Low"),
    ]
)


def test_at_every_row_our_priority_is_the_logs_except_in_the_instances_own_cell():
    outcome = replay(SMALL_LOG)
    assert [(row["number"], ours) for row, ours, _why in outcome.differing] == [("INC2", "5")]
    assert outcome.rows == 6
    assert outcome.writes >= 5
    assert outcome.planned_at_last == 0


def test_with_the_instances_own_cell_in_the_matrix_no_row_differs():
    outcome = replay(SMALL_LOG, own_cell="P4")
    assert outcome.differing == []


def test_each_change_of_priority_is_explained_by_impact_and_urgency():
    outcome = replay(SMALL_LOG)
    reasons = [why for _before, _after, why in outcome.changes]
    assert reasons == [
        "priority: P2. Impact extensive × urgency medium. [desk.yaml:15]",
        "priority: P1. Impact extensive × urgency high. [desk.yaml:15]",
        "priority: P4. Impact significant × urgency low. [desk.yaml:15]",
    ]


def test_a_build_that_writes_nothing_fails_the_comparison(monkeypatch):
    monkeypatch.setattr("sync.Round.write", lambda _round, **_options: None)
    assert len(replay(SMALL_LOG).differing) == 6


@pytest.mark.long
@pytest.mark.skipif(not LOG.is_file(), reason=f"there is no log at {LOG}; set ITSM_SYNC_SHARED")
def test_on_the_real_log_only_the_instances_own_cell_differs():
    log = LOG.read_text(encoding="utf-8")
    outcome = replay(log)
    assert (len(outcome.active), len(outcome.differing)) == (194, 232)
    assert {(row["impact"][:1], row["urgency"][:1], row["priority"][:1]) for row, _, _ in outcome.differing} == {
        ("3", "3", "4")
    }
    assert len(outcome.changes) == 28
    assert all("× urgency" in why for _before, _after, why in outcome.changes)
    assert outcome.planned_at_last == 0
    assert replay(log, own_cell="P4").differing == []
