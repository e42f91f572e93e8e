"""Calendars in iCalendar's format (RFC 5545): their events within a window become turns.

Repetitions, exceptions and zones are the work of `icalendar` and `recurring-ical-events`. Turns are days, or
parts of days: a rule that repeats by the hour is no rota and could keep us busy for long, so that it is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final

from connectors.rota.naming import People
from connectors.rota.sheet import UNKNOWN, Nonsense, Odd, Sheet
from rules.rosters import Turn
from rules.wall import moment

if TYPE_CHECKING:
    from icalendar import Calendar

ODD: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the packages raise where a calendar has another form than the one that they read."""

DAYS: Final = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
"""How often an event may repeat, and how many days lie between two of its turns at the least."""

NARROWING: Final = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
"""What rules by the month or year say. By the day it may ask for a day that never comes, and be sought for ever."""

FIRST: Final = 1970
"""The year from which on repetitions are counted: nobody's rota is older."""

EVENTS: Final = 5_000
STEPS: Final = 200_000
"""Events of a calendar that is read at all, and their repetitions up to now: together some five seconds of work."""

MARGIN: Final = timedelta(days=1)
"""More of the calendar is looked at on both sides: dates without a zone may begin a day off."""


def sheet(text: str, people: People, zone: tzinfo, start: int, end: int) -> Sheet:
    """Return who is on call between two moments. `zone` is for whole days and times without a zone of their own.

    Of events that overlap the one that begins later counts, of those the one that ends earlier: whoever takes over for
    an evening is written on top of the week. Raises `Nonsense` for what is no calendar, and for one without an event.
    """
    calendar = _parsed(text)
    odd = _without_odd_ones(calendar, end)
    try:
        events = [_event(event, people, zone) for event in _occurrences(calendar, start, end)]
    except ODD as error:
        raise Nonsense(f"the calendar cannot be read ({type(error).__name__}): look at its repeated events") from None
    events = [(turn, name) for turn, name in events if turn.start < turn.end and turn.start < end and turn.end > start]
    if not events:
        raise Nonsense("the calendar has no event from yesterday to five weeks ahead")
    events.sort(key=lambda event: (event[0].person is None, -event[0].start, event[0].end, event[1]))
    unknown = sorted(Odd(turn.start, name) for turn, name in events if turn.person is None)
    return Sheet(tuple(turn for turn, _ in events), (*odd, *unknown))


def _parsed(text: str) -> Calendar:
    from icalendar import Calendar  # late: only desks with such a calendar wait for it

    events = text.upper().count("BEGIN:VEVENT")
    if events > EVENTS:
        raise Nonsense(f"the calendar has {events:,} events, and no rota has more than {EVENTS:,}")
    try:
        calendar = Calendar.from_ical(text)
    except ODD:
        raise Nonsense("the calendar is cut short, or is none") from None
    return calendar


def _without_odd_ones(calendar: Calendar, end: int) -> list[Odd]:
    """Take out the events that cannot be read, and return them: one of them would cost all the others."""
    events = [one for one in calendar.subcomponents if one.name == "VEVENT"]
    steps = [_steps(one, end) for one in events]
    odd = [one for one, count in zip(events, steps, strict=True) if count is None]
    if sum(count or 0 for count in steps) > STEPS:
        raise Nonsense("the calendar repeats events for too long: begin its series anew, a year ago or later")
    gone = set(map(id, odd))
    calendar.subcomponents = [one for one in calendar.subcomponents if id(one) not in gone]
    return [Odd(None, str(one.get("SUMMARY", ""))) for one in odd]


def _steps(event: Any, end: int) -> float | None:
    """Return how often an event repeats until a moment; None for one whose times or rule cannot be followed."""
    try:
        starts, rule = event["DTSTART"], event.get("RRULE")
        if any(_is_lost(event[name]) for name in ("DTSTART", "DTEND", "RECURRENCE-ID") if name in event):
            return None
        if rule is None:
            return 0
        if starts.dt.year < FIRST or not _is_followed(rule):
            return None
        days = (datetime.fromtimestamp(end, UTC).date() - date(*starts.dt.timetuple()[:3])).days
        interval = max(1, *rule.get("INTERVAL", [1]))
        return float(max(days, 0) * len(rule.get("BYHOUR", (0,))) / (DAYS[rule["FREQ"][0]] * interval))
    except ODD:
        return None


def _is_lost(time: Any) -> bool:
    """Tell whether a time names a zone that nobody knows; it would be taken for one without a zone."""
    return isinstance(time.dt, datetime) and "TZID" in time.params and time.dt.tzinfo is None


def _is_followed(rule: Any) -> bool:
    """Tell whether a rule is one of a rota: not by the hour or oftener, and for days that come."""
    (frequency,), parts = rule["FREQ"], set(rule)
    if frequency not in DAYS or "BYSECOND" in parts or len(rule.get("BYMINUTE", ())) > 1:
        return False
    return DAYS[frequency] > DAYS["WEEKLY"] or not parts & NARROWING


def _occurrences(calendar: Calendar, start: int, end: int) -> Iterator[Any]:
    """Yield what happens within the window, and a little beyond."""
    import recurring_ical_events

    first, last = (datetime.fromtimestamp(at, UTC) for at in (start, end))
    found = recurring_ical_events.of(calendar).between(first - MARGIN, last + MARGIN)
    return (event for event in found if str(event.get("STATUS", "")).upper() != "CANCELLED")


def _event(event: Any, people: People, zone: tzinfo) -> tuple[Turn, str]:
    """Return the turn that an event is, and its title."""
    title = str(event.get("SUMMARY", ""))
    person = people.meant(title, _attendees(event), _address(event.get("ORGANIZER", "")))
    begins, ends = (_moment(event[name].dt, zone) for name in ("DTSTART", "DTEND"))
    return Turn(begins, ends, person, "" if person is not None else UNKNOWN), title


def _attendees(event: Any) -> list[str]:
    """Return the addresses of those who are invited and did not decline."""
    found = event.get("ATTENDEE", [])
    listed = found if isinstance(found, list) else [found]
    return [_address(one) for one in listed if one.params.get("PARTSTAT", "").upper() != "DECLINED"]


def _address(value: str) -> str:
    """Return the e-mail address of somebody; Google and others write it in EMAIL where it is not the address itself."""
    named = getattr(value, "params", {}).get("EMAIL", "")
    return str(named) or (str(value)[7:] if value[:7].lower() == "mailto:" else str(value))


def _moment(time: date, zone: tzinfo) -> int:
    """Return the moment of a time; a day begins at midnight, by the clock in the zone."""
    return moment(zone, time if isinstance(time, datetime) else datetime(time.year, time.month, time.day))  # noqa: DTZ001
