"""The service is killed again and again, and in the end nobody can tell: nothing twice, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.trust.days import Lived, Plan, in_process, killed
from tests.trust.gate import Shares
from tests.trust.judged import judged
from tests.trust.service import MUTATIONS

BUSY = Plan(seed=1, tickets=16, apart=timedelta(minutes=30))
"""A ticket whose three writes break off six times in all takes twenty minutes: by reckoning one day in ten has one."""

SHORT = Plan(seed=2, tickets=5, reports=timedelta(minutes=30))

AT_WRITES = Shares(writes=0.4, reads=0.0, cycles=0.0)
WRONG = {
    "never_settles": "duplicates",
    "notes_nothing_before_it_sends": "duplicates",
    "takes_sent_for_done": "lost",
}


@pytest.fixture(scope="module")
def calm_short_day(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return in_process(tmp_path_factory.mktemp("calm"), SHORT)


def everything_is_quiet(day: Lived) -> None:
    for cycle in day.last:
        assert cycle.counts["planned"] == cycle.counts["written"] == 0
        assert (cycle.problems, cycle.waiting, cycle.parked) == ({}, {}, [])


@pytest.mark.long
def test_a_service_that_is_killed_a_hundred_times_says_each_word_once_and_loses_none(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    calm = in_process(tmp_path_factory.mktemp("calm"), BUSY)
    day, lives, fate = killed(tmp_path, BUSY, Shares())
    assert lives.killed >= 100
    assert all(fate.met[f"{kind} of a write"] >= 5 for kind in ("broken_before", "broken_after", "late")), fate.met
    verdict = judged(day.tickets, calm.tickets)
    assert (verdict.duplicates, verdict.lost, verdict.exposed) == (0, 0, 0), "\n".join(verdict.otherwise)
    assert not verdict.otherwise, "\n".join(verdict.otherwise)
    everything_is_quiet(day)


def test_there_is_an_expectation_for_each_way_to_be_wrong() -> None:
    assert WRONG.keys() == MUTATIONS.keys()


@pytest.mark.long
@pytest.mark.parametrize("mutation", WRONG)
def test_a_service_that_is_wrong_is_found_out(tmp_path: Path, calm_short_day: Lived, mutation: str) -> None:
    day, _, _ = killed(tmp_path, SHORT, AT_WRITES, mutation)
    assert getattr(judged(day.tickets, calm_short_day.tickets), WRONG[mutation]) > 0
