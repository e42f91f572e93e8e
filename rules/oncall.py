"""Who of a team is on call: by a rotation or a roster, who takes over, and who is away. Moments are seconds since 1970.

Turns of a rotation are worked out from the moment that is asked for, however far from the first one it is. A roster is
what was read elsewhere: see `rules.rosters`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby, islice, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.calendar import DAY, EPOCH_DAY, EVER
from rules.forms import duration
from rules.rosters import GAP, NO_ROSTERS, NOT_READ, STALE, Listed, Roster, Turn, Unknown, Whose, believed
from rules.wall import first, moment, shown

if TYPE_CHECKING:
    from rules.rulebook import Rulebook, Team
    from rules.schema import TeamForm
    from rules.schema_later import OnCall

__all__ = ["ALL_AWAY", "GAP", "NOT_BEGUN", "NOT_READ", "NO_ROSTERS", "STALE", "Roster", "Rotation", "Spell", "Turn"]

WALL_UNITS: Final = ("d", "w")
"""A day or a week later is the same time on the wall clock, however long that takes."""

MOST: Final = 1_000
"""Parts of time that are looked through for who is next; nobody needs to know it earlier."""

NOT_BEGUN: Final = "the rotation has not begun"
ALL_AWAY: Final = "everybody is away"


class Spell(NamedTuple):
    """Somebody takes over, or is away, from one moment to another; the other one excluded."""

    person: str
    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Tell whether it is so at a moment."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns, the first of them when the wall clock shows `begins`; each turn is `each` seconds long.

    `by_wall` says that those are seconds of the wall clock.
    """

    people: tuple[str, ...]
    begins: int
    each: int
    by_wall: bool
    zone: tzinfo

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

    def whose(self, at: int) -> Whose:
        """Return whose turn it is at a moment, and who follows."""
        number = self.number(at)
        if number < 0:
            return Whose(None, NOT_BEGUN)
        following = tuple(self.owner(number + place) for place in range(1, len(self.people)))
        return Whose(
            self.owner(number), "", following, {self.owner(near) for near in (number - 1, number + 1) if near >= 0}
        )

    def change(self, at: int) -> int:
        """Return the next moment at which it may be another one's turn."""
        number = self.number(at)
        if number >= 0 and len(set(self.people)) == 1:
            return EVER
        return self.start(number + 1 if number >= 0 else 0)


Source = Rotation | Listed | Unknown


def on_call(book: Rulebook, team: str, at: int, rosters: Mapping[str, Roster] = NO_ROSTERS) -> str | None:
    """Return who of the team is on call at a moment, by the key under people:; None if nobody is, or none is known."""
    source = _source(book, team, at, rosters)
    return None if source is None else _holder(book.teams[team], source.whose(at), at)[0]


def on_call_line(book: Rulebook, team: str, at: int, rosters: Mapping[str, Roster] = NO_ROSTERS) -> tuple[str, ...]:
    """Return who would be tried at a moment, one after the other; nobody where nobody is on call.

    Whoever is on call comes first, then the others in the order of their turns, those left out who are away. Whoever
    gave the turn to somebody else comes last.
    """
    source = _source(book, team, at, rosters)
    if source is None:
        return ()
    whose, away = source.whose(at), _away(book.teams[team], at)
    holder, _ = _holder(book.teams[team], whose, at)
    if holder is None:
        return ()
    others = [one for one in (*whose.following, whose.person) if one is not None and one not in away]
    return tuple(dict.fromkeys((holder, *others)))


def turns(book: Rulebook, team: str, start: int, end: int, rosters: Mapping[str, Roster] = NO_ROSTERS) -> list[Turn]:
    """Return who is on call between two moments, without gaps; nothing for a team that has nobody on call at all."""
    source = _source(book, team, start, rosters)
    if source is None:
        return []
    parts = takewhile(lambda part: part.start < end, _parts(book.teams[team], source, start))
    found = [_joined(same) for _, same in groupby(parts, key=lambda part: part[2:])]
    return [turn._replace(end=min(turn.end, end)) for turn in found]


