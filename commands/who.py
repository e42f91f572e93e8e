"""itsm-sync who: who of each team is on duty and on call now, who is next, and the week as a table."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import rosters, shifts, week, workspace
from commands.columns import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from commands.rosters import Seen
    from rules.oncall import Turn
    from rules.rulebook import Rulebook


@click.command("who", short_help="Show who is on duty and on call.")
@click.argument("team", required=False)
@click.option("--at", "time", metavar="TIME", help="Another moment than now, such as 2026-12-24T17:00.")
@workspace.option
@workspace.as_json
def command(team: str | None, time: str | None, folder: Path, as_json: bool) -> None:
    """Show who is on duty and on call, who is next, and the seven days from then on: of a TEAM, or of all.

    A time is by the clock of the desk's calendar unless it names its zone. Hours and turns are shown by the clock where
    the team is. A roster that is kept elsewhere is read there; nothing is written.

    \b
    Examples:
      itsm-sync who -w desk
      itsm-sync who web --at 2026-12-24T17:00 -w desk
      itsm-sync who service-desk --at 2026-12-24T17:00+01:00 --json
    """
    book, _warnings, _sources = workspace.rulebook(folder)
    at = _moment(book, time)
    teams = _teams(book, team)
    seen = rosters.read(book, folder, _all(book, teams), at)
    if as_json:
        click.echo(json.dumps(_as_json(book, teams, at, seen), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(book, teams, at, seen)))


def _moment(book: Rulebook, time: str | None) -> int:
    """Return the moment that is asked for. Raises a usage error for one that no calendar reaches."""
    from rules.calendar import FIRST, LAST, YEAR
    from rules.wall import moment

    if time is None:
        return int(workspace.now().timestamp())
    try:
        at = moment(book.calendars[book.calendar].zone, datetime.fromisoformat(time))
    except ValueError:
        mend = "such as 2026-12-24T17:00 or 2026-12-24T17:00+01:00"
        raise click.BadParameter(f"{time!r} is no time {mend}", param_hint="--at") from None
    if not FIRST + YEAR < at < LAST - YEAR:
        raise click.BadParameter(f"{time!r} is beyond what calendars know: 1901 to 2128", param_hint="--at")
    return at


def _teams(book: Rulebook, team: str | None) -> list[str]:
    """Return the teams that are asked for; of all, regions are shown with the team whose they are."""
    from rules.problems import did_you_mean

    if team is None:
        regions = {region for one in book.teams.values() for region in one.regions}
        return [key for key in book.teams if key not in regions]
    if team not in book.teams:
        mend = did_you_mean(team, book.teams)
        raise click.UsageError(f"no team is called '{team}'" + (f": {mend}" if mend else ""))
    return [team]


def _lines(book: Rulebook, teams: Sequence[str], at: int, seen: Seen) -> Iterator[str]:
    """Yield all that is printed: who it is now, team by team, and then the weeks."""
    zone = book.calendars[book.calendar].zone
    time = week.local(zone, at)
    yield f"{week.day(time)} {time.year}, {time:%H:%M} in {zone}"
    if not teams:
        yield "\nThere are no teams: name them under teams:."
    for team in teams:
        yield ""
        yield from shifts.lines(book, team, at, seen)
    yield from _weeks(book, teams, at, seen)


def _weeks(book: Rulebook, teams: Sequence[str], at: int, seen: Seen) -> Iterator[str]:
    """Yield the week of each team and region; those that have the same share a table."""
    from rules.duty import hours_of

    shared: dict[tuple[tzinfo, tuple[str, ...]], list[str]] = {}
    for team in _tabled(book, teams, at, seen):
        rows = tuple(week.table(book, team, at, seen.known))
        shared.setdefault((hours_of(book, team).zone, rows), []).append(team)
    for (zone, rows), names in shared.items():
        yield ""
        yield wrapped(f"{', '.join(names)}: seven days in {zone}", "", "  ")
        yield from rows


def _tabled(book: Rulebook, teams: Sequence[str], at: int, seen: Seen) -> list[str]:
    """Return the teams that have a week of their own: one that follows the sun only where it has people on call."""
    from rules.oncall import is_known

    return [one for one in _all(book, teams) if not book.teams[one].regions or is_known(book, one, at, seen.known)]


def _as_json(book: Rulebook, teams: Sequence[str], at: int, seen: Seen) -> dict[str, Any]:
    zone = book.calendars[book.calendar].zone
    return {"at": _iso(zone, at), "teams": {team: _team(book, team, at, seen) for team in _all(book, teams)}}


def _all(book: Rulebook, teams: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one for team in teams for one in (team, *book.teams[team].regions)))


def _team(book: Rulebook, team: str, at: int, seen: Seen) -> dict[str, Any]:
    """Return what there is to say of a team, in times by its own clock."""
    from rules.duty import hours_of, shift
    from rules.oncall import now_and_next, turns

    hours, regions = hours_of(book, team), book.teams[team].regions
    days, now = week.midnights(hours.zone, at), shift(book, team, at)
    spans = [] if regions else week.opening(hours, days[0], days[-1])
    return {
        "zone": str(hours.zone),
        "regions": list(regions),
        "on_duty": {"team": now.team or None, "until": _iso(hours.zone, now.end)},
        "next_on_duty": _next(book, team, hours.zone, now.end),
        "on_call": [_turn(turn, hours.zone) for turn in now_and_next(book, team, at, seen.known)],
        "roster": _roster(book, team, hours.zone, seen),
        "week": {
            "hours": [{"from": _iso(hours.zone, start), "to": _iso(hours.zone, end)} for start, end in spans],
            "on_call": [_turn(turn, hours.zone) for turn in turns(book, team, days[0], days[-1], seen.known)],
        },
    }


def _next(book: Rulebook, team: str, zone: tzinfo, end: int | None) -> dict[str, Any] | None:
    coming = shifts.coming(book, team, end)
    return None if coming is None else {"team": coming.team, "from": _iso(zone, coming.start)}


def _roster(book: Rulebook, team: str, zone: tzinfo, seen: Seen) -> dict[str, Any] | None:
    """Return where it was read who is on call, when, and what is wrong with it; None for a team that says it itself."""
    if not book.teams[team].roster:
        return None
    roster, problem = seen.known.get(team), seen.problems.get(team)
    times = {name: _iso(zone, getattr(roster, name, None)) for name in ("read_at", "covers_until")}
    return {"source": book.teams[team].roster, **times, "problem": problem}


def _turn(turn: Turn, zone: tzinfo) -> dict[str, Any]:
    end = _iso(zone, turn.end)
    return {"from": _iso(zone, turn.start), "to": end, "person": turn.person, "why": turn.why or None}


def _iso(zone: tzinfo, at: int | None) -> str | None:
    return week.local(zone, at).isoformat() if at is not None and week.is_known(at) else None
