"""Rosters: who is on call as it was read elsewhere, in a calendar or on a platform. Moments are seconds since 1970.

Whether a roster is believed depends on when it was read. Swaps and absences of the workspace are applied on top of it
by `rules.oncall`, as they are on a rotation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from datetime import timedelta, tzinfo
from types import MappingProxyType
from typing import Final, NamedTuple

from rules.calendar import DAY, EPOCH, EVER

OLDEST: Final = DAY
"""A roster that was read longer ago is not believed. People swap turns from one day to the next, and a wrong call at
night is worse than none: then the team hears of it as if nobody were on call. A source may be silent for a night."""

NOT_READ: Final = "not read yet"
STALE: Final = "the roster was last read"
GAP: Final = "a gap in the roster"
BEYOND: Final = "the roster was not read for then"


class Feed(NamedTuple):
    """Where it stands who is on call: the address of a calendar, as written, or a schedule of a connection.

    `proxy` and `ca_file` are for the calendar; `zone` is what the team's days are counted in.
    """

    zone: tzinfo
    ical: str = ""
    source: str = ""
    schedule: str = ""
    proxy: str = ""
    ca_file: str = ""


class Turn(NamedTuple):
    """Who is on call from one moment to another; nobody: None. `why` says what differs from the rotation, or is ""."""

    start: int
    end: int
    person: str | None
    why: str = ""

    def holds(self, at: int) -> bool:
        """Tell whether it is this turn at a moment."""
        return self.start <= at < self.end


class Roster(NamedTuple):
    """Who is on call, as it was read at `read_at`; it is not known what was before `covers_from` and from
    `covers_until` on.

    `turns` stand in the order in which they count: of those that hold at a moment the first one does, and the others
    are tried after it. Where none holds nobody is on call.
    """

    turns: tuple[Turn, ...]
    read_at: int
    covers_until: int
    covers_from: int = 0


NO_ROSTERS: Final[Mapping[str, Roster]] = MappingProxyType({})


class Whose(NamedTuple):
    """Whose turn it is before swaps and absences, or why nobody's.

    `following` would be tried next, in this order; those `beside` have the turn before or after.
    """

    person: str | None
    why: str = ""
    following: tuple[str, ...] = ()
    beside: Set[str] = frozenset()

    def stand_in(self, away: Collection[str]) -> str | None:
        """Return who takes the turn of somebody who is away: the next who is there.

        Whoever has the turn before or after comes last: nobody shall have two in a row while others are free.
        """
        there = [person for person in self.following if person not in away]
        return next((person for person in there if person not in self.beside), there[0] if there else None)


class Unknown(NamedTuple):
    """A roster that tells nothing, and why."""

    why: str

    def whose(self, at: int) -> Whose:
        """Return nobody."""
        return Whose(None, self.why)

    def change(self, at: int) -> int:
        """Return never."""
        return EVER


class Listed(NamedTuple):
    """A roster that is believed."""

    roster: Roster

    def whose(self, at: int) -> Whose:
        """Return whose turn it is at a moment, and who follows: others whose turn it is too, then the next ones."""
        if not self.roster.covers_from <= at < self.roster.covers_until:
            return Whose(None, BEYOND)
        holding = [turn for turn in self.roster.turns if turn.holds(at)]
        named = [turn.person for turn in holding if turn.person is not None]
        if not named:
            return Whose(None, holding[0].why if holding else GAP)
        later = _people(sorted(turn for turn in self._named() if turn.start > at))
        before = _people(sorted((turn for turn in self._named() if turn.end <= at), key=lambda turn: -turn.end))
        others = dict.fromkeys((*named, *later, *before))
        others.pop(named[0])
        near = {*later[:1], *before[:1]} - set(named)
        return Whose(named[0], "", tuple(others), near)

    def change(self, at: int) -> int:
        """Return the next moment at which it may be another one's turn."""
        ends = (end for turn in self.roster.turns for end in turn[:2])
        return min(
            (end for end in (*ends, self.roster.covers_from, self.roster.covers_until) if end > at), default=EVER
        )

    def _named(self) -> list[Turn]:
        return [turn for turn in self.roster.turns if turn.person is not None]


def believed(roster: Roster | None, asked_at: int, zone: tzinfo) -> Listed | Unknown:
    """Return a roster for whoever asks now, unless it was never read, or too long ago."""
    if roster is None:
        return Unknown(NOT_READ)
    if asked_at - roster.read_at <= OLDEST:
        return Listed(roster)
    return Unknown(f"{STALE} {(EPOCH + timedelta(seconds=roster.read_at)).astimezone(zone):%Y-%m-%d %H:%M}")


def _people(turns: list[Turn]) -> list[str]:
    """Return who has these turns, each one once."""
    return list(dict.fromkeys(turn.person for turn in turns if turn.person is not None))
