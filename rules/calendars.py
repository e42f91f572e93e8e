"""Compiles the calendars of a workspace, and reports what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta, tzinfo
from itertools import pairwise
from typing import Final, NamedTuple

from rules.almanac import Almanac
from rules.calendar import DAY, Calendar, Hours, Span, span
from rules.checks import listed
from rules.forms import CLOSED, DAYS, HOURS, ISO_DAY
from rules.problems import Report, did_you_mean
from rules.tree import Node

WEEK: Final = len(DAYS) * DAY
MONTH: Final = timedelta(days=31)


class _Opening(NamedTuple):
    """Opening hours of a day, in seconds, and where they are written."""

    start: int
    end: int
    day: str
    node: Node


def compile_calendars(root: Node, almanac: Almanac, report: Report) -> dict[str, Calendar]:
    """Return the calendars by name. They are only good for use if no error was reported."""
    return {name: _calendar(name, node, root, almanac, report) for name, node in root.under("calendars").items()}


def _calendar(name: str, node: Node, root: Node, almanac: Almanac, report: Report) -> Calendar:
    _check_that_it_opens(name, node, root, report)
    zones = [_zone(zone, almanac, report) for zone in node.each("zone")]
    codes = [code for named in node.each("holidays") for code in listed(named)]
    holidays = frozenset(day for code in codes for day in _holidays(code, almanac, report))
    return Calendar((*zones, UTC)[0], _week(node, report), holidays, dict(_days(node, report)))


def _zone(node: Node, almanac: Almanac, report: Report) -> tzinfo:
    zone = almanac.zone(node.text)
    if zone is None and node.text:
        places = (name for name in almanac.zones() if "/" in name)
        mend = did_you_mean(node.raw, places, "write a name of the IANA database, such as Europe/Oslo")
        report(node.place, f"there is no zone '{node.raw}'", mend)
    return zone or UTC


def _holidays(node: Node, almanac: Almanac, report: Report) -> frozenset[date]:
    """Return the days of a country or region, and report one that nobody knows."""
    country, dash, region = node.raw.partition("-")
    if not country:
        return frozenset()
    known = almanac.countries()
    if country not in known:
        mend = did_you_mean(country, known, "write its code of two letters (ISO 3166), such as NO or CA-BC")
        report(node.place, f"no holidays are known of a country '{country}'", mend)
    elif dash and region not in known[country]:
        mend = did_you_mean(region, known[country]) or f"write {country} alone, or one of its regions (ISO 3166-2)"
        report(node.place, f"no holidays are known of a region '{region}' of {country}", mend)
    else:
        return almanac.holidays(node.raw)
    return frozenset()


def _week(node: Node, report: Report) -> tuple[Hours, ...]:
    """Return the hours of each day of the week, Monday's first."""
    openings = sorted(
        (
            _Opening(number * DAY + start, number * DAY + end, DAYS[number], item)
            for days, entry in node.under("hours").items()
            for (start, end), item in _spans(entry, report)
            for number in _numbers(days)
        ),
        key=_in_order,
    )
    again = [first._replace(start=first.start + WEEK, end=first.end + WEEK) for first in openings[:1]]
    _check_overlaps([*openings, *again], report)
    return tuple(
        tuple((o.start - number * DAY, o.end - number * DAY) for o in openings if o.day == day)
        for number, day in enumerate(DAYS)
    )


def _days(node: Node, report: Report) -> Iterator[tuple[date, Hours]]:
    """Yield the days that have hours of their own."""
    for text, entry in node.under("days").items():
        openings = [_Opening(*hours, text, item) for hours, item in _spans(entry, report)]
        openings.sort(key=_in_order)
        _check_overlaps(openings, report)
        day = _day(text, entry, report)
        if day is not None:
            yield day, tuple((opening.start, opening.end) for opening in openings)


def _day(text: str, node: Node, report: Report) -> date | None:
    """Return the day, and report one that no year has; texts of another form are reported already."""
    if not ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        report(node.key, f"there is no day {text}", _last_day(text[:8]))
        return None


def _last_day(month: str) -> str:
    """Return the mend for a day that is missing in a month: most often it is one too late."""
    try:
        last = (date.fromisoformat(f"{month}01") + MONTH).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError):
        return "write year, month and day, such as 2026-12-24"
    return f"the last day of that month is {last}"


def _spans(node: Node, report: Report) -> Iterator[tuple[Span, Node]]:
    """Yield the opening hours of an entry; what is of another form is reported already."""
    items = listed(node)
    for item in items:
        start, _, end = item.text.partition("-")
        if item.text == CLOSED and len(items) > 1:
            report(item.place, "'closed' stands beside other hours", "keep the one or the others")
        elif start == end and item.text:
            report(item.place, f"'{item.raw}' ends where it starts", 'write "00:00-24:00" for a whole day, or closed')
        elif HOURS.fullmatch(item.text):
            yield span(item.text), item


def _numbers(days: str) -> Sequence[int]:
    """Return the days of the week that "mon-fri" stands for; "fri-mon" goes over the week's end."""
    first, _, last = days.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        return ()
    start = DAYS.index(first)
    return [(start + n) % len(DAYS) for n in range((DAYS.index(last or first) - start) % len(DAYS) + 1)]


def _in_order(opening: _Opening) -> Span:
    return opening.start, opening.end


def _check_overlaps(openings: Sequence[_Opening], report: Report) -> None:
    """Report hours that begin before earlier ones have ended; two entries that do so on many days are one fault."""
    faults = set()
    for before, after in pairwise(openings):
        pair = before.node.place, after.node.place
        if after.start < before.end and pair not in faults:
            faults.add(pair)
            text = f"'{after.node.raw}' of {after.day} overlaps '{before.node.raw}' of {before.day}"
            report(after.node.place, text, "hours of one day add up: say each of them once")


def _check_that_it_opens(name: str, node: Node, root: Node, report: Report) -> None:
    """Report a calendar without opening hours; most often that is how a team is never on duty."""
    parts = [*node.each("hours.*"), *node.each("days.*")]
    if "hours" not in node.entries or any(item.text != CLOSED for part in parts for item in listed(part)):
        return
    idle = [key for key, team in root.under("teams").items() if any(c.text == name for c in team.each("calendar"))]
    who = f", and the team '{idle[0]}' is never on duty" if idle else ""
    mend = 'write when it is open, such as mon-fri: "08:00-16:00"'
    report(node.entries["hours"].key, f"'{name}' has no opening hours{who}", mend)
