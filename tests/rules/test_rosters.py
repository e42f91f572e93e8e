"""Who is on call by a roster that was read elsewhere: what counts first, what fills a gap, and when it is too old."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from loading import rulebook

from rules.oncall import ALL_AWAY, NOT_READ, now_and_next, on_call, on_call_line, turns
from rules.rosters import BEYOND, GAP, OLDEST, STALE, Roster, Turn
from rules.rulebook import Rulebook

OSLO = ZoneInfo("Europe/Oslo")
DESK = """
calendar: oslo
calendars: {oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}}}
people: {ida: {email: i@d.example}, jonas: {email: j@d.example}, noah: {email: n@d.example}, mia: {email: m@d.example}}
teams: {web: {on_call: {ical: "https://calendar.example/web.ics"%s}%s}}
"""


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=OSLO).timestamp())


MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (at(f"2026-11-{day}T08:00") for day in (23, 24, 25, 26))
WEEK = (Turn(MONDAY, TUESDAY, "ida"), Turn(TUESDAY, WEDNESDAY, "jonas"), Turn(THURSDAY, THURSDAY + 86400, "noah"))


def desk(swaps: str = "", more: str = "") -> Rulebook:
    return rulebook(DESK % (swaps and f", swaps: [{swaps}]", more))


def read(*listed: Turn, read_at: int = MONDAY) -> dict[str, Roster]:
    """Return the roster of the team web, read on Monday."""
    return {"web": Roster(listed or WEEK, read_at, at("2026-12-28T08:00"), at("2026-11-22T08:00"))}


def test_whose_turn_the_roster_says_it_is_is_on_call_and_in_a_gap_nobody():
    found = turns(desk(), "web", MONDAY, THURSDAY + 3600, read())
    assert [(turn.start, turn.person, turn.why) for turn in found] == [
        (MONDAY, "ida", ""),
        (TUESDAY, "jonas", ""),
        (WEDNESDAY, None, GAP),
        (THURSDAY, "noah", ""),
    ]


def test_of_turns_that_overlap_the_first_in_the_roster_counts_and_the_other_is_tried_next():
    both = read(Turn(MONDAY + 3600, MONDAY + 7200, "noah"), Turn(MONDAY, TUESDAY, "ida"))
    assert [on_call(desk(), "web", MONDAY + hour * 3600, both) for hour in range(3)] == ["ida", "noah", "ida"]
    assert on_call_line(desk(), "web", MONDAY + 3600, both) == ("noah", "ida")


def test_after_whoever_is_on_call_the_next_ones_are_tried_then_those_before():
    assert on_call_line(desk(), "web", MONDAY, read()) == ("ida", "jonas", "noah")
    assert on_call_line(desk(), "web", TUESDAY, read()) == ("jonas", "noah", "ida")


def test_nobody_is_tried_where_nobody_is_on_call():
    assert on_call_line(desk(), "web", WEDNESDAY, read()) == ()
    assert on_call_line(desk(), "web", MONDAY) == ()


def test_a_swap_replaces_whose_turn_it_is_and_fills_a_gap():
    book = desk("{person: mia, from: 2026-11-24T20:00, to: 2026-11-25T12:00}")
    found = turns(book, "web", TUESDAY, THURSDAY, read())
    assert [(turn.person, turn.why) for turn in found] == [
        ("jonas", ""),
        ("mia", "instead of jonas"),
        ("mia", ""),
        (None, GAP),
    ]
    assert on_call_line(book, "web", at("2026-11-24T21:00"), read(read_at=TUESDAY)) == ("mia", "noah", "ida", "jonas")


def test_the_turn_of_somebody_who_is_away_goes_on_to_one_without_a_turn_beside_it():
    book = desk(more=", absences: [{person: jonas, from: 2026-11-24, to: 2026-11-25}]")
    later = read(*WEEK, Turn(THURSDAY + 86400, THURSDAY + 2 * 86400, "mia"))
    (turn,) = turns(book, "web", TUESDAY, WEDNESDAY, later)
    assert (turn.person, turn.why) == ("mia", "jonas is away")
    assert on_call_line(book, "web", TUESDAY, later) == ("mia", "noah", "ida")


def test_whoever_is_on_call_beside_somebody_who_is_away_takes_over():
    book = desk(more=", absences: [{person: ida, from: 2026-11-23, to: 2026-11-23}]")
    second = read(*WEEK, Turn(MONDAY, TUESDAY, "mia"))
    assert on_call(book, "web", MONDAY, second) == "mia"


def test_where_everybody_is_away_nobody_is_on_call():
    book = desk(more=", absences: [{person: ida, from: 2026-11-23, to: 2026-11-23}]")
    (turn,) = turns(book, "web", MONDAY, MONDAY + 60, read(Turn(MONDAY, TUESDAY, "ida")))
    assert (turn.person, turn.why) == (None, ALL_AWAY)


def test_a_roster_that_was_never_read_tells_nothing():
    (turn,) = now_and_next(desk(), "web", MONDAY)
    assert (turn.person, turn.why) == (None, NOT_READ)


def test_a_roster_is_believed_for_a_day_and_then_says_when_it_was_read():
    assert on_call(desk(), "web", MONDAY + OLDEST, read()) == "jonas"
    (turn,) = now_and_next(desk(), "web", MONDAY + OLDEST + 1, read())
    assert (turn.person, turn.why) == (None, f"{STALE} 2026-11-23 08:00")


def test_a_swap_counts_also_where_the_roster_is_too_old():
    book = desk("{person: mia, from: 2026-11-24T20:00, to: 2026-11-25T12:00}")
    assert on_call(book, "web", at("2026-11-25T08:01"), read()) == "mia"


def test_how_old_a_roster_is_counts_when_somebody_asks_and_not_for_the_days_that_are_asked_for():
    assert turns(desk(), "web", MONDAY, at("2026-11-27T00:00"), read())[-1].person == "noah"


@pytest.mark.parametrize("when", ["2026-11-22T07:59", "2026-12-28T08:00"])
def test_what_was_not_read_is_nobodys_turn_and_says_so(when):
    (turn,) = turns(desk(), "web", at(when), at(when) + 60, read(read_at=at(when)))
    assert (turn.person, turn.why) == (None, BEYOND)


def test_the_next_one_is_somebody_else():
    now, later = now_and_next(desk(), "web", MONDAY, read())
    assert (now.person, now.end, later.person) == ("ida", TUESDAY, "jonas")


def test_a_rotation_tells_who_is_tried_one_after_the_other():
    book = rulebook(
        DESK.replace(
            '{ical: "https://calendar.example/web.ics"%s}',
            "{rotation: [ida, jonas, noah], each: 1d, from: 2026-11-23T08:00}",
        )
        % ", absences: [{person: noah, from: 2026-11-24, to: 2026-11-24}]"
    )
    assert on_call_line(book, "web", MONDAY) == ("ida", "jonas", "noah")
    assert on_call_line(book, "web", TUESDAY) == ("jonas", "ida")
    assert on_call_line(book, "web", MONDAY - 1) == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://calendar.example/private-abc/web.ics", "the calendar at calendar.example"),
        ("https://me:secret@calendar.example:8443/web.ics?token=1", "the calendar at calendar.example:8443"),
        ("https://calendar.example", "the calendar at calendar.example"),
        ("https://calendar.example/${TOKEN}/web.ics", "the calendar at calendar.example"),
        ("${ROTA_URL}", "the calendar ${ROTA_URL}"),
    ],
)
def test_of_a_calendars_address_people_see_the_host_only(written, shown):
    book = rulebook((DESK % ("", "")).replace("https://calendar.example/web.ics", written))
    assert book.teams["web"].roster == shown


def test_where_steps_give_tickets_to_whoever_is_on_call_all_people_of_a_roster_need_an_account():
    step = "{level: L2, after: [{unacknowledged: 15m}], assign: {team: web, person: on_call}}"
    desk = (DESK % ("", "")).replace("teams: {web: {", "teams: {web: {groups: {snow: Web}, ")
    book = rulebook(desk, f"ladders: [{{name: a, steps: [{step}]}}]")
    assert sorted(book.connections["snow"].people) == ["ida", "jonas", "mia", "noah"]
