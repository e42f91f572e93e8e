"""Opening hours to the second: breaks, holidays, nights, and every way in which clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from rules.calendar import YEAR, Calendar, Hours, merged, span

HOUR = 3600
OFFICE = ("08:00-16:00",)
CLOSED: tuple[str, ...] = ()


def hours(*spans: str) -> Hours:
    return tuple(map(span, spans))


def calendar(zone: str, *spans: str, weekend: tuple[str, ...] = CLOSED, **closed: frozenset[date]) -> Calendar:
    return Calendar(ZoneInfo(zone), (hours(*spans),) * 5 + (hours(*weekend),) * 2, **closed)


def every_day(zone: str, *spans: str) -> Calendar:
    return calendar(zone, *spans, weekend=spans)


def at(text: str, zone: str = "UTC", fold: int = 0) -> int:
    """Return the moment at which the clock of a zone shows this; `fold` 1 is the second time that it does."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def local(moment: int | None, zone: str) -> str:
    assert moment is not None
    return datetime.fromtimestamp(moment, ZoneInfo(zone)).isoformat(" ")


def test_what_does_not_fit_into_a_day_goes_on_when_it_opens_next():
    office = calendar("Europe/Oslo", *OFFICE)
    friday = at("2026-11-27 15:00", "Europe/Oslo")
    assert local(office.add(friday, 2 * HOUR), "Europe/Oslo") == "2026-11-30 09:00:00+01:00"
    assert office.between(friday, at("2026-11-30 09:00", "Europe/Oslo")) == 2 * HOUR


def test_what_ends_with_the_day_ends_then_and_not_on_the_next_morning():
    office = calendar("Europe/Oslo", *OFFICE)
    assert local(office.add(at("2026-11-27 15:00", "Europe/Oslo"), HOUR), "Europe/Oslo") == "2026-11-27 16:00:00+01:00"


def test_no_time_at_all_is_over_at_once_even_while_it_is_closed():
    sunday = at("2026-11-29 12:00")
    assert calendar("UTC", *OFFICE).add(sunday, 0) == sunday


def test_what_begins_while_it_is_closed_counts_from_when_it_opens():
    office = calendar("UTC", *OFFICE)
    assert office.add(at("2026-11-29 12:00"), 1) == at("2026-11-30 08:00:01")
    assert office.between(at("2026-11-29 12:00"), at("2026-11-30 08:00")) == 0


def test_backwards_the_time_between_is_negative():
    office = calendar("UTC", *OFFICE)
    assert office.between(at("2026-11-30 12:00"), at("2026-11-27 15:00")) == -5 * HOUR


def test_a_lunch_break_does_not_count():
    office = calendar("UTC", "08:00-11:30", "12:00-16:00")
    assert office.add(at("2026-11-30 11:00"), HOUR) == at("2026-11-30 12:30")
    assert not office.is_open(at("2026-11-30 11:30"))
    assert office.is_open(at("2026-11-30 12:00"))


def test_spans_that_touch_are_one():
    office = calendar("UTC", "08:00-12:00", "12:00-16:00")
    assert office.next_close(at("2026-11-30 09:00")) == at("2026-11-30 16:00")


def test_a_holiday_is_closed_and_a_day_of_its_own_beats_it():
    christmas = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
    half_day = {date(2026, 12, 24): hours("08:00-12:00")}
    office = Calendar(UTC, (hours(*OFFICE),) * 7, christmas, half_day)
    assert office.between(at("2026-12-24 00:00"), at("2026-12-26 00:00")) == 4 * HOUR
    assert office.add(at("2026-12-24 11:00"), 2 * HOUR) == at("2026-12-26 09:00")


def test_a_day_of_its_own_may_be_closed_or_open_on_a_sunday():
    own = {date(2026, 11, 27): (), date(2026, 11, 29): hours("10:00-14:00")}
    office = Calendar(UTC, (hours(*OFFICE),) * 5 + ((), ()), days=own)
    assert office.add(at("2026-11-26 15:00"), 2 * HOUR) == at("2026-11-29 11:00")


def test_a_night_belongs_to_the_day_on_which_it_begins():
    nights = Calendar(UTC, (hours("22:00-06:00"),) * 7, frozenset({date(2026, 12, 25)}))
    assert nights.is_open(at("2026-12-25 05:59:59"))  # the night of the 24th
    assert not nights.is_open(at("2026-12-25 23:00"))
    assert not nights.is_open(at("2026-12-26 05:00"))  # the night of the 25th
    assert nights.is_open(at("2026-12-26 22:00"))


