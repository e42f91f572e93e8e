"""Who is on call: turns by the wall clock, who takes over, who is away, and exactly one answer for each moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import loaded, only, rulebook

from rules.oncall import NOT_BEGUN, NOT_READ, now_and_next, on_call, turns
from rules.rulebook import Rulebook

DESK = """
calendar: oslo
calendars:
  oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}}
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: "06:00-15:00"}}
people: {%s}
teams: {web: {%s}}
"""
NAMES = ("ida", "jonas", "noah", "mia", "olivia")
PEOPLE = ", ".join(f"{name}: {{email: {name}@desk.example}}" for name in NAMES)
OSLO = ZoneInfo("Europe/Oslo")
STEP = 1800
"""All turns in the oracle's tests begin and end on the half hour, and clocks change on the hour."""


def desk(rotation: str, each: str = "1w", since: str = "2026-11-02T08:00", more: str = "", swaps: str = "") -> Rulebook:
    """Return a desk whose team web takes these turns."""
    on_call = f"on_call: {{rotation: [{rotation}], each: {each}, from: {since}, swaps: [{swaps}]}}"
    return rulebook(DESK % (PEOPLE, f"{on_call}{more}"))


def swap(person: str, start: str, end: str) -> str:
    return f"{{person: {person}, from: {start}, to: {end}}}"


def away(*spells: tuple[str, str, str]) -> str:
    return ", absences: [" + ", ".join(swap(*spell) for spell in spells) + "]"


def at(text: str, zone: ZoneInfo = OSLO) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def told(book: Rulebook, start: str, end: str) -> list[tuple[str, str | None, str]]:
    """Return from when on who is on call, and why, by the clock in Oslo."""
    found = turns(book, "web", at(start), at(end))
    return [(f"{datetime.fromtimestamp(one.start, OSLO):%d.%m %H:%M}", one.person, one.why) for one in found]


def test_turns_follow_each_other_in_the_order_of_the_rotation():
    book = desk("ida, jonas, noah")
    assert told(book, "2026-11-02T08:00", "2026-11-30T08:00") == [
        ("02.11 08:00", "ida", ""),
        ("09.11 08:00", "jonas", ""),
        ("16.11 08:00", "noah", ""),
        ("23.11 08:00", "ida", ""),
    ]


def test_before_the_first_turn_nobody_is_on_call():
    book = desk("ida, jonas")
    assert on_call(book, "web", at("2026-11-02T08:00") - 1) is None
    assert on_call(book, "web", at("2026-11-02T08:00")) == "ida"
    assert told(book, "2026-10-01T00:00", "2026-11-03T00:00") == [
        ("01.10 00:00", None, NOT_BEGUN),
        ("02.11 08:00", "ida", ""),
    ]


@pytest.mark.parametrize(("day", "after"), [("2026-03-30", "2026-03-23"), ("2026-10-26", "2026-10-19")])
def test_a_week_later_is_the_same_time_on_the_wall_whatever_the_clocks_did(day, after):
    book = desk("ida, jonas", since=f"{after}T08:00")
    assert told(book, f"{after}T08:00", f"{day}T09:00")[1:] == [(f"{day[8:]}.{day[5:7]} 08:00", "jonas", "")]


def test_hours_are_hours_also_when_clocks_change():
    book = desk("ida, jonas", each="24h", since="2026-10-24T08:00")
    assert told(book, "2026-10-24T08:00", "2026-10-25T09:00")[1:] == [("25.10 07:00", "jonas", "")]


def test_a_turn_that_begins_in_a_skipped_hour_begins_when_it_is_skipped():
    book = desk("ida, jonas", each="1d", since="2026-03-28T02:30")
    assert told(book, "2026-03-28T12:00", "2026-03-30T12:00")[1:] == [
        ("29.03 03:00", "jonas", ""),
        ("30.03 02:30", "ida", ""),
    ]


def test_a_turn_that_begins_in_a_repeated_hour_begins_once_and_the_first_time():
    book = desk("ida, jonas", each="1d", since="2026-10-24T02:30")
    begins = at("2026-10-25T02:30")
    assert [on_call(book, "web", begins + hours * 3600) for hours in (-1, 0, 1)] == ["ida", "jonas", "jonas"]
    assert on_call(book, "web", begins + 1800) == "jonas"  # the clock shows 02:00 again


def test_turns_go_by_the_zone_of_the_teams_calendar_else_of_the_desk():
    book = desk("ida, jonas", more=", calendar: saigon")
    begins = at("2026-11-02T08:00", ZoneInfo("Asia/Ho_Chi_Minh"))
    assert (on_call(book, "web", begins - 1), on_call(book, "web", begins)) == (None, "ida")


