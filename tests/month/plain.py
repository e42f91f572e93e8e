"""The desk of the simulated month as a reader of its rules would note it down: what the checker holds it to.

Written by hand beside `rules_of_the_month`, and read by the checker alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from tests.month.hours import Hours, local, turns

MINUTE, HOUR, WEEK = 60, 3600, timedelta(weeks=1)
OSLO, VANCOUVER, SAIGON = "Europe/Oslo", "America/Vancouver", "Asia/Ho_Chi_Minh"
FRIDAYS: Final = range(5)
EVERY_DAY: Final = range(7)
HOURS: Final = {
    "oslo": Hours(
        OSLO,
        dict.fromkeys(FRIDAYS, (("08:00", "16:00"),)),
        {"2026-10-30": (), "2026-11-06": (("08:00", "12:00"),)},
    ),
    "vancouver": Hours(
        VANCOUVER,
        dict.fromkeys(FRIDAYS, (("07:00", "16:00"),)),
        {"2026-09-30": (), "2026-10-12": (), "2026-11-11": ()},  # Truth and Reconciliation, Thanksgiving, Remembrance
    ),
    "saigon": Hours(SAIGON, dict.fromkeys(FRIDAYS, (("06:00", "11:00"), ("12:00", "15:00"))), {}),
    "oslo-nights": Hours(OSLO, dict.fromkeys(EVERY_DAY, (("22:00", "06:00"),)), {}),
    "vancouver-nights": Hours(VANCOUVER, dict.fromkeys(EVERY_DAY, (("21:00", "05:00"),)), {}),
    "always": Hours("UTC", dict.fromkeys(EVERY_DAY, (("00:00", "24:00"),)), {}),
}
REGIONS: Final = ("desk-oslo", "desk-vancouver", "desk-saigon")
TEAM_HOURS: Final = {
    **dict(zip(REGIONS, ("oslo", "vancouver", "saigon"), strict=True)),
    "web": "oslo", "payments": "oslo-nights", "harbour": "vancouver", "workplace": "oslo", "architects": "oslo",
}  # fmt: skip
CREWS: Final = {
    team: [HOURS[TEAM_HOURS[one]] for one in (REGIONS if team in REGIONS else (team,))] for team in TEAM_HOURS
}
HANDED_OVER: Final = ("P1", "P2")
ACCEPT_WITHIN: Final = 15 * MINUTE
LONGEST_BREAK: Final = 3 * HOUR

RESPOND: Final = {"P1": 15 * MINUTE, "P2": 30 * MINUTE, "P3": 4 * HOUR, "P4": 8 * HOUR}
RESOLVE: Final = {"P1": 4 * HOUR, "P2": 8 * HOUR, "P3": 24 * HOUR, "P4": 40 * HOUR}
UPDATES: Final = {"P1": HOUR, "P2": 4 * HOUR}
PRIORITY_HOURS: Final = {"P1": "always"}
PAUSES: Final = ("requester", "change")
GRACE: Final = 5 * MINUTE
"""What a promised word may be late by before it is missed."""


class Service(NamedTuple):
    """What stands behind a service."""

    team: str
    owner: str
    critical: bool
    hours: str = "oslo"


SERVICES: Final = {
    "booking": Service("web", "olivia", True),
    "payments": Service("payments", "olivia", True, "oslo-nights"),
    "ferries": Service("harbour", "ivar", False, "vancouver-nights"),
    "laptops": Service("workplace", "ivar", False),
}
SILENCES: Final = (
    ("booking", local(OSLO, "2026-10-28T10:00"), local(OSLO, "2026-10-28T14:00")),
    ("ferries", local(VANCOUVER, "2026-11-04T09:00"), local(VANCOUVER, "2026-11-04T18:30")),
)


class Duty(NamedTuple):
    """Who is on call in a team: the people who take turns, from when on each does, and who stands in when."""

    people: tuple[str, ...]
    turns: list[tuple[int, str]]
    instead: tuple[tuple[int, int, str], ...] = ()
    away: tuple[tuple[int, int, str], ...] = ()


def _days(first: str, after: str, person: str) -> tuple[int, int, str]:
    return local(OSLO, first), local(OSLO, after), person


ON_CALL: Final = {
    "web": Duty(
        ("ida", "jonas", "noah"),
        turns(OSLO, "2026-10-12T08:00", WEEK, ("ida", "jonas", "noah")),
        (_days("2026-11-04T00:00", "2026-11-06T00:00", "jonas"),),  # for Ida; Noah had the week before
        (_days("2026-11-04T00:00", "2026-11-06T00:00", "ida"),),
    ),
    "payments": Duty(("mia", "noah"), turns(OSLO, "2026-10-12T02:30", timedelta(days=1), ("mia", "noah"))),
    "harbour": Duty(("khanh", "mia"), turns(VANCOUVER, "2026-10-12T08:00", WEEK, ("khanh", "mia"))),
    "architects": Duty(
        ("khanh", "jonas"),
        turns(OSLO, "2026-10-05T08:00", WEEK, ("khanh", "jonas")),
        (_days("2026-10-24T12:00", "2026-10-25T12:00", "ida"),),
    ),
}
WITHOUT_ACCOUNT: Final = {"snow": (), "jira": ("khanh",)}


class Step(NamedTuple):
    """A step of a ladder: its level, the moments of which the first one counts, who gets it, who watches.

    A moment is ("off_duty",), ("unacknowledged", seconds), ("resolve", percent) or ("respond", percent). `team` is
    "service" for the service's; `who` is "on_call", "nobody", or "" where the ticket stays with whoever has it.
    """

    level: str
    after: tuple[tuple, ...]
    team: str = ""
    who: str = ""
    watch: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()


APPROVE_WITHIN: Final = 30 * MINUTE
CRITICAL: Final = (
    Step("L2", (("off_duty",), ("unacknowledged", 15 * MINUTE), ("resolve", 50)), "service", "on_call"),
    Step("L3", (("resolve", 75),), "architects", "on_call", approved_by=("ivar", "olivia")),
    Step("management", (("resolve", 100),), watch=("ivar", "owner")),
)
URGENT: Final = (
    Step("L2", (("unacknowledged", 30 * MINUTE), ("resolve", 60)), "service", "nobody"),
    Step("L3", (("resolve", 90),), "architects", "on_call"),
    Step("management", (("resolve", 100),), watch=("ivar",)),
)
EVERYTHING_ELSE: Final = (
    Step("L2", (("respond", 100),), "service", "nobody"),
    Step("management", (("resolve", 100),), watch=("owner",)),
)
ANYTIME: Final = (
    Step("L3", (("reopened", 2),), "architects", "on_call"),  # of critical services
    Step("swarm", (("reassigned", 3),), "service", "swarm"),
    Step("complaint", (("complaint",),), watch=("owner",)),
    Step("promise", (("promise",),), watch=("owner",)),
)
REMINDED_AFTER, REMINDERS = 8 * HOUR, 2
QUIET_FROM, QUIET_TO = 20, 7
"""Hours of the requester's day in which no timed word is said to them, except about major incidents."""