def now_and_next(book: Rulebook, team: str, at: int, rosters: Mapping[str, Roster] = NO_ROSTERS) -> list[Turn]:
    """Return who is on call at a moment and who is then; one turn that never ends if that never changes."""
    source = _source(book, team, at, rosters)
    if source is None:
        return []
    parts = islice(_parts(book.teams[team], source, at), MOST)
    found = [_joined(same) for _, same in islice(groupby(parts, key=lambda part: part.person), 2)]
    return found if len(found) > 1 else [found[0]._replace(end=EVER)]


def is_known(book: Rulebook, team: str, at: int, rosters: Mapping[str, Roster] = NO_ROSTERS) -> bool:
    """Tell whether it is known who of the team is on call at a moment, or that nobody is."""
    return isinstance(_source(book, team, at, rosters), Rotation | Listed)


def rotation(form: OnCall | None, zone: tzinfo) -> Rotation | None:
    """Return the rotation that a team is written with; None if who is on call stands elsewhere."""
    if form is None or not form.rotation or form.from_ is None:
        return None
    seconds, by_wall = int(duration(form.each).total_seconds()), form.each.endswith(WALL_UNITS)
    return Rotation(tuple(form.rotation), shown(zone, moment(zone, form.from_)), seconds, by_wall, zone)


def swaps(form: OnCall | None, zone: tzinfo) -> tuple[Spell, ...]:
    """Return who takes over when; of several at once the first counts."""
    written = form.swaps if form is not None else []
    return tuple(Spell(swap.person, moment(zone, swap.from_), moment(zone, swap.to)) for swap in written)


def absences(form: TeamForm, zone: tzinfo) -> tuple[Spell, ...]:
    """Return when people are away: whole days, the last one included."""
    return tuple(
        Spell(one.person, first(zone, _midnight(one.from_)), first(zone, _midnight(one.to) + DAY))
        for one in form.absences
    )


def _midnight(day: date) -> int:
    return (day.toordinal() - EPOCH_DAY) * DAY


def _source(book: Rulebook, team: str, asked_at: int, rosters: Mapping[str, Roster]) -> Source | None:
    """Return what tells whose turn it is; None for a team that has nobody on call at all."""
    one = book.teams[team]
    if one.on_call is not None or not one.roster:
        return one.on_call
    return believed(rosters.get(team), asked_at, book.calendars[one.calendar or book.calendar].zone)


def _parts(team: Team, source: Source, at: int) -> Iterator[Turn]:
    """Yield who is on call from a moment on, for ever; one who goes on may be told in several parts."""
    while at < EVER:
        end = _change(team, source, at)
        yield Turn(at, end, *_holder(team, source.whose(at), at))
        at = end


def _joined(parts: Iterable[Turn]) -> Turn:
    first_one, *others = parts
    return first_one._replace(end=others[-1].end) if others else first_one


def _away(team: Team, at: int) -> set[str]:
    return {spell.person for spell in team.absences if spell.holds(at)}


def _holder(team: Team, whose: Whose, at: int) -> tuple[str | None, str]:
    """Return who is on call at a moment, and why it is not whose turn it is. A swap fills a gap in a roster, too."""
    if whose.why == NOT_BEGUN:
        return None, NOT_BEGUN
    turn, away = whose.person, _away(team, at)
    for swap in team.swaps:
        if swap.holds(at) and swap.person not in away:
            return swap.person, "" if turn in (None, swap.person) else f"instead of {turn}"
    if turn is None or turn not in away:
        return turn, whose.why
    person = whose.stand_in(away)
    return person, ALL_AWAY if person is None else f"{turn} is away"


def _change(team: Team, source: Source, at: int) -> int:
    """Return the next moment at which somebody else may be on call."""
    ends = [end for spell in (*team.swaps, *team.absences) for end in (spell.start, spell.end) if end > at]
    return min([*ends, source.change(at)])
