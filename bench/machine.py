"""What a figure needs beside it: the machine, how quick it was just then, and a table to stand in."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final, NamedTuple

MADE: Final = 200_000


class Eight(NamedTuple):
    """What is built to see how quick the machine is: about 0.55 µs each on the one that the limits were set on."""

    a: int
    b: int
    c: int
    d: int
    e: int
    f: int
    g: int
    h: int


def named() -> str:
    """Return the machine's CPU, cores and Python."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_cpu()}, {os.cpu_count()} cores, {python} on {sys.platform}"


def calibration() -> float:
    """Return the microseconds of one named tuple of eight fields, which puts other figures into proportion."""
    return 1e6 * median(cpu_time(_make) for _ in range(5)) / MADE


def cpu_time(work: Callable[[], object]) -> float:
    """Return the processor seconds that this takes."""
    started = process_time()
    work()
    return process_time() - started


def table(head: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int] = (0,)) -> None:
    """Print a table. The columns of `words` are set to the left, figures to the right."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        cells = (row[n].ljust(width) if n in words else row[n].rjust(width) for n, width in enumerate(widths))
        print("  " + "  ".join(cells).rstrip())


def judged(what: str, figure: float, limit: float, unit: str, at_most: bool = False) -> bool:
    """Print whether a limit was kept, and return it."""
    good = figure <= limit if at_most else figure >= limit
    sign = "≤" if at_most else "≥"
    print(f"  {'ok    ' if good else 'MISSED'} {what}: {figure:,.0f} {unit} (limit {sign} {limit:,.0f})")
    return good


def _make() -> None:
    for _ in range(MADE):
        Eight(1, 2, 3, 4, 5, 6, 7, 8)


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    found = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(found, platform.processor() or platform.machine())