WARNED_AT: Final = 80
"""Percent of the time to resolve after which the team is warned."""


def ladder(priority: str, service: str) -> tuple[Step, ...]:
    """Return the first ladder that matches."""
    if priority in ("P1", "P2"):
        return CRITICAL if SERVICES[service].critical else URGENT
    return EVERYTHING_ELSE


def hours_of(priority: str, service: str) -> Hours:
    """Return the calendar of a ticket: the priority's, else the service's, else the desk's."""
    return HOURS[PRIORITY_HOURS.get(priority, SERVICES[service].hours)]


def team_hours(team: str) -> Hours:
    return HOURS[TEAM_HOURS[team]]


def on_duty(at: int) -> str:
    """Return the region that is open, else the one that opens next."""
    return min(REGIONS, key=lambda region: team_hours(region).next_open(at))


def off_duty(team: str, at: int) -> int | None:
    """Return since when nobody of a team is on duty, None while somebody is: of the desk, in no region."""
    crew = CREWS[team]
    return None if any(hours.is_open(at) for hours in crew) else max(hours.closed_since(at) for hours in crew)


def next_off_duty(team: str, at: int) -> int:
    """Return when nobody is on duty next, after a moment at which somebody is."""
    while any(hours.is_open(at) for hours in CREWS[team]):
        at = max(hours.next_close(at) for hours in CREWS[team] if hours.is_open(at))
    return at


def back_on_duty(team: str, at: int) -> int:
    """Return when somebody is on duty again, or the moment itself while somebody is."""
    return min(hours.next_open(at) for hours in CREWS[team])


def on_call(team: str, at: int, platform: str) -> str | None:
    """Return who of a team gets a ticket on a platform: who is on call, or the next one who has an account there."""
    duty = ON_CALL.get(team)
    if duty is None:
        return None
    turn = [person for start, person in duty.turns if start <= at][-1]
    first = next((person for start, end, person in duty.instead if start <= at < end), turn)
    away = [person for start, end, person in duty.away if start <= at < end]
    line = (first, *(one for one in duty.people if one != first and one not in away))
    return next((one for one in line if one not in WITHOUT_ACCOUNT[platform]), None)


def silenced_until(service: str, at: int) -> int:
    return max((end for name, start, end in SILENCES if name == service and start <= at < end), default=at)