def test_a_night_in_which_clocks_go_forward_is_an_hour_shorter():
    nights = every_day("Europe/Oslo", "22:00-06:00")
    evening = at("2026-03-28 22:00", "Europe/Oslo")
    assert nights.between(evening, at("2026-03-29 12:00", "Europe/Oslo")) == 7 * HOUR
    assert local(nights.add(evening, 5 * HOUR), "Europe/Oslo") == "2026-03-29 04:00:00+02:00"


def test_a_night_in_which_clocks_go_back_is_an_hour_longer():
    nights = every_day("Europe/Oslo", "22:00-06:00")
    evening = at("2026-10-24 22:00", "Europe/Oslo")
    assert nights.between(evening, at("2026-10-25 12:00", "Europe/Oslo")) == 9 * HOUR
    assert local(nights.add(evening, 5 * HOUR), "Europe/Oslo") == "2026-10-25 02:00:00+01:00"


def test_hours_that_a_zone_skips_are_never_open_and_hours_that_it_repeats_are_open_twice():
    small_hours = every_day("Europe/Oslo", "02:00-03:00")
    assert small_hours.between(at("2026-03-29 00:00"), at("2026-03-29 12:00")) == 0
    assert small_hours.between(at("2026-10-25 00:00"), at("2026-10-25 12:00")) == 2 * HOUR
    half = every_day("Europe/Oslo", "02:00-02:30")
    first = at("2026-10-25 02:15", "Europe/Oslo")
    assert half.add(first, 20 * 60) == at("2026-10-25 02:05", "Europe/Oslo", fold=1)


def test_lord_howe_changes_its_clocks_by_half_an_hour():
    howe = "Australia/Lord_Howe"
    always = every_day(howe, "00:00-24:00")
    nights = every_day(howe, "00:00-06:00")
    assert nights.between(at("2026-04-05 00:00", howe), at("2026-04-05 12:00", howe)) == int(6.5 * HOUR)
    assert nights.between(at("2026-10-04 00:00", howe), at("2026-10-04 12:00", howe)) == int(5.5 * HOUR)
    assert local(always.add(at("2026-04-05 01:00", howe), HOUR), howe) == "2026-04-05 01:30:00+10:30"


def test_casablanca_sets_its_clocks_back_for_ramadan():
    casablanca = "Africa/Casablanca"
    office = every_day(casablanca, "08:00-16:00")
    before, within = at("2026-02-13 12:00", casablanca), at("2026-02-16 12:00", casablanca)
    assert within - before == 73 * HOUR
    assert office.between(before, within) == 24 * HOUR
    nights = every_day(casablanca, "00:00-06:00")
    assert nights.between(at("2026-02-15 00:00", casablanca), within) == 13 * HOUR


def test_santiago_changes_its_clocks_at_midnight():
    santiago = "America/Santiago"
    late = every_day(santiago, "23:00-24:00")
    early = every_day(santiago, "00:00-02:00")
    assert late.between(at("2026-04-04 12:00", santiago), at("2026-04-05 12:00", santiago)) == 2 * HOUR
    assert early.between(at("2026-09-05 12:00", santiago), at("2026-09-06 12:00", santiago)) == HOUR
    assert late.next_close(at("2026-04-04 23:00", santiago)) == at("2026-04-05 00:00", santiago)


def test_a_day_that_a_zone_left_out_is_no_day():
    apia = every_day("Pacific/Apia", *OFFICE)
    assert local(apia.add(at("2011-12-29 15:00", "Pacific/Apia"), 2 * HOUR), "Pacific/Apia") == (
        "2011-12-31 09:00:00+14:00"
    )


class Forward(tzinfo):
    """A zone that goes an hour forward at a moment (UTC)."""

    def __init__(self, moment: int) -> None:
        self.moment = datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)

    def utcoffset(self, shown: datetime | None) -> timedelta:
        later = shown is not None and shown.replace(tzinfo=None) >= self.moment + timedelta(hours=1)
        return timedelta(hours=int(later))

    def fromutc(self, moment: datetime) -> datetime:
        return moment + timedelta(hours=int(moment.replace(tzinfo=None) >= self.moment))


