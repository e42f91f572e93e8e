"""`itsm-sync run` as a process of its own: it looks after tickets, takes over rules, waits and ends when asked to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from command_line import PASSWORD, Run, Served
from small_desk import instance, lay_out, report, team_of

from connectors.sandbox import Fault
from connectors.sandbox.servicenow import World

ROOT = Path(__file__).parents[2]
BROKEN = "routse: []\n"


class Running:
    """A process that runs; `until` waits for a line of its output, and for nothing else."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def until(self, text: str) -> str:
        """Return the next line that holds this text. The process is ended by then, or it says it."""
        for line in self.process.stdout or ():
            self.lines.append(line)
            if text in line:
                return line
        raise AssertionError(f"{text!r} was never said:\n{''.join(self.lines)}")

    def ended(self) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        self.lines += (self.process.communicate(timeout=20)[0] or "").splitlines(keepends=True)
        return self.process.returncode


@contextmanager
def running(desk: Path) -> Iterator[Running]:
    command = [sys.executable, "-u", "sync.py", "run", "-w", str(desk)]
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipe) as process:  # noqa: S603
        try:
            found = Running(process)
            yield found
        finally:
            process.kill()
    assert PASSWORD not in "".join(found.lines)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds, 20 seconds at most: another process is at work."""
    for _ in range(2000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


@pytest.fixture
def world() -> World:
    return instance()


@pytest.fixture
def desk(run: Run, folder: Path, world: World, serve_world: Served) -> Path:
    """Return a workspace whose ServiceNow is being served; the password is in the environment."""
    return lay_out(folder, serve_world(world))


def rewritten(desk: Path, old: str, new: str) -> None:
    file = desk / "desk.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_it_looks_after_tickets_by_the_rules_of_the_moment_and_ends_when_asked_to(desk: Path, world: World):
    first = report(world)
    with running(desk) as process:
        assert "Harbour: looking after sn." in process.until("looking after")
        assert "1 tickets written" in process.until("written")
        assert team_of(world, first) == "Web"

        rewritten(desk, "assign: {team: web}", "assign: {team: payments}")
        process.until("the workspace was changed: rules ")
        second = report(world)
        process.until("written")
        assert team_of(world, second) == "Payments"

        rewritten(desk, "assign: {team: payments}", "asign: {team: web}")
        process.until("the last good rules stay in force")
        third = report(world)
        process.until("written")
        assert team_of(world, third) == "Payments"
        assert any("desk.yaml:13:" in line for line in process.lines)

        assert process.ended() == 0
        assert process.lines[-1] == "stopped.\n"


def test_asked_to_end_in_a_slow_write_it_finishes_it_and_begins_no_other(desk: Path, world: World, run: Run):
    tickets = [report(world), report(world)]
    world.faults.add(Fault(kind="slow", method="PATCH", seconds=1))
    with running(desk) as process:
        eventually(lambda: any(request.method == "PATCH" for request in world.requests))
        assert process.ended() == 0
    assert sorted(team_of(world, ticket) for ticket in tickets) == ["", "Web"]  # of one second, read in any order
    assert "2 actions planned" in run("status", "-w", desk).output
    run("once", "-w", desk)
    assert [team_of(world, ticket) for ticket in tickets] == ["Web", "Web"]
    assert [len([e for e in world.journal(t) if e.element == "comments"]) for t in tickets] == [1, 1]


def test_a_second_process_waits_and_takes_over(desk: Path, world: World):
    with ExitStack() as stack:
        first = stack.enter_context(running(desk))
        first.until("looking after")
        second = stack.enter_context(running(desk))
        report(world)
        first.until("written")
        assert second.process.poll() is None
        assert first.ended() == 0
        second.until("looking after")
        report(world)
        second.until("1 tickets written")
        assert second.ended() == 0
        assert "looking after" in second.lines[0]


def test_a_broken_workspace_never_starts(desk: Path, world: World):
    (desk / "more.yaml").write_text(BROKEN, encoding="utf-8")
    with running(desk) as process:
        process.until("nothing was done")
        assert process.process.wait(timeout=20) == 2
    assert world.requests == []
