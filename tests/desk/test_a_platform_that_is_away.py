"""A platform that cannot be read: nobody is paged for what nobody knows, and `status` says where it is not seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from endpoint import Endpoint, endpoint

from connectors.sandbox import Fault

RULES = """
calendar: always
calendars: {{always: {{zone: UTC, hours: {{mon-sun: "00:00-24:00"}}}}}}
channels: {{pager: {{kind: webhook, url: {url}, private: true}}}}
routes: [{{name: all, assign: {{team: web}}}}]
people: {{ida: {{email: ida@harbour.example, doors: [pager]}}}}
communications:
  - {{name: nobody-yet, after: [{{unacknowledged: 10m}}], to: [ida], message: breach-warning}}
"""


@pytest.fixture
def pager() -> Iterator[Endpoint]:
    with endpoint() as pager:
        yield pager


def away(desk, cycles: int) -> list[dict[str, str]]:
    """Let cycles pass a minute apart in which the platform answers nothing, and return their problems."""
    desk.world.faults.add(Fault("503", times=10_000))
    found = []
    for _ in range(cycles):
        desk.clock.advance(seconds=60)
        found.append(desk.desk().cycle().problems)
    desk.world.faults.clear()
    return found


def test_nobody_is_paged_while_it_is_away_each_cycle_says_so_and_status_names_it(desk, pager):
    desk.rules(RULES.format(url=pager.url))
    desk.cycle(times=2)
    desk.report("kari")
    desk.cycle()
    problems = away(desk, 20)
    assert pager.told() == []
    assert all("sn" in one for one in problems)
    assert "sn" in desk.desk().store.status().limits  # left_alone


def test_what_was_due_meanwhile_and_is_still_true_is_said_when_it_is_back(desk, pager):
    desk.rules(RULES.format(url=pager.url))
    desk.cycle(times=2)
    desk.report("kari")
    desk.cycle()
    away(desk, 20)
    desk.clock.advance(seconds=1800)
    desk.cycle(times=2)
    assert [one["to"] for one in pager.told()] == ["ida@harbour.example"]
