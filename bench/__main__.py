"""Runs the measurements by name: python -m bench [help] [decisions] [calendars] [clocks] …; or all of NAMES.

`crashes` takes the better part of an hour and is run only where it is named.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

from bench.machine import named

NAMES: Final = (
    "help",
    "decisions",
    "calendars",
    "clocks",
    "ladders",
    "requests",
    "jira",
    "memory",
    "cases",
    "messages",
    "log",
    "sla",
)
NAMED_ONLY: Final = ("crashes",)
MODULES: Final = {"sla": "log_clocks"}


def main(names: list[str]) -> int:
    """Run these measurements and return 0 if every stated limit was kept."""
    known = NAMES + NAMED_ONLY
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"there is no measurement {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    print(named())
    missed = [name for name in names or NAMES if not _kept(name)]
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall limits were kept")
    return 1 if missed else 0


def _kept(name: str) -> bool:
    if name == "log":
        return bool(import_module("bench.real_log").main([]) == 0)
    return bool(import_module(f"bench.{MODULES.get(name, name)}").main())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
