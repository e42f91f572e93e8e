"""A ServiceNow without a field for marks, where our texts are found again by what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from commands.workspace import opened
from connectors.sandbox import Fault, MovableClock
from sync import Desk
from tests.shares import one_of
from tests.trust.day import START
from tests.trust.days import served
from tests.trust.gate import Gate
from tests.trust.places import PASSWORDS, ServiceNow

Work = Callable[[int], None]


@pytest.fixture
def place() -> ServiceNow:
    return ServiceNow("unmarked", MovableClock(START), mark=False)


@pytest.fixture
def work(tmp_path: Path, place: ServiceNow) -> Iterator[Work]:
    clock: MovableClock = place.world.clock  # type: ignore[assignment]
    with (
        patch.dict("os.environ", PASSWORDS),
        served(tmp_path, [place], lambda place: Gate(place, clock)),
        opened(Desk, tmp_path, clock) as desk,
    ):

        def cycles(times: int) -> None:
            for _ in range(times):
                clock.advance(seconds=60)
                desk.cycle()

        yield cycles


@pytest.mark.parametrize("kind", one_of(3, ["broken_after", "", "broken_before"]))
def test_a_word_whose_answer_was_lost_keeps_no_later_word_back(place: ServiceNow, work: Work, kind: str) -> None:
    place.create("It does not work", "kari", {})
    if kind:
        place.platform.faults.add(Fault(kind, method="PATCH"))
    work(10)
    place.change(0, "ida", {"service": "booking"})
    work(10)
    received, important = (said for said in place.ticket(0).said if said.startswith("public"))
    assert "Vi har fått meldingen" in received
    assert "er nå høy" in important


@pytest.mark.parametrize("kind", one_of(3, ["broken_after", "", "broken_before"]))
def test_a_word_whose_answer_was_lost_is_said_though_an_equal_one_stands_there(
    place: ServiceNow, work: Work, kind: str
) -> None:
    place.create("It does not work", "kari", {})
    work(2)
    for is_resolved in (True, False, True):
        if kind:
            place.platform.faults.add(Fault(kind, method="PATCH"))
        place.resolve(0, is_resolved)
        work(10)
    first, second = (said for said in place.ticket(0).said if said.startswith("public") and "løst" in said)
    assert first == second
