"""Who of a team is on call: a rotation, who takes over, and who is away. Moments are seconds since 1970.

Turns are worked out from the moment that is asked for, however far from the first one it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby, islice, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.calendar import DAY, EPOCH_DAY, EVER
from rules.forms import duration
from rules.wall import first, moment, shown

if TYPE_CHECKING:
    from rules.rulebook import Rulebook, Team
    from rules.schema import TeamForm
    from rules.schema_later import OnCall

WALL_UNITS: Final = ("d", "w")
"""A day or a week later is the same time on the wall clock, however long that takes."""

MOST: Final = 1_000
"""Parts of time that are looked through for who is next; nobody needs to know it earlier."""

NOT_BEGUN: Final = "the rotation has not begun"
ALL_AWAY: Final = "everybody is away"
NOT_READ: Final = "not read yet"


class Spell(NamedTuple):
    """Somebody takes over, or is away, from one moment to another; the other one excluded."""

    person: str
    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Tell whether it is so at a moment."""
        return self.start <= at < self.end


class Turn(NamedTuple):
    """Who is on call from one moment to another; nobody: None. `why` says what differs from the rotation, or is ""."""

    start: int
    end: int
    person: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns, the first of them when the wall clock shows `begins`; each turn is `each` seconds long.

    `by_wall` says that those are seconds of the wall clock. `swaps` replace whoever's turn it is, the first in the
    list first.
    """

    people: tuple[str, ...]
    begins: int
    each: int
    by_wall: bool
    zone: tzinfo
    swaps: tuple[Spell, ...] = ()

    def start(self, number: int) -> int:
        """Return when a turn begins, counted from 0."""
        if self.by_wall:
            return first(self.zone, self.begins + number * self.each)
        return first(self.zone, self.begins) + number * self.each

    def number(self, at: int) -> int:
        """Return which turn it is at a moment; it is negative before the first.

        A wall clock alone cannot tell just after it was put back, so that the guess is set right by a turn or two.
        """
        passed = shown(self.zone, at) - self.begins if self.by_wall else at - self.start(0)
        number = passed // self.each
        while self.start(number) > at:
            number -= 1
        while self.start(number + 1) <= at:
            number += 1
        return number

    def owner(self, number: int) -> str:
        """Return whose turn it is by the rotation alone."""
        return self.people[number % len(self.people)]

    def stand_in(self, number: int, away: Iterable[str]) -> str | None:
        """Return who takes the turn of somebody who is away: the next who is there.

        Whoever has the turn before or after comes last: nobody shall have two in a row while others are free.
        """
        following = [self.owner(number + place) for place in range(1, len(self.people))]
        there = [person for person in following if person not in away]
        neighbours = {self.owner(near) for near in (number - 1, number + 1) if near >= 0}
        return next((person for person in there if person not in neighbours), there[0] if there else None)


def on_call(book: Rulebook, team: str, at: int) -> str | None:
    """Return who of the team is on call at a moment, by the key under people:; None if nobody is, or none is known."""
    one = book.teams[team]
    return _holder(one, one.on_call, at)[0] if one.on_call is not None else None


def turns(book: Rulebook, team: str, start: int, end: int) -> list[Turn]:
    """Return who is on call between two moments, without gaps; nothing for a team that has nobody on call at all."""
    one = book.teams[team]
    if one.on_call is None:
        return [Turn(start, end, None, NOT_READ)] if one.roster and start < end else []
    parts = takewhile(lambda part: part.start < end, _parts(one, one.on_call, start))
    found = [_joined(same) for _, same in groupby(parts, key=lambda part: part[2:])]
    return [turn._replace(end=min(turn.end, end)) for turn in found]


def now_and_next(book: Rulebook, team: str, at: int) -> list[Turn]:
    """Return who is on call at a moment and who is then; one turn that never ends if that never changes."""
    one = book.teams[team]
    if one.on_call is None:
        return turns(book, team, at, EVER)
    parts = islice(_parts(one, one.on_call, at), MOST)
    found = [_joined(same) for _, same in islice(groupby(parts, key=lambda part: part.person), 2)]
    return found if len(found) > 1 else [found[0]._replace(end=EVER)]


def rotation(form: OnCall | None, zone: tzinfo) -> Rotation | None:
    """Return the rotation that a team is written with; None if who is on call stands elsewhere."""
    if form is None or not form.rotation or form.from_ is None:
        return None
    swaps = (Spell(swap.person, moment(zone, swap.from_), moment(zone, swap.to)) for swap in form.swaps)
    seconds, by_wall = int(duration(form.each).total_seconds()), form.each.endswith(WALL_UNITS)
    begins = shown(zone, moment(zone, form.from_))
    return Rotation(tuple(form.rotation), begins, seconds, by_wall, zone, tuple(swaps))


def absences(form: TeamForm, zone: tzinfo) -> tuple[Spell, ...]:
    """Return when people are away: whole days, the last one included."""
    return tuple(
        Spell(one.person, first(zone, _midnight(one.from_)), first(zone, _midnight(one.to) + DAY))
        for one in form.absences
    )


def _midnight(day: date) -> int:
    return (day.toordinal() - EPOCH_DAY) * DAY


def _parts(team: Team, rotation: Rotation, at: int) -> Iterator[Turn]:
    """Yield who is on call from a moment on, for ever; one who goes on may be told in several parts."""
    while at < EVER:
        end = _change(team, rotation, at)
        yield Turn(at, end, *_holder(team, rotation, at))
        at = end


def _joined(parts: Iterable[Turn]) -> Turn:
    first_one, *others = parts
    return first_one._replace(end=others[-1].end) if others else first_one


def _holder(team: Team, rotation: Rotation, at: int) -> tuple[str | None, str]:
    """Return who is on call at a moment, and why it is not whose turn it is."""
    number = rotation.number(at)
    if number < 0:
        return None, NOT_BEGUN
    turn, away = rotation.owner(number), {spell.person for spell in team.absences if spell.holds(at)}
    for swap in rotation.swaps:
        if swap.holds(at) and swap.person not in away:
            return swap.person, "" if swap.person == turn else f"instead of {turn}"
    if turn not in away:
        return turn, ""
    person = rotation.stand_in(number, away)
    return person, ALL_AWAY if person is None else f"{turn} is away"


def _change(team: Team, rotation: Rotation, at: int) -> int:
    """Return the next moment at which somebody else may be on call."""
    ends = [end for spell in (*rotation.swaps, *team.absences) for end in (spell.start, spell.end) if end > at]
    number = rotation.number(at)
    if number < 0 or len(set(rotation.people)) > 1:
        ends.append(rotation.start(number + 1 if number >= 0 else 0))
    return min(ends, default=EVER)
