"""itsm-sync report: what happened, by week or month: in lines, as JSON, or as one page with charts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from commands import workspace

if TYPE_CHECKING:
    from rules.periods import By, Period
    from rules.rulebook import Rulebook
    from rules.tally import Tally

MOST: Final = 120
"""Weeks or months of one report: more than what is kept, and few enough to be looked at."""

FIRST_YEAR, LAST_YEAR = 1971, 2120
"""What calendars know well."""

MEND: Final = "write it as 2026-11-02"


@click.command("report", short_help="Show what happened, by week or month.")
@click.option("--by", type=click.Choice(["week", "month"]), default="week", help="ISO weeks, if left out, or months.")
@click.option("--from", "since", metavar="DAY", help="First day; if left out, eight weeks or three months are shown.")
@click.option("--to", "until", metavar="DAY", help="Last day, which is included; today if left out.")
@click.option("--team", default="", metavar="TEAM", help="Only what happened to tickets of this team.")
@click.option("--service", default="", metavar="SERVICE", help="Only what happened to tickets of this service.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Also write a page with charts.")
@workspace.option
@workspace.as_json
def command(
    by: By,
    since: str | None,
    until: str | None,
    team: str,
    service: str,
    page: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Show what happened: escalations, times to acknowledge and resolve, breaches, promises, hand-overs, ping-pong.

    Days, weeks and months are those of the desk's calendar. Only what really happened counts, nothing that was only
    observed or advised. No platform is asked and nothing is changed.

    \b
    Examples:
      itsm-sync report -w desk
      itsm-sync report --by month --from 2026-01-01 --team web -w desk
      itsm-sync report --html report.html -w desk
    """
    from rules.periods import periods
    from rules.tally import tally

    book, _warnings, _sources = workspace.rulebook(folder)
    zone = book.calendars[book.calendar].zone
    first, last = _days(by, since, until, workspace.now().astimezone(zone).date())
    parts = periods(by, first, last, zone)
    if len(parts) > MOST:
        raise click.BadParameter(f"these are {len(parts)} {by}s: choose {MOST} at most", param_hint="--from")
    with workspace.store_of(folder, book) as store:
        found = tally(store.happened(parts[0].start, parts[-1].end), parts, team, service)
    _judge_names(book, found, team, service)
    asked = {"by": by, "from": first, "to": last, "zone": str(zone), "team": team, "service": service}
    if page is not None:
        _write(page, book, found, asked)
    _print(found, asked, as_json)


def _days(by: By, since: str | None, until: str | None, today: date) -> tuple[date, date]:
    """Return the first and the last day. Raises a usage error for days that are none, or in the wrong order."""
    from rules.periods import usual_start

    last = today if until is None else _day(until, "--to")
    if since is None:
        return usual_start(by, last), last
    first = _day(since, "--from")
    if first > last:
        what = f"{first} is after {last}" + (", which is today" if until is None else "")
        raise click.BadParameter(f"{what}: name an earlier day, or a later one after --to", param_hint="--from")
    return first, last


def _day(text: str, option: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day: {MEND}", param_hint=option) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise click.BadParameter(f"{text!r} is in no year from {FIRST_YEAR} to {LAST_YEAR}", param_hint=option)
    return day


def _judge_names(book: Rulebook, found: Tally, team: str, service: str) -> None:
    """Raise a usage error for a team or service that the workspace does not know and nothing happened to.

    One that was taken out of the workspace still has its past.
    """
    from rules.problems import did_you_mean

    known: Mapping[str, tuple[str, Any]] = {"team": (team, book.teams), "service": (service, book.services)}
    for what, (name, names) in known.items():
        if found.is_empty and name and name not in names:
            mend = did_you_mean(name, names)
            raise click.UsageError(f"no {what} is called '{name}'" + (f": {mend}" if mend else ""))


def _write(file: Path, book: Rulebook, found: Tally, asked: Mapping[str, Any]) -> None:
    from templates.report import report

    try:
        file.write_text(report(book.desk, found, asked, workspace.now()), encoding="utf-8")
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be written: {error.strerror}", param_hint="--html") from error


def _print(found: Tally, asked: Mapping[str, Any], as_json: bool) -> None:
    from commands.figures import lines

    if as_json:
        click.echo(json.dumps(_as_json(found, asked), ensure_ascii=False, default=lambda time: time.isoformat()))
    else:
        click.echo("\n".join(lines(found, asked)))


def _as_json(found: Tally, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report as JSON has it: seconds of working time, moments in UTC."""
    return {
        **asked,
        "periods": [_period(one) for one in found.periods],
        "times": {
            one.what: {"periods": [each._asdict() for each in one.periods], "total": one.total._asdict()}
            for one in found.times
        },
        "counts": {key: [row._asdict() for row in rows] for key, rows in found.tables.items()},
        "ping_pong": [{"ticket": ticket, "times": times} for ticket, times in found.bounced],
    }


def _period(one: Period) -> dict[str, Any]:
    from datetime import UTC

    start, end = (datetime.fromtimestamp(at, UTC) for at in (one.start, one.end))
    return {"name": one.name, "from": one.first, "to": one.last, "whole": one.whole, "start": start, "end": end}
