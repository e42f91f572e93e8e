"""Peak memory and speed of a first synchronisation: the service in a process of its own, the sandbox in this one.

python -m bench.memory FOLDER ANCHOR WRITES     (what the child process runs)
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time, time
from typing import Any, Final

from bench.desks import NOW, PASSWORD, fill, lay_out, world
from bench.machine import judged, table
from connectors.sandbox import serve

ROOT: Final = Path(__file__).parents[1]
LIMIT: Final = 150.0
"""Megabytes at the largest number of tickets."""

RUNS: Final = ((1_000, 1_000), (10_000, 10_000), (100_000, 2_000))
"""(new tickets, how many of them are written): all are read, decided and planned."""


def main(runs: Sequence[tuple[int, int]] = RUNS) -> bool:
    """Print the table and return whether the limit was kept."""
    print("\nMemory and speed of the first synchronisation of tickets that are all new")
    found = [(count, _measured(count, writes)) for count, writes in runs]
    head = (
        "new tickets",
        "written",
        "peak MB",
        "reading and planning /s",
        "of which CPU",
        "writing /s",
        "of which CPU ",
    )
    table(head, [_row(count, told) for count, told in found])
    print("  written: one PATCH with fields, assignment, comment and mark; the rest of the plan stays planned")
    count, told = found[-1]
    return judged(f"peak at {count:,} tickets", told["peak"], LIMIT, "MB", at_most=True)


def _row(count: int, told: dict[str, Any]) -> tuple[str, ...]:
    planning, writing = told["planning"], told["writing"]
    return (
        f"{count:,}",
        f"{told['written']:,}",
        f"{told['peak']:.0f}",
        f"{count / planning['wall']:,.0f}",
        f"{100 * planning['cpu'] / planning['wall']:.0f} %",
        f"{told['written'] / writing['wall']:,.0f}",
        f"{100 * writing['cpu'] / writing['wall']:.0f} %",
    )


def _measured(count: int, writes: int) -> dict[str, Any]:
    """Run the service in a child process against a sandbox in this one, and return what it tells."""
    anchor = time()
    made = world(_clock(anchor))
    fill(made, count, NOW - timedelta(minutes=1))
    with tempfile.TemporaryDirectory() as folder, serve(made) as url:
        lay_out(Path(folder), url)
        command = [sys.executable, "-m", "bench.memory", folder, str(anchor), str(writes)]
        environ = {**os.environ, **PASSWORD}
        done = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _clock(anchor: float) -> Callable[[], datetime]:
    """Return a clock that both processes share: it showed `NOW` at the anchor, seconds since 1970."""
    return lambda: NOW + timedelta(seconds=time() - anchor)


class _Watch:
    """Takes the times of planning and of writing, and says when enough was written."""

    def __init__(self, writes: int) -> None:
        self.writes = writes
        self.written = 0
        self.marks = [(time(), process_time())]

    def tell(self, what: str, count: int) -> None:
        """Hear of progress: the time between the last plan and the first write belongs to writing."""
        if what == "written":
            self.written = count
        elif what == "planned" and not self.written:
            self.marks[1:] = [(time(), process_time())]

    def enough(self) -> bool:
        """Tell the desk to stop."""
        return self.written >= self.writes

    def phases(self) -> dict[str, Any]:
        """Return wall and processor seconds of planning and of writing."""
        start, planned, end = [*self.marks, (time(), process_time())]
        return {
            name: {"wall": b[0] - a[0], "cpu": b[1] - a[1]}
            for name, a, b in (("planning", start, planned), ("writing", planned, end))
        }


def _service(folder: Path, anchor: float, writes: int) -> dict[str, Any]:
    """Run one cycle and return what it took."""
    from commands import workspace
    from sync import Desk

    with workspace.opened(Desk, folder, _clock(anchor)) as desk:
        watch = _Watch(writes)
        desk.stopping, desk.tell = watch.enough, watch.tell
        report = desk.cycle()
        if report.problems:
            raise RuntimeError(str(report.problems))
        phases = watch.phases()
    return {"peak": _peak(), "written": watch.written, **phases}


def _peak() -> float:
    """Return the peak of this process's memory in megabytes.

    Linux hands a parent's `ru_maxrss` down to what it starts, and the parent here holds the sandbox: VmHWM is our own.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(one for one in status.read_text(encoding="ascii").splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    bytes_each = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * bytes_each / 1e6


if __name__ == "__main__":
    print(json.dumps(_service(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))))
