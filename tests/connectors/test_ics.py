"""Calendars as rotas: whom an event means, when it is, which one counts, and what is no calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.rota.ics import sheet
from connectors.rota.naming import People
from connectors.rota.sheet import UNKNOWN, Nonsense, Sheet
from rules.rulebook import Staff
from tests.connectors.calendars import OSLO_BY_HAND, calendar, event

OSLO, VANCOUVER = ZoneInfo("Europe/Oslo"), ZoneInfo("America/Vancouver")
EMAILS = {
    "ida": "ida.berg@desk.example",
    "jonas": "jonas@desk.example",
    "noah": "n.lie@desk.example",
    "陳大文": "dawen@desk.example",
}
PEOPLE = People({key: Staff(key, email) for key, email in EMAILS.items()})
WEEK = timedelta(days=7)
WEEKLY = "RRULE:FREQ=WEEKLY;INTERVAL=2"


def at(text: str, zone: ZoneInfo = OSLO) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def read(text: str, zone: ZoneInfo = OSLO, start: str = "2026-11-23T00:00", days: int = 36) -> Sheet:
    return sheet(text, PEOPLE, zone, at(start, zone), at(start, zone) + days * 86400)


def told(found: Sheet, zone: ZoneInfo = OSLO) -> list[tuple[str, str, str | None]]:
    """Return from when until when it is whose turn, by the clock in a zone, in the order of time."""
    shown = [f"{datetime.fromtimestamp(moment, zone):%d.%m %H:%M}" for turn in found.turns for moment in turn[:2]]
    rows = zip(found.turns, shown[::2], shown[1::2], strict=True)
    return [(start, end, turn.person) for turn, start, end in sorted(rows)]


def meant(title: str, *attendees: str, organizer: str = "") -> str | None:
    return PEOPLE.meant(title, attendees, organizer)


def test_whoever_is_invited_by_the_e_mail_of_the_workspace_is_meant():
    assert meant("On call", "IDA.Berg@Desk.example") == "ida"
    assert meant("On call", "ops@desk.example", "jonas@desk.example") == "jonas"


@pytest.mark.parametrize(
    ("title", "person"),
    [
        ("ida", "ida"),
        ("Ida", "ida"),
        ("On call: jonas (web)", "jonas"),
        ("Ida Berg - Web", "ida"),
        ("n.lie@desk.example", "noah"),
        ("N Lie", "noah"),
        ("值班陳大文今天", "陳大文"),
        ("Idaho", None),
        ("jonas and ida", None),
        ("Lie", None),
        ("", None),
    ],
)
def test_a_title_means_the_one_whose_key_or_address_stands_in_it_as_words(title, person):
    assert meant(title) == person


def test_of_several_who_are_invited_the_title_says_which_else_nobody_is_meant():
    both = ("ida.berg@desk.example", "jonas@desk.example")
    assert meant("jonas", *both) == "jonas"
    assert meant("noah", *both) is None
    assert meant("On call", *both) is None


def test_the_organizer_is_meant_only_where_nothing_else_says_who():
    assert meant("On call", organizer="jonas@desk.example") == "jonas"
    assert meant("ida", organizer="jonas@desk.example") == "ida"
    assert meant("ida", "jonas@desk.example", organizer="ida.berg@desk.example") == "jonas"


def test_whoever_declined_is_not_meant():
    declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:ida.berg@desk.example"
    text = calendar(
        event("On call", "20261126T080000Z", "20261127T080000Z", declined, "ATTENDEE:MAILTO:jonas@desk.example")
    )
    assert [turn.person for turn in read(text).turns] == ["jonas"]


def test_an_event_that_names_nobody_is_told_and_never_hides_somebodys_turn():
    week, lunch = ("20261123T080000Z", "20261130T080000Z"), ("20261125T110000Z", "20261125T120000Z")
    found = read(calendar(event("ida", *week), event("Team lunch", *lunch)))
    assert [(turn.person, turn.why) for turn in found.turns] == [("ida", ""), (None, UNKNOWN)]
    assert [(odd.start, odd.name) for odd in found.odd] == [(at("2026-11-25T12:00"), "Team lunch")]


def test_of_events_that_overlap_the_later_begun_counts_and_of_those_the_shorter():
    week = event("ida", "20261123T080000", "20261130T080000")
    evening = event("jonas", "20261125T160000", "20261126T080000")
    hour = event("noah", "20261125T160000", "20261125T170000")
    assert [turn.person for turn in read(calendar(week, evening, hour)).turns] == ["noah", "jonas", "ida"]


@pytest.mark.parametrize("zone", [OSLO, VANCOUVER])
def test_whole_days_and_times_without_a_zone_are_by_the_teams_clock(zone):
    text = calendar(event("ida", "20261126", "20261127"), event("jonas", "20261127T080000", "20261127T160000"))
    assert told(read(text, zone), zone) == [
        ("26.11 00:00", "27.11 00:00", "ida"),
        ("27.11 08:00", "27.11 16:00", "jonas"),
    ]


@pytest.mark.parametrize(
    ("zone", "first", "change"),
    [
        (OSLO, "20260309T080000", "2026-03-29"),
        (OSLO, "20261012T080000", "2026-10-25"),
        (VANCOUVER, "20260223T080000", "2026-03-08"),
        (VANCOUVER, "20251020T080000", "2025-11-02"),
    ],
)
def test_a_weekly_rota_changes_hands_at_the_same_time_on_the_wall_whatever_the_clocks_did(zone, first, change):
    begins = datetime.fromisoformat(first)
    text = calendar(event("ida", first, f"{begins + WEEK:%Y%m%dT%H%M%S}", "RRULE:FREQ=WEEKLY", zone=zone.key))
    found = read(text, zone, f"{change}T00:00", 14).turns
    assert {f"{datetime.fromtimestamp(turn.start, zone):%a %H:%M}" for turn in found} == {"Mon 08:00"}
    assert len([turn for turn in found if turn.holds(at(f"{change}T12:00", zone))]) == 1


@pytest.mark.parametrize(("day", "hours"), [("20260329", 23), ("20261025", 25), ("20260328", 24)])
def test_a_whole_day_is_as_long_as_the_clocks_make_it(day, hours):
    after = f"{int(day) + 1}"
    (turn,) = read(calendar(event("ida", day, after)), OSLO, f"{day[:4]}-{day[4:6]}-{day[6:]}T00:00", 2).turns
    assert (turn.end - turn.start) // 3600 == hours


def test_a_weekly_rota_with_exceptions_and_a_week_that_somebody_took_over():
    ida = event(
        "ida", "20261102T080000", "20261109T080000", WEEKLY, "EXDATE;TZID=Europe/Oslo:20261130T080000", zone=OSLO.key
    )
    jonas = event("jonas", "20261109T080000", "20261116T080000", WEEKLY, zone=OSLO.key, uid="j")
    taken = event(
        "noah",
        "20261123T120000",
        "20261130T080000",
        "RECURRENCE-ID;TZID=Europe/Oslo:20261123T080000",
        zone=OSLO.key,
        uid="j",
    )
    assert told(read(calendar(ida, jonas, taken), days=21)) == [
        ("16.11 08:00", "23.11 08:00", "ida"),
        ("23.11 12:00", "30.11 08:00", "noah"),
        ("07.12 08:00", "14.12 08:00", "jonas"),
    ]


def test_a_cancelled_week_of_a_series_is_nobodys():
    jonas = event("jonas", "20261109T080000Z", "20261116T080000Z", WEEKLY, uid="j")
    gone = event(
        "jonas", "20261123T080000Z", "20261130T080000Z", "RECURRENCE-ID:20261123T080000Z", "STATUS:CANCELLED", uid="j"
    )
    assert [turn.start for turn in read(calendar(jonas, gone), days=21).turns] == [at("2026-12-07T09:00")]


def test_a_zone_that_the_calendar_describes_itself_is_heeded():
    text = calendar(OSLO_BY_HAND, event("ida", "20261126T080000", "20261127T080000", zone="Our own Oslo"))
    assert told(read(text, VANCOUVER)) == [("26.11 08:00", "27.11 08:00", "ida")]


def test_a_zone_by_the_name_that_outlook_gives_it_is_known():
    text = calendar(event("ida", "20261126T080000", "20261127T080000", zone="W. Europe Standard Time"))
    assert told(read(text, VANCOUVER)) == [("26.11 08:00", "27.11 08:00", "ida")]


def test_a_zone_that_nobody_knows_is_not_guessed():
    lost = event("ida", "20261126T080000", "20261127T080000", zone="Atlantis")
    found = read(calendar(lost, event("jonas", "20261126T080000Z", "20261127T080000Z")))
    assert ([turn.person for turn in found.turns], [odd.name for odd in found.odd]) == (["jonas"], ["ida"])


@pytest.mark.parametrize(
    "broken",
    [
        event("ida", "2026", "20261127T080000Z"),
        event("ida", "20261126T080000Z", "20261126T090000Z", "RRULE:FREQ=SECONDLY"),
        event("ida", "20261126T080000Z", "20261126T090000Z", "RRULE:FREQ=MINUTELY"),
        event("ida", "20261126T080000Z", "20261126T090000Z", "RRULE:FREQ=HOURLY"),
        event("ida", "20261126T080000Z", "20261126T090000Z", "RRULE:FREQ=DAILY;BYMINUTE=0,1,2,3"),
        event("ida", "20261126T080000Z", "20261126T090000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        event("ida", "20261126T080000Z", "20261126T090000Z", "RRULE:FREQ=SOMETIMES"),
        event("ida", "00010101T080000Z", "00010101T090000Z", "RRULE:FREQ=DAILY"),
        event("ida", "20261126T080000Z", "20261126T090000Z", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"),
    ],
)
def test_one_event_that_cannot_be_followed_costs_no_other_and_is_told(broken):
    found = read(calendar(broken, event("jonas", "20261126T080000Z", "20261127T080000Z")))
    assert ([turn.person for turn in found.turns], len(found.odd)) == (["jonas"], 1)


def test_an_event_that_ends_as_it_begins_is_nobodys_turn():
    found = read(calendar(event("ida", "20261126T080000Z", "20261126T080000Z"), event("jonas", "20261126", "20261127")))
    assert [turn.person for turn in found.turns] == ["jonas"]


GOOD = calendar(event("ida", "20261126T080000Z", "20261127T080000Z"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD[: len(GOOD) // 2], "cut short"),
        (GOOD.replace("END:VCALENDAR\r\n", ""), "cut short"),
        (GOOD + GOOD, "cut short, or is none"),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "has no event"),
        (calendar(event("ida", "20200101T080000Z", "20200102T080000Z")), "has no event"),
    ],
)
def test_what_is_no_rota_is_said(text, why):
    with pytest.raises(Nonsense, match=why):
        read(text)


def test_more_events_than_any_rota_has_are_not_looked_at(monkeypatch):
    monkeypatch.setattr("connectors.rota.ics.EVENTS", 2)
    with pytest.raises(Nonsense, match="no rota has more than 2"):
        read(calendar(event("ida", "20261126T080000Z", "20261127T080000Z") * 3))


def test_series_that_would_be_followed_for_minutes_are_not_begun():
    old = [event("ida", "19700101T080000", "19700101T090000", "RRULE:FREQ=DAILY", uid=str(n)) for n in range(20)]
    with pytest.raises(Nonsense, match="begin its series anew"):
        read(calendar(*old))


def test_three_shifts_a_day_by_one_rule_each_are_a_rota():
    shifts = [
        event(name, f"20240101T{hour:02}0000", f"20240101T{hour + 7:02}5900", "RRULE:FREQ=DAILY", zone=OSLO.key)
        for name, hour in (("ida", 0), ("jonas", 8), ("noah", 16))
    ]
    assert len(read(calendar(*shifts), days=7).turns) == 21
