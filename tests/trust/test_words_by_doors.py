"""Words by doors: whatever breaks or ends, no page is lost, no customer hears a thing twice, and the rest is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.trust.doors import KINDS, MAIL, MESSAGES, Word, hurried, troubles
from tests.trust.planted import BUGS, Bug
from tests.trust.rounds import P1, Rounds, rounds
from tests.trust.words import Heard, heard, said

ALL_STEPS = 24
"""Of sending the words about one ticket, six at most: before and after each is recorded, sent and confirmed."""

SOME = 6
"""Tickets of a short day: enough for each moment at a pager, a chat and a mail server."""

ALL_FAULTS = 2 * len(MAIL)

Trouble = Callable[[Rounds, int, bool], None]


class Ended(NamedTuple):
    """What doors took over in the end, what waits for a person, and how often which trouble came."""

    words: Sequence[Word]
    parked: Sequence[str]
    deaths: int
    met: set[tuple[str, str]]


def lived(folder: Path, tickets: int, trouble: Trouble) -> Ended:
    """Report incidents one after the other and solve each, with trouble of both, and return how it ended."""
    with rounds(folder) as at:
        for number in range(tickets):
            at.place.create(f"It does not work, number {number}", "kari", P1 | {"service": "booking" * (number % 2)})
            trouble(at, number, False)
            at.place.resolve(number, True)
            trouble(at, number, True)
        at.quieten()
        return Ended(at.doors.taken(), at.parked(), at.deaths, set(at.doors.met))


def no_trouble(at: Rounds, _number: int, _is_resolved: bool) -> None:
    at.cycle(times=2)


def a_crash(at: Rounds, number: int, _is_resolved: bool) -> None:
    """Let the process end at the next step: what is after one is before the next one."""
    at.cycle(steps=2 * number + 1, times=3)


def a_fault(at: Rounds, number: int, is_resolved: bool) -> None:
    """Let two letters fail, each in another way: at mail where somebody hears of the end, else at all others."""
    doors = [door for door in KINDS if (door == "mail") == is_resolved]
    ways = {door: _ways(door, number + place) for place, door in enumerate(doors)}
    at.doors.drawn = lambda door: next(ways.get(door, iter(())), "")
    hurried([*at.desk().channels.values()])
    at.cycle(times=3)
    at.cycle(apart=300)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Word]:
    """Return the words about two tickets on a day without trouble: one of each team."""
    return lived(tmp_path_factory.mktemp("calm"), 2, no_trouble).words


def due(calm: Sequence[Word], tickets: int) -> list[Word]:
    """Return the words of a longer day without trouble, on which tickets of the one and the other team alternate."""
    found = []
    for number in range(tickets):
        alike = [word for word in calm if word.number == _numbered(number % 2)]
        found += [word._replace(number=_numbered(number), mark=word.mark and f"{word.mark} {number}") for word in alike]
    return found


def _numbered(number: int) -> str:
    return f"INC{10_001 + number:07}"


def test_a_day_without_trouble_has_words_of_each_kind(calm: Sequence[Word]) -> None:
    assert {word.message for word in calm} == set(MESSAGES)
    assert {word.door for word in calm} == set(KINDS)
    assert set(said(calm).values()) == {1}


@pytest.mark.parametrize("tickets", [SOME, pytest.param(ALL_STEPS, marks=pytest.mark.long)])
def test_a_process_that_ends_at_any_step_loses_no_page_and_tells_nobody_twice(
    tmp_path: Path, calm: Sequence[Word], tickets: int
) -> None:
    day = lived(tmp_path, tickets, a_crash)
    assert day.deaths > tickets
    assert heard(day.words, due(calm, tickets), day.parked) == Heard(0, (), ())


@pytest.mark.parametrize("tickets", [SOME, pytest.param(ALL_FAULTS, marks=pytest.mark.long)])
def test_a_door_that_fails_in_any_way_loses_no_page_and_tells_nobody_twice(
    tmp_path: Path, calm: Sequence[Word], tickets: int
) -> None:
    day = lived(tmp_path, tickets, a_fault)
    if tickets == ALL_FAULTS:
        assert day.met == {(door, how) for door in KINDS for how in troubles(door)}
    assert heard(day.words, due(calm, tickets), day.parked) == Heard(0, (), ())


def _ways(door: str, number: int) -> Iterator[str]:
    known = troubles(door)
    return iter([known[(number + more) % len(known)] for more in (0, 3)])


def a_door_is_down(at: Rounds, _number: int, _is_resolved: bool) -> None:
    """Let every letter to the pagers break off all day, whichever backup there is."""
    at.doors.drawn = lambda door: "cut before" if door in ("pager", "sms") else ""
    at.cycle(times=3)
    at.cycle(apart=300)


def test_where_a_pager_is_down_all_day_who_is_on_call_hears_by_the_backup(tmp_path: Path, calm: Sequence[Word]) -> None:
    day = lived(tmp_path, 2, a_door_is_down)
    assert heard(day.words, due(calm, 2), day.parked) == Heard(0, (), ())


TROUBLES: dict[str, tuple[Trouble, int]] = {
    "a crash": (a_crash, SOME),
    "a fault": (a_fault, len(MAIL)),
    "a door is down": (a_door_is_down, 2),
}


@pytest.mark.long
@pytest.mark.parametrize("bug", BUGS, ids=repr)
def test_a_bug_in_how_words_go_out_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calm: Sequence[Word], bug: Bug
) -> None:
    bug.plant(monkeypatch)
    trouble, tickets = TROUBLES[bug.by]
    day = lived(tmp_path, tickets, trouble)
    assert getattr(heard(day.words, due(calm, tickets), day.parked), bug.sign)
