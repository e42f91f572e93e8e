"""A desk for measurements: a workspace of its own, and a simulated ServiceNow with as many tickets as wanted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from connectors.sandbox.clock import Clock
from connectors.sandbox.servicenow import World
from connectors.sandbox.servicenow.times import stored

SINCE: Final = datetime(2026, 11, 1, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
EXTRA: Final = {"incident": {"u_itsm_sync": "string(255)"}}
PASSWORD: Final = {"BENCH_PASSWORD": "sandbox"}
TITLES: Final = ("The printer prints blank pages", "Skjermen blinker", "Không đăng nhập được", "Card payment fails")
WORKSPACE: Final = """\
desk: A desk to measure
languages: [en, nb, vi]
connections:
  bench:
    platform: servicenow
    url: {url}
    auth: {{user: itsm.sync, password: "${{BENCH_PASSWORD}}"}}
    kinds: {{incident: incident}}
    since: 2026-11-01T00:00Z
brakes: {{}}
words:
  bench:
    fields: {{mark: u_itsm_sync}}
    not_chosen: {{impact: "3", urgency: "3"}}
    set_priority_by: [urgency, impact]
teams:
  desk: {{groups: {{bench: Service Desk}}}}
  workplace: {{groups: {{bench: Workplace}}}}
classify:
  - {{name: nobody-chose, set: {{impact: minor, urgency: low}}}}
adjust:
  - {{name: hardware, when: {{category: hardware}}, at_least: P3}}
  - {{name: everything, at_least: P4}}
routes:
  - {{name: workplace, when: {{category: hardware}}, assign: {{team: workplace}}}}
  - {{name: everything, assign: {{team: desk}}}}
"""


def lay_out(folder: Path, url: str, more: str = "") -> None:
    """Write the workspace; `more` are keys that it does not have."""
    (folder / "desk.yaml").write_text(WORKSPACE.format(url=url) + more, encoding="utf-8")


def world(clock: Clock) -> World:
    """Return a ServiceNow without tickets."""
    made = World(clock=clock, extra_fields=EXTRA)
    for number in range(50):
        language = ("en", "nb", "vi")[number % 3]
        made.add_user(f"user.{number}", f"User {number}", email=f"user.{number}@bench.example", language=language)
    for group in ("Service Desk", "Workplace"):
        made.add_group(group)
    return made


def fill(made: World, count: int, created: datetime, **values: str) -> None:
    """Load that many open tickets, five created each second up to `created`, as an export does: quickly.

    All of them have these `values` beside their own.
    """
    users = [made.find("sys_user", user_name=f"user.{number}") for number in range(50)]
    made.load(json.dumps([{**row, **values} for row in _rows(count, created, users)]))


def _rows(count: int, created: datetime, users: list[str]) -> Iterator[dict[str, str]]:
    for number in range(count):
        at = stored(created - timedelta(seconds=(count - number) // 5))
        yield {
            "short_description": f"{TITLES[number % len(TITLES)]} {number}",
            "description": "It began this morning after the update, and nobody at the counter can work. " * 3,
            "caller_id": users[number % len(users)],
            "category": ("hardware", "software", "inquiry")[number % 3],
            "impact": "3",
            "urgency": "3",
            "priority": "5",
            "state": "1",
            "sys_created_on": at,
            "sys_updated_on": at,
            "sys_created_by": f"user.{number % len(users)}",
            "sys_updated_by": f"user.{number % len(users)}",
        }
