"""What was planned and is called for no more when it could be written: it is not done, told, or remembered as done."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story

DESK = """
people:
  ivar: {email: ivar@harbour.example}
  olivia: {email: olivia@harbour.example}
teams: {desk: {groups: {snow: Desk}}, web: {groups: {snow: Web}}, experts: {groups: {snow: Experts}}}
words: {snow: {set_priority_by: [priority], fields: {labels: u_labels}}}
"""
LADDER = "ladders: [{name: up, steps: [{level: L2, after: [{unacknowledged: 30m}], assign: {team: web}}]}]\n"
RAISED = "communications: [{name: raised, on: escalated, to: [requester], message: escalated}]\n"

pytestmark = pytest.mark.parametrize("way", WAYS)


def told(story: Story) -> list[tuple[str, str]]:
    return [(message, reader) for _, message, reader in story.told]


def test_a_step_that_somebody_made_needless_just_before_is_neither_taken_nor_told(way):
    story = Story(way, DESK, LADDER, RAISED, priority="P1")
    assert story.planned("24 09:31").actions
    story.at("24 09:31", note=True).until("24 09:35")
    assert (story.level(), story.facts["team"], told(story)) == ("L1", "desk", [])


def test_it_is_told_when_it_is_taken_later(way):
    story = Story(way, DESK, LADDER, RAISED, priority="P1")
    story.planned("24 09:31")
    story.at("24 09:31", note=True).at("24 09:40", team="web").at("24 09:46", team="desk").until("24 10:25")
    assert (story.level(), story.facts["team"]) == ("L2", "web")
    assert told(story) == [("escalated", "team"), ("escalated", "requester")]


def test_a_step_that_is_still_called_for_is_taken_and_told_once(way):
    story = Story(way, DESK, LADDER, RAISED, priority="P1")
    story.planned("24 09:31")
    story.cycle()
    story.until("24 10:25")
    assert (story.level(), told(story)) == ("L2", [("escalated", "team"), ("escalated", "requester")])


FIRST = "  - {name: first, on: created, to: [requester], message: received}\n"
SORRY = "  - {name: sorry, on: promise_missed, to: [requester], message: apology}\n"


def test_nobody_apologises_after_an_agent_who_spoke_just_before(way):
    story = Story(way, DESK, f"communications:\n{FIRST}{SORRY}", priority="P1")
    assert story.planned("24 10:06").actions
    story.at("24 10:06", comment=True).until("24 10:20")
    assert told(story) == [("received", "requester")]


SUN = """
calendars:
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
  oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}}
  vancouver: {zone: America/Vancouver, hours: {mon-fri: "07:00-16:00"}}
teams:
  sun: {follow_the_sun: [desk-oslo, desk-vancouver], hand_over: {priority: [P1]}}
  desk-oslo: {calendar: oslo, groups: {snow: Oslo}}
  desk-vancouver: {calendar: vancouver, groups: {snow: Vancouver}}
  experts: {groups: {snow: Experts}}
communications: [{name: on, on: handed_over, to: [requester], message: handed-over}]
"""


def test_a_ticket_that_somebody_took_just_before_is_not_told_to_be_handed_over(way):
    story = Story(way, SUN, team="desk-oslo", priority="P1").at("24 15:00", note=True)
    assert story.planned("24 16:01").actions
    story.at("24 16:01", team="experts").until("24 16:20")
    assert (story.facts["team"], told(story)) == ("experts", [])
