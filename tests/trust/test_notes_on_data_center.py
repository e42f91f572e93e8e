"""Data Center says only on request whether a note is internal, and that request may fail like any other."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from commands.workspace import opened
from connectors.sandbox import Fault, MovableClock
from sync import Desk
from tests.trust.day import START
from tests.trust.days import served
from tests.trust.gate import Gate
from tests.trust.places import PASSWORDS, Jira


@pytest.mark.parametrize("seconds", [5, 90])
def test_a_limit_met_while_a_note_is_proven_internal_costs_no_note(tmp_path: Path, seconds: float) -> None:
    clock = MovableClock(START)
    place = Jira("server", clock, "Server")
    place.platform.faults.add(Fault("429", path="/properties/sd.public.comment", seconds=seconds))
    for number in range(2):
        place.create(f"It does not work, number {number}", "kari", {})
    with (
        patch.dict("os.environ", PASSWORDS),
        served(tmp_path, [place], lambda place: Gate(place, clock)),
        opened(Desk, tmp_path, clock) as desk,
    ):
        desk.connectors["server"].session.sleep = lambda seconds: clock.advance(seconds=seconds)  # type: ignore[attr-defined]
        for _ in range(10):
            clock.advance(seconds=60)
            desk.cycle()
        parked = desk.store.status().parked
    notes = [[said for said in place.ticket(n).said if said.startswith("internal")] for n in range(2)]
    assert ([len(one) for one in notes], parked) == ([1, 1], ())
