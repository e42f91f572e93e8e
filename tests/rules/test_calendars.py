"""The calendars of a workspace: what its YAML becomes, and what of them a rulebook's digest tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, tzinfo

import pytest
from loading import BASELINE, CONNECTION, MESSAGES, rulebook

from rules.calendar import Calendar
from rules.workspace import load

HOUR = 3600
OFFICE = "calendars: {office: {zone: UTC, hours: {mon-fri: 08:00-16:00}, holidays: X}}\ncalendar: office"


class Village:
    """The almanac of a place with the holidays that a test wants."""

    def __init__(self, *holidays: date) -> None:
        self.days = frozenset(holidays)

    def zone(self, name: str) -> tzinfo | None:
        return UTC

    def zones(self) -> Collection[str]:
        return ("UTC",)

    def countries(self) -> Mapping[str, Collection[str]]:
        return {"X": ()}

    def holidays(self, code: str) -> frozenset[date]:
        return self.days


def office(rules: str) -> Calendar:
    return rulebook("calendars: {office: {" + rules + "}}\ncalendar: office").calendars["office"]


def opened(calendar: Calendar, day: str) -> float:
    """Return the hours of a day (UTC) in which a calendar is open."""
    midnight = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
    return calendar.between(midnight, midnight + 24 * HOUR) / HOUR


def digest(*holidays: date, rules: str = OFFICE) -> str:
    answer = load({"desk.yaml": CONNECTION, "a.yaml": rules}, BASELINE, MESSAGES, Village(*holidays))
    assert answer.rulebook is not None, answer.problems
    return answer.rulebook.digest


def test_a_desk_that_names_no_calendar_never_closes():
    book = rulebook()
    assert book.calendar == "always"
    assert book.calendars["always"].next_close(0) is None


def test_hours_are_those_of_the_zone_and_of_the_days_that_are_named():
    found = office("zone: Asia/Ho_Chi_Minh, hours: {mon-wed: [07:00-11:00, 12:00-15:00], sat: 08:00-10:00}")
    assert [opened(found, f"2026-11-{day}") for day in (23, 24, 25, 26, 27, 28, 29)] == [7, 7, 7, 0, 0, 2, 0]
    noon = int(datetime(2026, 11, 23, 12, tzinfo=found.zone).timestamp())
    assert (found.is_open(noon - 1), found.is_open(noon), found.next_close(noon)) == (False, True, noon + 3 * HOUR)


def test_days_may_go_over_the_end_of_the_week():
    found = office("zone: UTC, hours: {fri-mon: 08:00-16:00, tue: closed}")
    assert [opened(found, f"2026-11-{day}") for day in (23, 24, 25, 26, 27, 28, 29)] == [8, 0, 0, 0, 8, 8, 8]


def test_hours_of_two_entries_for_one_day_add_up():
    found = office("zone: UTC, hours: {mon-fri: 08:00-12:00, mon: 13:00-15:00}")
    assert (opened(found, "2026-11-23"), opened(found, "2026-11-24")) == (6, 4)


@pytest.mark.parametrize(
    ("holidays", "hours"),
    [("NO", [0, 8]), ('"NO"', [0, 8]), ("CA-BC", [8, 0]), ("[NO, CA-BC]", [0, 0]), ("[]", [8, 8])],
)
def test_holidays_are_those_of_all_countries_and_regions_that_are_named(holidays, hours):
    found = office(f"zone: UTC, hours: {{mon-sun: 08:00-16:00}}, holidays: {holidays}")
    assert [opened(found, day) for day in ("2026-05-17", "2026-08-03")] == hours  # Constitution Day, BC Day


def test_days_of_its_own_beat_holidays_and_weekly_hours():
    days = "days: {2026-05-17: 10:00-12:00, 2026-12-24: closed}"
    found = office(f"zone: UTC, hours: {{mon-sun: 08:00-16:00}}, holidays: NO, {days}")
    assert [opened(found, day) for day in ("2026-05-17", "2026-12-24", "2026-12-25", "2026-12-28")] == [2, 0, 0, 8]


def test_a_night_may_end_where_the_next_days_hours_begin():
    found = office("zone: UTC, hours: {mon-sun: [06:00-22:00, 22:00-06:00]}")
    assert found.next_close(0) is None


def test_the_digest_tells_holidays_that_close_something_and_no_others():
    monday, sunday = date(2026, 11, 23), date(2026, 11, 22)
    assert digest(monday) != digest()
    assert digest(monday, sunday) == digest(monday)
    own = OFFICE.replace("holidays", "days: {2026-11-23: 08:00-10:00}, holidays")
    assert digest(monday, rules=own) == digest(rules=own)


def test_the_digest_tells_no_holidays_that_no_calendar_names():
    rules = OFFICE.replace(", holidays: X", "")
    assert digest(date(2026, 11, 23), rules=rules) == digest(rules=rules)


def test_calendars_have_an_effect_and_nobody_warns_of_them():
    answer = load({"desk.yaml": CONNECTION, "a.yaml": OFFICE}, BASELINE, MESSAGES, Village())
    assert answer.problems == ()
