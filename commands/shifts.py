"""Says who of a team is on duty and on call at a moment, and who is next, region by region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from commands import week
from commands.columns import columns, wrapped
from commands.rosters import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from rules.oncall import Turn
    from rules.rulebook import Rulebook

NAMES: Final = 24
"""Columns for the names of regions; a longer one has a line of its own."""


class Coming(NamedTuple):
    """Who is on duty next, and from when on."""

    team: str
    start: int


def coming(book: Rulebook, team: str, end: int | None) -> Coming | None:
    """Return who is on duty when a shift has ended, or when the gap after it has; None if it is for ever."""
    from rules.duty import shift

    if end is None:
        return None
    then = shift(book, team, end)
    return Coming(then.team, end) if then.team else coming(book, team, then.end)


def lines(book: Rulebook, team: str, at: int, seen: Seen) -> Iterator[str]:
    """Yield who of a team is on duty and on call, and the same of each of its regions."""
    from rules.duty import hours_of

    zone = hours_of(book, team).zone
    yield wrapped(team + _elsewhere(book, team, zone, at), "", "  ")
    yield wrapped(_duty(book, team, zone, at), "  on duty  ", " " * 11)
    if rota := _on_call(book, team, zone, at, seen):
        yield wrapped(rota, "  on call  ", " " * 11)
    if team in seen.problems:
        yield wrapped(seen.problems[team], " " * 11, " " * 13)
    regions = book.teams[team].regions
    wide = max((size for size in map(columns, regions) if size <= NAMES), default=0)
    for region in regions:
        yield from _region(book, region, wide, at, seen)


def _elsewhere(book: Rulebook, team: str, zone: tzinfo, at: int) -> str:
    """Return what the clock shows where the team is, unless that is where the desk is."""
    is_here = zone == book.calendars[book.calendar].zone or book.teams[team].regions
    return "" if is_here else f" ({_clock(zone, at)} in {zone})"


def _clock(zone: tzinfo, at: int) -> str:
    time = week.local(zone, at)
    return f"{week.DAYS[time.weekday()]} {time:%H:%M}"


def _region(book: Rulebook, region: str, wide: int, at: int, seen: Seen) -> Iterator[str]:
    """Yield a region by its own clock."""
    from rules.duty import hours_of

    zone, long = hours_of(book, region).zone, columns(region) > NAMES
    if long:
        yield wrapped(region, "    ", "      ")
    name = "" if long else region
    start = f"    {name}{' ' * (wide - columns(name))}  {_clock(zone, at)}  "
    rest = " " * columns(start)
    yield wrapped(_open(book, region, zone, at), start, rest)
    if rota := _on_call(book, region, zone, at, seen):
        yield wrapped(f"on call: {rota}", rest, rest)
    if region in seen.problems:
        yield wrapped(seen.problems[region], rest, rest)


def _duty(book: Rulebook, team: str, zone: tzinfo, at: int) -> str:
    """Return who is on duty until when, and who is then; a team without regions is itself."""
    from rules.duty import shift

    now = shift(book, team, at)
    until = f"{_named(now.team, team) or 'nobody'}{_until(zone, now.end, at)}"
    then = coming(book, team, now.end)
    if then is None:
        return f"{until}, always" if now.team else "nobody, ever"
    who = "again" if then.team == now.team else _named(then.team, team)
    since = f" from {week.clock(zone, then.start, at)}" if then.start != now.end else ""
    return f"{until}, then {who}{since}"


def _named(one: str, team: str) -> str:
    """Return a region's name; a team without regions is the team."""
    return "the team" if one == team else one


def _open(book: Rulebook, team: str, zone: tzinfo, at: int) -> str:
    """Return whether it is open and until when, and when it opens again."""
    from rules.duty import hours_of

    hours = hours_of(book, team)
    if not hours.is_open(at):
        opens = hours.next_open(at)
        return "closed, and never opens" if opens is None else f"closed{_until(zone, opens, at)}"
    closes = hours.next_close(at)
    opens = None if closes is None else hours.next_open(closes)
    again = "" if opens is None else f", again from {week.clock(zone, opens, at)}"
    return f"open{_until(zone, closes, at)}{again}" if closes is not None else "always open"


def _on_call(book: Rulebook, team: str, zone: tzinfo, at: int, seen: Seen) -> str:
    """Return who is on call until when, and who is then; nothing for a team without."""
    from rules.oncall import now_and_next

    turns = now_and_next(book, team, at, seen.known)
    found = [_holder(turn) + _until(zone, turn.end, at) for turn in turns[:1]]
    return ", ".join([*found, *(f"then {_holder(turn)}" for turn in turns[1:])])


def _holder(turn: Turn) -> str:
    from rules.rosters import NOT_READ, STALE

    who = turn.person or ("not known" if turn.why.startswith((NOT_READ, STALE)) else "nobody")
    return f"{who} ({turn.why})" if turn.why else who


def _until(zone: tzinfo, end: int | None, at: int) -> str:
    return f" until {week.clock(zone, end, at)}" if end is not None and week.is_known(end) else ""
