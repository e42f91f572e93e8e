"""How long `itsm-sync --help` takes as a whole process, beside bare Python and Python that imports click."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from bench.machine import judged, table

RUNS: Final = 7
LIMIT: Final = 200.0
ROOT: Final = Path(__file__).parents[1]
COMMANDS: Final = {
    "python -c pass": ("-c", "pass"),
    'python -c "import click"': ("-c", "import click"),
    "itsm-sync --help": ("sync.py", "--help"),
}


def main() -> bool:
    """Print the table and return whether the limit was kept."""
    print(f"\nHelp: milliseconds of a whole process, median of {RUNS} runs")
    took = {name: median(_milliseconds(arguments) for _ in range(RUNS)) for name, arguments in COMMANDS.items()}
    least = min(took.values())
    table(("", "ms", "ratio"), [(name, f"{ms:.0f}", f"{ms / least:.1f}") for name, ms in took.items()])
    return judged("itsm-sync --help", took["itsm-sync --help"], LIMIT, "ms", at_most=True)


def _milliseconds(arguments: tuple[str, ...]) -> float:
    started = perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return 1000 * (perf_counter() - started)
