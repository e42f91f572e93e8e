"""Hand-over: at a day's end the chosen tickets go to the region on duty, or to the next, and somebody takes them."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story
from loading import loaded

SUN = """
calendars:
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
  oslo: {zone: Europe/Oslo, hours: {mon-fri: ["08:00-11:30", "12:00-16:00"]}, days: {2026-12-24: closed}}
  vancouver: {zone: America/Vancouver, hours: {mon-fri: "07:00-16:00"}, days: {2026-12-24: closed}}
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: "06:00-15:00"}}
teams:
  sun:
    follow_the_sun: [desk-oslo, desk-vancouver, desk-saigon]
    hand_over: {priority: [P1, P2], accept_within: 15m}
  desk-oslo: {calendar: oslo, language: nb, groups: {snow: Oslo}}
  desk-vancouver: {calendar: vancouver, groups: {snow: Vancouver}}
  desk-saigon: {calendar: saigon, language: vi, groups: {snow: Saigon}}
  experts: {groups: {snow: Experts}}
"""
LADDER = """
ladders:
  - name: up
    steps:
      - {level: L2, after: [{used: 300%, of: resolve}], assign: {team: experts}, ask: [symptom, category]}
"""
HEARD = "communications: [{name: on, on: handed_over, to: [requester, team], message: handed-over}]\n"

pytestmark = pytest.mark.parametrize("way", WAYS)


def in_oslo(way: str, *rules: str, start: str = "24 14:00", **facts: object) -> Story:
    story = Story(way, SUN, *rules, start=start, **{"team": "desk-oslo", "priority": "P1", **facts})
    return story.at(start.replace(":00", ":05"), note=True)


def told(story: Story) -> list[tuple[str, str]]:
    return [(at, reader) for at, message, reader in story.told if message == "handed-over"]


def test_at_a_days_end_the_ticket_goes_to_the_region_on_duty_with_a_note(way):
    story = in_oslo(way).until("24 15:55")
    assert (story.facts["team"], told(story)) == ("desk-oslo", [])
    story.until("24 16:30")
    assert (story.facts["team"], told(story)) == ("desk-vancouver", [("24 16:00", "team")])


def test_it_goes_round_the_world_while_each_region_takes_it(way):
    story = in_oslo(way).at("24 16:05", by="van", note=True).at("25 01:05", by="khanh", note=True).until("25 09:05")
    assert [at for at, _ in told(story)] == ["24 16:00", "25 01:00", "25 09:00"]
    assert story.facts["team"] == "desk-oslo"


def test_the_team_hears_in_one_note_that_it_has_a_ticket_now(way):
    rule = "communications: [{name: it, on: assigned, to: [requester, team], message: assigned}]\n"
    story = in_oslo(way, rule).until("24 16:30")
    heard = [who for at, message, who in story.told if message == "assigned" and at == "24 16:00"]
    assert heard == ["requester"]


def test_other_priorities_wait_for_the_morning_and_go_as_soon_as_they_are_chosen(way):
    story = in_oslo(way, priority="P3").until("24 18:00")
    assert (story.facts["team"], told(story)) == ("desk-oslo", [])
    story.at("24 18:02", by="kari", priority="P1").until("24 18:10")
    assert story.facts["team"] == "desk-vancouver"


def test_a_break_is_no_days_end(way):
    assert told(in_oslo(way, start="24 11:00").until("24 12:30")) == []


def test_a_ticket_that_nobody_has_on_it_any_more_is_the_teams(way):
    story = in_oslo(way, assignee="ida").until("24 16:30")
    assert story.facts.get("assignee") is None


def test_a_ticket_that_is_solved_stays(way):
    assert told(in_oslo(way).at("24 15:00", status="resolved").until("24 17:00")) == []


def test_a_person_who_keeps_it_after_hours_keeps_it_until_the_next_days_end(way):
    story = in_oslo(way).until("24 16:30").at("24 17:00", team="desk-oslo", note=True).until("25 15:55")
    assert (story.facts["team"], len(told(story))) == ("desk-oslo", 1)
    assert story.until("25 16:30").facts["team"] == "desk-vancouver"


def test_where_nobody_is_on_duty_it_goes_to_the_region_that_opens_first(way):
    story = in_oslo(way, start="12-23 14:00").at("12-23 16:10", by="van", note=True).until("12-24 01:10")
    assert story.facts["team"] == "desk-saigon"
    story.at("12-24 01:15", by="khanh", note=True).until("12-24 23:00")  # both others are on holiday all day
    assert (story.facts["team"], len(told(story))) == ("desk-saigon", 2)


def test_what_nobody_takes_in_time_goes_back_to_the_ladder(way):
    story = in_oslo(way, LADDER).until("24 16:25")
    assert story.facts["team"] == "experts"
    assert "level L2: handed over, and not accepted for 15m" in story.all_reasons


def test_what_a_person_gives_to_a_region_was_not_handed_over_whatever_the_hour(way):
    story = in_oslo(way, LADDER).at("24 16:05", by="van", note=True).at("24 16:30", by="van", team="desk-oslo")
    story.at("24 17:00", by="ola", team="desk-vancouver").until("24 18:00")
    assert (story.facts["team"], story.level()) == ("desk-vancouver", "L1")


def test_who_takes_it_in_time_keeps_it(way):
    story = in_oslo(way, LADDER).at("24 16:10", by="van", note=True).until("24 18:00")
    assert (story.facts["team"], story.level()) == ("desk-vancouver", "L1")


def test_the_time_to_take_it_begins_when_the_region_opens(way):
    friday = (
        in_oslo(way, LADDER.replace("300%", "999%"), start="27 14:00", priority="P2")
        .at("27 16:10", by="van", note=True)
        .until("28 01:10")
    )
    assert friday.facts["team"] == "desk-saigon"  # closed until Monday
    assert friday.until("30 00:10").level() == "L1"
    assert friday.until("30 00:20").level() == "L2"


def test_the_requester_hears_of_it_where_a_rule_says_so_and_the_team_once(way):
    assert told(in_oslo(way, HEARD).until("24 16:30")) == [("24 16:00", "team"), ("24 16:00", "requester")]


def test_a_step_that_is_due_at_the_same_time_comes_first(way):
    gone = LADDER.replace("used: 300%, of: resolve", "used: 50%, of: resolve")
    story = in_oslo(way, gone).until("24 16:30")
    assert (story.facts["team"], told(story)) == ("experts", [])


def test_nobody_is_off_duty_while_another_region_is_open(way):
    gone = LADDER.replace("used: 300%, of: resolve", "off_duty: 0m")
    story = in_oslo(way, gone, priority="P3").until("24 20:00")
    assert story.level() == "L1"
    assert story.until("28 01:10").level() == "L2"  # Friday is over everywhere


@pytest.mark.parametrize(
    ("team", "problem"),
    [
        ("{hand_over: {priority: [P1]}, groups: {snow: A}}", "'a' has no regions that could hand over"),
        ("{follow_the_sun: [b], hand_over: {priority: [P9]}}", "'P9' is no priority"),
    ],
)
def test_a_hand_over_that_cannot_be_is_refused(way, team, problem):
    answer = loaded(f"teams: {{a: {team}, b: {{calendar: always, groups: {{snow: B}}}}}}\n")
    assert problem in [found.text for found in answer.problems if found.weight == "error"]


@pytest.mark.parametrize("mode", ["observe", "advise"])
def test_each_days_end_is_looked_at_where_nothing_is_written(way, mode):
    story = in_oslo(way, f"mode: {mode}\n").until("25 15:00")
    assert story.look_again is not None
    before = len(story.all_reasons)
    story.until("25 16:05")
    assert any("the day of desk-oslo has ended" in text for text in story.all_reasons[before:])
