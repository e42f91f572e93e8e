"""`--help` answers at once because it loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = (
    "babel",
    "holidays",
    "icalendar",
    "jinja2",
    "numpy",
    "py3langid",
    "pydantic",
    "pysnow",
    "re2",
    "recurring_ical_events",
    "requests",
    "rich",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "yaml",
)
PROGRAM = """
import sys
from sync import main
try:
    main(["--help"])
except SystemExit as end:
    assert end.code == 0
print("loaded:", *sys.modules)
"""


def run_help() -> str:
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def test_help_names_every_command_and_loads_no_heavy_package():
    text, _, loaded = run_help().partition("loaded:")
    assert all(command in text for command in ("check", "once", "run", "explain", "status", "demo"))
    assert set(loaded.split()) >= {"click", "sync"}
    assert not set(loaded.split()) & set(HEAVY)
