"""Every third request fails in some way that passes, all day, and in the end all is as it would be: only later."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.sandbox import Trouble
from tests.trust.days import Plan, in_process
from tests.trust.judged import judged
from tests.trust.places import Place

DAY = Plan(seed=3, tickets=8, apart=timedelta(hours=3), reports=timedelta(hours=8), poll=300)
"""Far enough apart that each event is answered by itself: what fails waits for minutes, then for hours."""


@pytest.mark.long
def test_a_day_on_which_a_third_of_all_requests_fails_ends_as_a_calm_one(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("calm", "troubled")]
    for folder in folders:
        folder.mkdir()
    met: dict[str, Trouble] = {}

    def trouble(place: Place) -> None:
        met[place.name] = place.platform.faults.trouble = Trouble(len(met), 0.3, place.kinds)

    calm, day = in_process(folders[0], DAY), in_process(folders[1], DAY, trouble)
    assert all(set(one.met) == set(one.kinds) for one in met.values())
    verdict = judged(day.tickets, calm.tickets)
    assert (verdict.duplicates, verdict.lost, verdict.exposed) == (0, 0, 0), "\n".join(verdict.otherwise)
    fields = {name: ticket.fields for name, ticket in day.tickets.items()}
    assert fields == {name: ticket.fields for name, ticket in calm.tickets.items()}
    assert all((cycle.counts["planned"], cycle.problems, cycle.waiting) == (0, {}, {}) for cycle in day.last)