def test_whoever_takes_over_replaces_all_whose_turn_it_is_then():
    book = desk("ida, jonas", swaps=swap("noah", "2026-11-08T12:00", "2026-11-10T12:00"))
    assert told(book, "2026-11-08T00:00", "2026-11-11T00:00") == [
        ("08.11 00:00", "ida", ""),
        ("08.11 12:00", "noah", "instead of ida"),
        ("09.11 08:00", "noah", "instead of jonas"),
        ("10.11 12:00", "jonas", ""),
    ]


def test_of_two_who_take_over_the_first_in_the_list_does_and_not_if_away():
    both = ", ".join(swap(name, "2026-11-03T08:00", "2026-11-04T08:00") for name in ("noah", "mia"))
    noon = at("2026-11-03T12:00")
    assert on_call(desk("ida, jonas", swaps=both), "web", noon) == "noah"
    book = desk("ida, jonas", more=away(("noah", "2026-11-03", "2026-11-03")), swaps=both)
    assert on_call(book, "web", noon) == "mia"


def test_who_is_away_is_away_for_whole_days_and_the_last_one_counts():
    book = desk("ida, jonas", more=away(("ida", "2026-11-03", "2026-11-04")))
    assert told(book, "2026-11-02T12:00", "2026-11-09T09:00") == [
        ("02.11 12:00", "ida", ""),
        ("03.11 00:00", "jonas", "ida is away"),
        ("05.11 00:00", "ida", ""),
        ("09.11 08:00", "jonas", ""),
    ]


def test_a_turn_falls_to_the_next_who_is_there_and_has_no_turn_beside_it():
    book = desk("ida, jonas, noah, mia", more=away(("jonas", "2026-11-09", "2026-11-16")))
    assert told(book, "2026-11-09T00:00", "2026-11-16T09:00")[1:] == [
        ("09.11 08:00", "mia", "jonas is away"),
        ("16.11 08:00", "noah", ""),
    ]


def test_two_in_a_row_are_had_where_nobody_else_is_there():
    book = desk(
        "ida, jonas, noah", more=away(("ida", "2026-11-23", "2026-11-29"), ("noah", "2026-11-23", "2026-11-29"))
    )
    assert on_call(book, "web", at("2026-11-24T12:00")) == "jonas"


def test_nobody_is_on_call_where_everybody_is_away_and_that_is_said():
    book = desk("ida, jonas", more=away(("ida", "2026-11-03", "2026-11-05"), ("jonas", "2026-11-04", "2026-11-04")))
    assert told(book, "2026-11-03T00:00", "2026-11-06T00:00") == [
        ("03.11 00:00", "jonas", "ida is away"),
        ("04.11 00:00", None, "everybody is away"),
        ("05.11 00:00", "jonas", "ida is away"),
    ]


def test_a_rotation_of_one_never_ends_and_one_person_twice_in_a_row_is_one_turn():
    (turn,) = now_and_next(desk("ida"), "web", at("2026-11-20T00:00"))
    assert (turn.person, turn.end > at("2126-01-01T00:00")) == ("ida", True)
    assert told(desk("ida, ida, jonas"), "2026-11-02T08:00", "2026-11-16T09:00") == [
        ("02.11 08:00", "ida", ""),
        ("16.11 08:00", "jonas", ""),
    ]


def test_the_next_person_is_another_one_even_where_turns_have_different_reasons():
    book = desk(
        "ida, jonas, noah", more=away(("ida", "2026-11-05", "2026-11-09"), ("noah", "2026-11-05", "2026-11-09"))
    )
    now, later = now_and_next(book, "web", at("2026-11-05T12:00"))
    assert (now.person, now.end, later.person) == ("jonas", at("2026-11-16T08:00"), "noah")


def test_a_far_turn_is_as_near_as_the_first():
    book = desk("ida, jonas", each="15m", since="1901-01-01T00:00")
    assert on_call(book, "web", at("2129-01-01T00:00")) in {"ida", "jonas"}


@pytest.mark.parametrize("since", ["0001-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00+14:00"])
@pytest.mark.parametrize("each", ["15m", "999999w"])
def test_years_that_no_calendar_knows_break_nothing(since, each):
    book = desk("ida, jonas", each=each, since=since, more=away(("ida", "0001-01-01", "9999-12-31")))
    assert on_call(book, "web", at("2026-11-26T08:00")) == ("jonas" if since.startswith("0") else None)
    assert now_and_next(book, "web", at("2026-11-26T08:00"))