@pytest.mark.parametrize("order", [(-1, 1), (1, -1), (1, 3), (-1, -3)])
def test_clocks_may_change_at_the_very_moment_at_which_a_stretch_of_work_begins(order):
    seam = 50 * YEAR
    office = Calendar(Forward(seam), (hours(*OFFICE),) * 7)
    for side in order:
        office.is_open(seam + side * YEAR // 2)
    noon = datetime.fromtimestamp(seam, UTC)
    assert noon.hour == 12
    assert office.between(seam - 12 * HOUR, seam + 12 * HOUR) == 7 * HOUR


def test_a_calendar_that_never_closes_counts_every_second_of_any_time():
    always = every_day("Europe/Oslo", "00:00-24:00")
    nights_and_days = every_day("Europe/Oslo", "06:00-22:00", "22:00-06:00")
    for open_ever in (always, nights_and_days):
        start = at("2026-03-28 12:00")
        assert open_ever.add(start, 10**10) == start + 10**10
        assert open_ever.between(-(10**11), 10**11) == 2 * 10**11
        assert open_ever.next_close(start) is None
        assert open_ever.next_open(start) == start


def test_a_calendar_that_closes_for_one_holiday_is_open_all_the_rest():
    almost = Calendar(UTC, (hours("00:00-24:00"),) * 7, frozenset({date(2026, 12, 25)}))
    start = at("2020-01-01 00:00")
    assert almost.between(start, at("2030-01-01 00:00")) == at("2030-01-01 00:00") - start - 24 * HOUR
    assert almost.next_close(start) == at("2026-12-25 00:00")
    assert almost.next_open(at("2026-12-25 12:00")) == at("2026-12-26 00:00")


def test_when_it_opens_and_closes_next_is_now_where_it_is_open_or_closed_already():
    office = calendar("UTC", *OFFICE)
    monday = at("2026-11-30 12:00")
    assert office.next_open(monday) == monday
    assert office.next_close(monday) == at("2026-11-30 16:00")
    evening = at("2026-11-30 16:00")
    assert office.next_open(evening) == at("2026-12-01 08:00")
    assert office.next_close(evening) == evening


def test_since_when_it_is_closed_is_told_over_weekends_and_is_now_while_it_is_open():
    office = calendar("UTC", *OFFICE)
    assert office.closed_since(at("2026-11-29 12:00")) == at("2026-11-27 16:00")
    assert office.closed_since(at("2026-11-27 16:00")) == at("2026-11-27 16:00")
    assert office.closed_since(at("2026-11-27 12:00")) == at("2026-11-27 12:00")
    once = Calendar(UTC, ((),) * 7, days={date(2016, 2, 29): hours(*OFFICE)})
    assert once.closed_since(at("2026-11-27 12:00")) == at("2016-02-29 16:00")
    assert (
        once.closed_since(at("2016-02-28 12:00")) == Calendar(UTC, ((),) * 7).closed_since(0) < at("1900-01-02 00:00")
    )


def test_one_calendar_does_not_know_what_another_one_was_asked():
    oslo, saigon = calendar("Europe/Oslo", *OFFICE), calendar("Asia/Ho_Chi_Minh", "06:00-15:00")
    monday = at("2026-11-30 08:30")
    assert (oslo.is_open(monday), saigon.is_open(monday)) == (True, False)
    assert local(saigon.add(monday, HOUR), "Asia/Ho_Chi_Minh") == "2026-12-01 07:00:00+07:00"
    assert local(oslo.add(monday, HOUR), "Europe/Oslo") == "2026-11-30 10:30:00+01:00"


def test_what_is_never_open_again_never_comes():
    never = Calendar(UTC, ((),) * 7)
    now = at("2026-11-30 12:00")
    assert (never.add(now, 1), never.next_open(now), never.between(0, now)) == (None, None, 0)
    assert calendar("UTC", *OFFICE).add(now, 10**10) is None


@pytest.mark.parametrize("order", [(2026, 2016, 2031), (2016, 2031, 2026), (2031, 2026, 2016)])
def test_answers_do_not_depend_on_what_was_asked_before(order):
    office = calendar("Europe/Oslo", *OFFICE)
    answers = {year: office.add(at(f"{year}-03-27 12:00"), 2000 * HOUR) for year in order}
    for year, answer in answers.items():
        assert calendar("Europe/Oslo", *OFFICE).add(at(f"{year}-03-27 12:00"), 2000 * HOUR) == answer
    ends = [at(f"{year}-01-01 00:00") for year in (2016, 2026, 2031)]
    assert office.between(ends[0], ends[2]) == office.between(ends[0], ends[1]) + office.between(ends[1], ends[2])


def test_hours_are_read_as_seconds_of_a_day():
    assert span("08:00-16:30") == (8 * HOUR, 16 * HOUR + 1800)
    assert span("22:00-06:00") == (22 * HOUR, 30 * HOUR)
    assert span("18:00-00:00") == span("18:00-24:00")


def test_spans_are_joined_where_they_touch():
    assert list(merged([(0, 0), (0, 2), (2, 3), (5, 6), (5, 5), (5, 9)])) == [(0, 3), (5, 9)]
