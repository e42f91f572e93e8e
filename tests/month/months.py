"""The months that are simulated: how many tickets, and when the service and the platforms are out of order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from tests.month.log import Log
from tests.month.people import People
from tests.month.rules_of_the_month import the_rules
from tests.month.world import Plan, World


def at(text: str) -> int:
    """Return "10-25 00:30" of 2026, in UTC."""
    return int(datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC).timestamp())


def _down(*spans: tuple[str, str]) -> list[tuple[int, int]]:
    return [(at(start), at(end)) for start, end in spans]


DOWN: Final = {
    "": _down(
        ("10-20 07:00", "10-20 13:00"),  # six hours of a working day
        ("10-22 10:10", "10-22 10:50"),
        ("10-25 00:30", "10-25 01:40"),  # while Europe puts its clocks back
        ("10-27 11:00", "10-27 13:10"),  # over two steps of a ladder
        ("11-03 14:00", "11-04 04:00"),  # over the end of two regions' days
        ("11-09 10:00", "11-09 13:10"),
    ),
    "snow": _down(("10-23 13:00", "10-23 16:30"), ("11-10 22:30", "11-11 00:30")),
    "jira": _down(("10-26 06:00", "10-26 10:00"), ("11-05 14:30", "11-05 16:00")),
}
SHORT: Final = Plan(7, at("10-20 00:00"), 10, 150, DOWN)
"""Ten days, with the change of clocks in Europe."""

MIDDLE: Final = Plan(11, at("10-18 00:00"), 26, 700, DOWN)
"""What planted bugs are looked for in: both changes of clocks, and Remembrance Day in Vancouver."""

MONTH: Final = Plan(2026, at("10-15 00:00"), 31, 5000, DOWN)


def simulated(plan: Plan) -> tuple[World, Log]:
    """Let such a month pass."""
    world = World(plan, the_rules(), People())
    return world, world.run()
