"""Reports add up: over weeks and months, in every zone, over changes of clocks and years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median, quantiles
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.happening import Happening
from rules.periods import periods, usual_start
from rules.tally import PING_PONG, SECTIONS, TIMES, tally, times

OSLO = ZoneInfo("Europe/Oslo")
ZONES = [
    OSLO,
    ZoneInfo("UTC"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Pacific/Apia"),
    ZoneInfo("America/Sao_Paulo"),
]
DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))
WHAT = [*dict.fromkeys([*TIMES, "reassigned", *(what for section in SECTIONS for what in section.parts)])]
START = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())
SPAN = 120 * 86_400
HAPPENED = st.lists(
    st.tuples(
        st.sampled_from(["a/1", "a/2", "b/1"]),
        st.builds(
            Happening, st.sampled_from(WHAT), st.integers(START, START + SPAN),
            team=st.sampled_from(["", "web", "desk"]),
            service=st.sampled_from(["", "booking"]), value=st.sampled_from(["L2", "L3", "resolve"]),
            rule=st.sampled_from(["", "up"]), amount=st.none() | st.integers(0, 10**6),
        ),
    ),
    max_size=60,
).map(lambda some: sorted(some, key=lambda one: one[1].at))  # fmt: skip


def at(zone: ZoneInfo, *moment: int) -> int:
    return int(datetime(*moment, tzinfo=zone).timestamp())


@given(by=st.sampled_from(["week", "month"]), since=DAYS, days=st.integers(0, 500), zone=st.sampled_from(ZONES))
def test_periods_follow_each_other_without_a_gap_and_each_has_its_own_name(by, since, days, zone):
    until = since + timedelta(days=days)
    found = periods(by, since, until, zone)
    assert (found[0].first, found[-1].last) == (since, until)
    for one, later in pairwise(found):
        assert (one.end, one.last + timedelta(days=1)) == (later.start, later.first)
    assert len({one.name for one in found}) == len(found)
    assert all(one.whole for one in found[1:-1])


@given(day=DAYS)
def test_a_week_is_that_of_the_iso_calendar(day):
    (one,) = periods("week", day, day, OSLO)
    assert one.name == f"{day:%G-W%V}"


def test_the_last_week_of_2026_is_the_53rd_and_reaches_into_2027():
    found = periods("week", date(2026, 12, 21), date(2027, 1, 10), OSLO)
    assert [(one.name, one.whole) for one in found] == [("2026-W52", True), ("2026-W53", True), ("2027-W01", True)]
    assert (found[1].first, found[1].last) == (date(2026, 12, 28), date(2027, 1, 3))
    months = periods("month", date(2026, 12, 31), date(2027, 1, 1), OSLO)
    assert [(one.name, one.whole, one.end - one.start) for one in months] == [
        ("2026-12", False, 86_400),
        ("2027-01", False, 86_400),
    ]


def test_a_week_with_a_change_of_clocks_is_an_hour_shorter_or_longer():
    spring, autumn = (
        periods("week", day, day + timedelta(days=6), OSLO)[0] for day in (date(2026, 3, 23), date(2026, 10, 19))
    )
    assert (spring.end - spring.start, autumn.end - autumn.start) == (167 * 3600, 169 * 3600)
    assert (autumn.start, autumn.end) == (at(OSLO, 2026, 10, 19), at(OSLO, 2026, 10, 26))


def test_what_happens_at_midnight_is_of_the_new_year_by_the_clock_of_the_desk():
    new_year = at(OSLO, 2027, 1, 1)
    some = [("a/1", Happening("reopened", new_year + late)) for late in (-1, 0)]
    found = tally(some, periods("month", date(2026, 12, 1), date(2027, 1, 31), OSLO))
    assert found.tables["reopened"][0].counts == (1, 1)


@pytest.mark.parametrize(
    ("by", "today", "first"),
    [
        ("week", date(2026, 11, 26), date(2026, 10, 5)),
        ("week", date(2027, 1, 3), date(2026, 11, 9)),
        ("month", date(2026, 11, 26), date(2026, 9, 1)),
        ("month", date(2027, 1, 31), date(2026, 11, 1)),
    ],
)
def test_eight_weeks_and_three_months_are_usual_the_last_of_which_goes_on(by, today, first):
    assert usual_start(by, today) == first
    assert len(periods(by, first, today, OSLO)) == (8 if by == "week" else 3)


@given(some=HAPPENED, first=st.dates(date(2026, 9, 1), date(2026, 12, 1)), days=st.integers(0, 90))
def test_weeks_and_months_of_the_same_days_count_the_same(some, first, days):
    weeks, months = (tally(some, periods(by, first, first + timedelta(days=days), OSLO)) for by in ("week", "month"))
    for section in SECTIONS:
        totals = [{(row.name, row.part): row.total for row in one.tables[section.key]} for one in (weeks, months)]
        assert totals[0] == totals[1]
        assert all(sum(row.counts) == row.total for row in (*weeks.tables[section.key], *months.tables[section.key]))
    assert [one.total for one in weeks.times] == [one.total for one in months.times]
    assert all(sum(part.tickets for part in one.periods) == one.total.tickets for one in weeks.times)
    assert weeks.bounced == months.bounced


@given(some=HAPPENED)
def test_teams_add_up_to_all_of_it_and_levels_services_and_reasons_say_the_same(some):
    found = tally(some, periods("week", date(2026, 8, 31), date(2027, 1, 3), OSLO))
    escalated = sum(one.what == "escalated" for _, one in some)
    for part in ("level", "service", "team", "reason"):
        assert sum(row.total for row in found.tables[f"escalations_by_{part}"]) == escalated
    for row in found.tables["escalations_by_team"]:
        if row.name in ("web", "desk"):
            alone = tally(some, found.periods, team=row.name)
            assert sum(one.total for one in alone.tables["escalations_by_level"]) == row.total


@given(amounts=st.lists(st.integers(0, 10**7), min_size=2))
def test_percentiles_are_those_of_the_standard_library(amounts):
    found = times(amounts)
    assert found.tickets == len(amounts)
    assert abs(found.median - median(amounts)) <= 0.5
    assert abs(found.slow - quantiles(amounts, n=10, method="inclusive")[-1]) <= 0.5 + 1e-6


def test_one_ticket_is_half_of_all_and_nine_of_ten_and_none_is_nothing():
    assert times([7]) == (1, 7, 7)
    assert times([]) == (0, None, None)


def test_ping_pong_is_a_ticket_that_people_gave_on_three_times_and_counts_once_when_that_was():
    moves = [("a/1", Happening("reassigned", START + day * 86_400, service="booking")) for day in (1, 2, 9, 10, 16)]
    moves += [("a/2", Happening("reassigned", START + 1))] * 2
    found = tally(moves, periods("week", date(2026, 8, 31), date(2026, 9, 20), ZoneInfo("UTC")))
    assert [(row.name, row.counts) for row in found.tables[PING_PONG]] == [("booking", (0, 1, 0))]
    assert found.bounced == (("a/1", 5),)


def test_levels_stand_in_their_order_and_all_else_by_how_much_it_is():
    some = [
        ("a/1", Happening("escalated", START, "web", value="L3")),
        ("a/2", Happening("escalated", START, "web", value="L3")),
        ("a/3", Happening("escalated", START, "desk", value="L2")),
    ]
    found = tally(some, periods("week", date(2026, 8, 31), date(2026, 9, 6), OSLO))
    assert [row.name for row in found.tables["escalations_by_level"]] == ["L2", "L3"]
    assert [row.name for row in found.tables["escalations_by_team"]] == ["web", "desk"]
