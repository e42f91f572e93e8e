"""Busy days on which others than those on the ticket hear by doors, too: with kills at any moment, and with faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from connectors.sandbox import Trouble
from tests.trust.days import Lived, Plan, in_process, killed
from tests.trust.doors import KILLS, KINDS, Word, doors, troubles
from tests.trust.gate import Shares
from tests.trust.judged import judged
from tests.trust.places import Place
from tests.trust.words import Heard, heard

BUSY = Plan(seed=4, tickets=10)
OFTEN = Shares(writes=0.4)
APART = Plan(seed=5, tickets=8, apart=timedelta(hours=3), reports=timedelta(hours=8), poll=300)
"""Far enough apart that each event is answered by itself, whatever waits for how long."""

FOR_GOOD = ("refused", "gone")
"""What is not tried again. A page that all its doors refuse is for a person, so mail refuses nothing here."""


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Plan], tuple[Lived, list[Word]]]:
    """Return how such a day ends without trouble."""

    def lived(plan: Plan) -> tuple[Lived, list[Word]]:
        with doors() as ends:
            return in_process(tmp_path_factory.mktemp("calm"), plan, doors=ends), ends.taken()

    return lived


@pytest.mark.long
def test_a_service_that_is_killed_all_day_loses_no_page_and_tells_nobody_twice(tmp_path: Path, quiet) -> None:
    calm, due = quiet(BUSY)
    with doors() as ends:
        day, lives, fate = killed(tmp_path, BUSY, OFTEN, doors=ends)
        words = ends.taken()
    assert lives.killed >= 60
    met = {door: [fate.met[f"{kind} a word is taken at {door}"] for kind in KILLS] for door in KINDS}
    assert all(map(any, met.values())), met
    assert all(sum(counts) >= 5 for counts in zip(*met.values(), strict=True)), met
    assert heard(words, due, day.last[-1].parked) == Heard(0, (), ())
    assert day.last[-1].waiting == {}
    assert judged(day.tickets, calm.tickets)[:3] == (0, 0, 0)


@pytest.mark.long
def test_a_day_on_which_a_third_of_all_letters_fails_loses_no_page_and_tells_nobody_twice(
    tmp_path: Path, quiet
) -> None:
    calm, due = quiet(APART)
    random = Random(6)

    def drawn(door: str) -> str:
        ways = [how for how in troubles(door) if how != "slow" and (door != "mail" or how not in FOR_GOOD)]
        return random.choice(ways) if random.random() < 1 / 3 else ""

    def trouble(place: Place) -> None:
        place.platform.faults.trouble = Trouble(7, 0.1, place.kinds)

    with doors() as ends:
        ends.drawn = drawn
        day = in_process(tmp_path, APART, trouble, ends)
        words = ends.taken()
    assert sum(ends.met.values()) > 30
    assert heard(words, due, day.last[-1].parked) == Heard(0, (), ())
    assert day.last[-1].waiting == {}
    assert judged(day.tickets, calm.tickets)[:3] == (0, 0, 0)
