"""The service is killed again and again, and in the end nobody can tell: nothing twice, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.days import Lived, Plan, in_process, killed
from tests.trust.gate import Shares
from tests.trust.judged import judged
from tests.trust.service import MUTATIONS

BUSY = Plan(seed=1, tickets=10)
SHORT = Plan(seed=2, tickets=4)


@pytest.fixture
def calm_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "calm"
    folder.mkdir()
    return folder


def everything_is_quiet(day: Lived) -> None:
    for cycle in day.last:
        assert cycle.counts["planned"] == cycle.counts["written"] == 0
        assert (cycle.problems, cycle.waiting, cycle.parked) == ({}, {}, [])


@pytest.mark.long
def test_a_service_that_is_killed_a_hundred_times_says_each_word_once_and_loses_none(
    tmp_path: Path, calm_folder: Path
) -> None:
    calm = in_process(calm_folder, BUSY)
    day, lives, fate = killed(tmp_path, BUSY, Shares())
    assert lives.killed >= 100
    assert all(fate.met[f"{kind} of a write"] >= 5 for kind in ("broken_before", "broken_after", "late")), fate.met
    verdict = judged(day.tickets, calm.tickets)
    assert (verdict.duplicates, verdict.lost, verdict.exposed) == (0, 0, 0), "\n".join(verdict.otherwise)
    assert not verdict.otherwise, "\n".join(verdict.otherwise)
    everything_is_quiet(day)


@pytest.mark.long
@pytest.mark.parametrize("mutation", sorted(MUTATIONS))
def test_a_service_that_is_wrong_is_found_out(tmp_path: Path, calm_folder: Path, mutation: str) -> None:
    calm = in_process(calm_folder, SHORT)
    day, _, _ = killed(tmp_path, SHORT, Shares(writes=0.4, reads=0.0, cycles=0.0), mutation)
    verdict = judged(day.tickets, calm.tickets)
    assert verdict.duplicates + verdict.lost > 0