def test_who_is_on_call_elsewhere_is_not_known_and_a_team_without_has_no_turns():
    book = rulebook(DESK % (PEOPLE, "on_call: {source: snow, schedule: Web}"))
    assert on_call(book, "web", 0) is None
    assert turns(book, "web", 0, 9) == [(0, 9, None, NOT_READ)]
    assert book.teams["web"].roster == "Web of snow"
    book = rulebook(DESK % (PEOPLE, "calendar: oslo"))
    assert (on_call(book, "web", 0), turns(book, "web", 0, 9)) == (None, [])


def test_absences_where_nobody_is_on_call_are_warned_of():
    team = "absences: [{person: ida, from: 2026-11-03, to: 2026-11-03}]"
    assert only(loaded(DESK % (PEOPLE, team)), "warning").text == "'absences' without 'on_call' have no effect"


def test_a_rotation_and_absences_are_warned_of_no_more():
    turns_taken = "on_call: {rotation: [ida], each: 1w, from: 2026-11-02T08:00}"
    assert loaded(DESK % (PEOPLE, turns_taken + away(("ida", "2026-11-03", "2026-11-03")))).problems == ()


class Oracle:
    """Goes through all half hours of six weeks and notes when the clock in Oslo first showed each turn's beginning."""

    def __init__(self, people: list[str], days: int, since: datetime):
        self.people, self.since = people, since
        self.moments = [at(f"{since - timedelta(days=1):%Y-%m-%dT%H:%M}") + STEP * n for n in range(6 * 7 * 48)]
        self.turn_at, due, number = {}, since, -1
        for moment in self.moments:
            wall = datetime.fromtimestamp(moment, UTC).astimezone(OSLO).replace(tzinfo=None)
            while wall >= due:
                number, due = number + 1, due + timedelta(days=days)
            self.turn_at[moment] = (number, wall)

    def on_call(self, moment: int, spells: list[tuple[str, int, int]], swaps: list[tuple[str, int, int]]) -> str | None:
        """Return who it is; spells are days and swaps hours after the first turn began, by the wall clock."""
        number, wall = self.turn_at[moment]
        if number < 0:
            return None
        day = (wall.date() - self.since.date()).days
        gone = {person for person, start, end in spells if start <= day <= end}
        for person, start, end in swaps:
            first, last = (self.reached(hours) for hours in (start, end))
            if first <= moment < last and person not in gone:
                return person
        order = [self.people[(number + n) % len(self.people)] for n in range(len(self.people))]
        beside = {order[1 % len(order)]} | ({order[-1]} if number else set())
        there = [person for person in order if person not in gone]
        if order[0] in there or not there:
            return order[0] if there else None
        return [*[person for person in there if person not in beside], *there][0]

    def reached(self, hours: int) -> int:
        """Return the first half hour at which the clock showed so many hours after the beginning."""
        wanted = self.since + timedelta(hours=hours)
        return next(moment for moment in self.moments if self.turn_at[moment][1] >= wanted)


names = st.sampled_from(NAMES)
days = st.tuples(st.integers(0, 20), st.integers(0, 9)).map(lambda two: (two[0], two[0] + two[1]))
hours = st.tuples(st.integers(0, 480), st.integers(1, 200)).map(lambda two: (two[0], two[0] + two[1]))


@settings(max_examples=25, deadline=None)
@given(
    people=st.lists(names, min_size=1, max_size=5),
    each=st.integers(1, 9),
    since=st.sampled_from(["2026-03-20T02:30", "2026-10-16T02:30", "2026-11-02T08:00"]),
    gone=st.lists(st.tuples(names, days), max_size=4),
    swapped=st.lists(st.tuples(names, hours), max_size=2),
)
def test_each_moment_has_exactly_one_turn_and_it_is_the_one_that_counting_half_hours_finds(
    people, each, since, gone, swapped
):
    begins = datetime.fromisoformat(since)
    spells, swaps = ([(person, *spell) for person, spell in some] for some in (gone, swapped))
    oracle = Oracle(people, each, begins)
    day = [(who, *(f"{begins + timedelta(days=n):%Y-%m-%d}" for n in spell)) for who, *spell in spells]
    hour = [swap(who, *(f"{begins + timedelta(hours=n):%Y-%m-%dT%H:%M}" for n in two)) for who, *two in swaps]
    book = desk(", ".join(people), f"{each}d", since, away(*day), ", ".join(hour))
    found = turns(book, "web", oracle.moments[0], oracle.moments[-1] + STEP)
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    assert (found[0].start, found[-1].end) == (oracle.moments[0], oracle.moments[-1] + STEP)
    for moment in oracle.moments[::7] + [one.start for one in found] + [one.start - STEP for one in found[1:]]:
        (turn,) = [one for one in found if one.start <= moment < one.end]
        assert turn.person == on_call(book, "web", moment) == oracle.on_call(moment, spells, swaps)
