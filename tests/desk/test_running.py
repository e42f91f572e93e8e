"""What `itsm-sync run` meets while it runs: changed workspaces, other processes, signals."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from commands import run, workspace
from connectors.sandbox import Fault

SIMPLE = "\nroutes:\n  - {name: rest, assign: {team: desk}}\n"
ROOT = Path(__file__).parents[2]


def running(desk):
    """Start the command in a process of its own."""
    command = [sys.executable, "-u", "sync.py", "run", "-w", str(desk.folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603


def until(process, true):
    """Wait until something is true, or the process has ended."""
    while not true() and process.poll() is None:
        Event().wait(0.05)


def cycles_with_changes(desk, *changes):
    """Look after the desk, making one change of the workspace after each cycle."""
    stop, left = Event(), [*changes]

    def between(_seconds: float) -> None:
        desk.clock.advance(seconds=60)
        left.pop(0)() if left else stop.set()

    stop.wait = between  # type: ignore[method-assign, assignment]
    run.look_after(desk.desk(), desk.folder, stop)


class TestAChangedWorkspace:
    def test_whose_password_is_not_there_leaves_the_last_good_rules_in_force(self, desk, capsys):
        desk.rules(SIMPLE)
        file = desk.folder / "desk.yaml"

        def break_it():
            file.write_text(file.read_text().replace("${SERVICENOW_PASSWORD}", "${NOT_THERE}"))
            desk.report("vera", impact="2", urgency="2")

        cycles_with_changes(desk, break_it)
        assert "NOT_THERE is not set: the last good rules stay in force" in capsys.readouterr().err
        assert len(desk.writes()) == 1

    def test_decides_anew_about_what_the_old_rules_had_planned(self, desk):
        desk.rules(SIMPLE)
        ticket = desk.report("vera", impact="2", urgency="2")
        desk.clock.advance(seconds=60)
        desk.desk().cycle(write=False)
        desk.rules(SIMPLE.replace("team: desk", "team: web") + "communications: []\n")
        desk.cycle()
        assert desk.ticket(ticket)["assignment_group"] == desk.group("Web")
        assert desk.said(ticket) == []

    def test_may_hold_links_that_lead_nowhere_as_editors_leave_them(self, desk):
        desk.rules(SIMPLE)
        ticket = desk.report("vera", impact="2", urgency="2")
        cycles_with_changes(desk, lambda: (desk.folder / ".#desk.yaml").symlink_to("ida@harbour.4711"))
        assert len(desk.said(ticket)) == 1


def test_a_process_that_waits_for_the_store_ends_when_asked_to(desk):
    desk.rules(SIMPLE)
    desk.desk()
    waiting = running(desk)
    lock = (desk.folder / "itsm-sync.db.lock").stat().st_ino
    until(waiting, lambda: f":{lock} " in _waiting_locks())
    waiting.send_signal(signal.SIGTERM)
    with waiting:
        waiting.communicate(timeout=20)
    assert waiting.returncode == -signal.SIGTERM


def _waiting_locks() -> str:
    """Return the kernel's list of those who wait for a lock."""
    return "\n".join(line for line in Path("/proc/locks").read_text().splitlines() if "->" in line)


def test_a_process_asked_to_end_finishes_the_write_in_hand_and_leaves_nothing_in_doubt(desk):
    desk.rules(SIMPLE)
    for _ in range(3):
        desk.report("vera", impact="2", urgency="2")
    desk.world.faults.add(Fault(kind="slow", method="PATCH", seconds=1))
    process = running(desk)
    until(process, lambda: any(request.method == "PATCH" for request in desk.world.requests))
    process.send_signal(signal.SIGTERM)
    with process:
        output, _ = process.communicate(timeout=20)
    assert (process.returncode, output.splitlines()[-1]) == (0, "stopped.")
    assert len(desk.writes()) == 1
    assert set(desk.desk().store.status().waiting) == {"planned"}


def test_a_store_in_a_folder_that_is_not_there_is_one_line(desk):
    desk.rules("\nstore: sqlite:///nowhere/itsm-sync.db\n")
    with pytest.raises(workspace.Unusable, match="cannot be locked: No such file or directory"):
        desk.desk()
