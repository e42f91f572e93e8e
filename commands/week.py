"""Times by the clock where a team is, and the table of its week: opening hours, and who is on call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Final

from commands.columns import columns, wrapped

if TYPE_CHECKING:
    from rules.calendar import Calendar, Span
    from rules.oncall import Turn
    from rules.rosters import Roster
    from rules.rulebook import Rulebook

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""English in every locale: the rest of the output is, too."""

DAY: Final = 12
"""Columns for a day's name and two blanks."""

SPANS: Final = 2
"""Opening hours in one line; who has more of them a day gets more lines."""

MOST: Final = 6
"""Turns of a day that are shown, of rotations that turn by the hour or faster; --json has all."""


def local(zone: tzinfo, at: int) -> datetime:
    """Return what a clock in the zone shows."""
    return datetime.fromtimestamp(at, zone)


def is_known(at: int) -> bool:
    """Tell whether calendars reach so far; what ends later may as well last for ever."""
    from rules.calendar import LAST

    return at < LAST


def day(time: datetime) -> str:
    """Return a day such as "Thu 26 Nov"."""
    return f"{DAYS[time.weekday()]} {time.day:2} {MONTHS[time.month - 1]}"


def clock(zone: tzinfo, at: int, now: int) -> str:
    """Return a time to come as shortly as it is clear now: "16:00", "Fri 08:00", or "Fri 4 Dec 08:00"."""
    time, today = local(zone, at), local(zone, now)
    if (days := (time.date() - today.date()).days) < len(DAYS):
        return f"{DAYS[time.weekday()]} {time:%H:%M}" if days else f"{time:%H:%M}"
    year = "" if time.year == today.year else f" {time.year}"
    return f"{day(time).replace('  ', ' ')}{year} {time:%H:%M}"


def midnights(zone: tzinfo, at: int) -> list[int]:
    """Return when the seven days from the day of a moment begin, and when the last of them ends."""
    from rules.wall import midnight

    return [midnight(zone, at, later) for later in range(8)]


def opening(hours: Calendar, start: int, end: int) -> list[Span]:
    """Return the opening hours between two moments."""
    found: list[Span] = []
    opens = hours.next_open(start)
    while opens is not None and opens < end:
        closes = hours.next_close(opens)
        found.append((opens, end if closes is None else min(closes, end)))
        opens = hours.next_open(found[-1][1])
    return found


def table(book: Rulebook, team: str, at: int, rosters: Mapping[str, Roster]) -> list[str]:
    """Return the week of a team, a day a row, in lines of 80 columns; a team that follows the sun has no hours."""
    from rules.duty import hours_of
    from rules.oncall import is_known, turns

    hours, has_hours = hours_of(book, team), not book.teams[team].regions
    days = midnights(hours.zone, at)
    rota = turns(book, team, days[0], days[-1], rosters) if is_known(book, team, at, rosters) else []
    rows = [
        (
            day(local(hours.zone, start)),
            _hours(hours, start, end) if has_hours else [],
            _turns(rota, hours.zone, start, end),
        )
        for start, end in pairwise(days)
        if start < end
    ]
    wide = max((len(line) for _, spans, _ in rows for line in spans), default=0)
    return [line for row in rows for line in _row(*row, wide)]


def _row(name: str, spans: Sequence[str], rota: Sequence[str], wide: int) -> Iterator[str]:
    """Yield the lines of a day: its hours on the left, whoever is on call on the right."""
    room = 2 + DAY + (wide + 2 if wide else 0)
    right = [line for one in rota for line in wrapped(one, " " * room, " " * (room + 2)).splitlines()]
    for name_or_blank, span, line in zip_longest([name], spans or [""], right, fillvalue=""):
        left = f"  {name_or_blank:{DAY}}{span}"
        yield (left + " " * (room - columns(left)) + line[room:]).rstrip()


def _hours(hours: Calendar, start: int, end: int) -> list[str]:
    """Return the opening hours of a day in lines of few."""
    spans = opening(hours, start, end)
    if spans == [(start, end)]:
        return ["all day"]
    texts = [f"{_wall(hours.zone, a, end)}-{_wall(hours.zone, b, end)}" for a, b in spans]
    return [", ".join(texts[place : place + SPANS]) for place in range(0, len(texts), SPANS)] or ["closed"]


def _wall(zone: tzinfo, at: int, midnight: int) -> str:
    return "24:00" if at == midnight else f"{local(zone, at):%H:%M}"


def _turns(rota: Sequence[Turn], zone: tzinfo, start: int, end: int) -> list[str]:
    """Return who is on call on a day, one after the other."""
    found = [turn for turn in rota if turn.start < end and start < turn.end]
    texts = [_turn(turn, _within(turn, zone, start, end)) for turn in found]
    more = len(texts) - MOST
    return [*texts[:MOST], f"and {more} more turns"] if more > 0 else texts


def _within(turn: Turn, zone: tzinfo, start: int, end: int) -> str:
    """Return from when until when a turn is, as far as it begins and ends within a day."""
    since = f" from {local(zone, turn.start):%H:%M}" if turn.start > start else ""
    return since + (f" until {local(zone, turn.end):%H:%M}" if turn.end < end else "")


def _turn(turn: Turn, when: str) -> str:
    who = turn.person or "nobody"
    return f"{who}{when} ({turn.why})" if turn.why else f"{who}{when}"
