"""Approval: who has to allow a step is asked, answers with a note or a label of their own, and nobody else can."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story

DESK = """
people:
  ivar: {email: ivar@harbour.example}
  olivia: {email: olivia@harbour.example}
teams:
  desk: {groups: {snow: Desk}}
  web: {groups: {snow: Web}}
  experts: {groups: {snow: Experts}}
words: {snow: {set_priority_by: [priority], fields: {labels: u_labels}}}
"""
LADDER = """
ladders:
  - name: up
    steps:
      - {level: L2, after: [{used: 25%, of: resolve}], assign: {team: web}}
      - level: L3
        after: [{used: 50%, of: resolve}]
        approve: {by: ivar, within: 30m, else: olivia}
        assign: {team: experts}
      - {level: management, after: [{used: 100%, of: resolve}], watch: [ivar]}
"""

pytestmark = pytest.mark.parametrize("way", WAYS)


def asked(story: Story) -> list[str]:
    return [at for at, message, _ in story.told if message == "approval-request"]


def at_l3(way: str, **facts: object) -> Story:
    return Story(way, DESK, LADDER, **{"priority": "P1", **facts}).at("24 09:05", note=True).until("24 11:00")


def test_a_step_that_needs_approval_is_asked_for_and_waits(way):
    story = at_l3(way).until("24 11:20")
    assert (story.level(), story.facts["team"], asked(story)) == ("L2", "web", ["24 11:00"])
    assert story.facts["watchers"] == ("ivar",)
    assert ("24 11:00", "approval-request", "ivar", "mail") in story.notices


def test_a_note_of_who_was_asked_grants_it(way):
    story = at_l3(way).at("24 11:10", by="ivar", note="granted").until("24 11:20")
    assert (story.level(), story.facts["team"]) == ("L3", "experts")


def test_a_note_of_who_was_asked_refuses_it_for_good(way):
    story = at_l3(way).at("24 11:10", by="ivar", note="refused").at("24 11:15", by="ivar", note="granted")
    story.until("24 12:50")
    assert (story.level(), asked(story)) == ("L2", ["24 11:00"])
    assert story.until("24 13:10").level() == "management"


@pytest.mark.parametrize("by", ["kari", "ida", "olivia", "system"])
def test_nobody_else_grants_it(way, by):
    assert at_l3(way).at("24 11:10", by=by, note="granted").until("24 11:20").level() == "L2"


def test_who_asked_for_help_themselves_cannot_grant_it_as_a_customer(way):
    story = at_l3(way)
    story.people = {"ivar": "kari", "olivia": "olivia"}
    assert story.at("24 11:10", by="kari", note="granted").until("24 11:20").level() == "L2"


def test_what_they_said_before_they_were_asked_does_not_count(way):
    story = Story(way, DESK, LADDER, priority="P1").at("24 10:50", by="ivar", note="granted").until("24 11:20")
    assert story.level() == "L2"


def test_after_the_set_time_the_deputy_is_asked_and_either_may_answer(way):
    story = at_l3(way).until("24 11:40")
    assert asked(story) == ["24 11:00", "24 11:30"]
    assert set(story.facts["watchers"]) == {"ivar", "olivia"}
    story.at("24 11:45", by="olivia", note="granted").until("24 11:50")
    assert story.level() == "L3"


def test_a_request_that_nobody_answers_holds_no_higher_level_up(way):
    story = at_l3(way).until("24 13:10")
    assert (story.level(), len(asked(story))) == ("management", 2)
    assert story.at("24 13:20", by="ivar", note="granted").until("24 13:30").facts["team"] == "web"


def test_a_label_of_theirs_grants_it_where_the_history_tells_who_set_it(way):
    story = at_l3(way).at("24 11:05", by="ida", labels=("vpn",))
    story.at("24 11:10", by="ivar", labels=("vpn", "approved")).until("24 11:20")
    assert story.level() == ("L3" if way == "full" else "L2")


def test_somebody_elses_label_does_not(way):
    story = at_l3(way).at("24 11:05", by="ida", labels=("approved",))
    assert story.at("24 11:10", by="ivar", labels=("approved", "vpn")).until("24 11:20").level() == "L2"


def test_who_has_no_account_is_passed_over_to_the_deputy(way):
    story = Story(way, DESK, LADDER, priority="P1")
    story.people = {"olivia": "olivia"}
    story.at("24 09:05", note=True).until("24 11:10")
    assert story.at("24 11:15", by="olivia", note="granted").until("24 11:20").level() == "L3"


def test_a_hand_over_while_approval_waits_leaves_the_question_open(way):
    regions = """
calendars:
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
  oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-11:15"}}
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: "15:00-23:00"}}
people: {ivar: {email: ivar@harbour.example}}
teams:
  sun: {follow_the_sun: [desk, web], hand_over: {priority: [P1]}}
  desk: {calendar: oslo, groups: {snow: Desk}}
  web: {calendar: saigon, groups: {snow: Web}}
  experts: {groups: {snow: Experts}}
"""
    ladder = LADDER.replace("{level: L2, after: [{used: 25%, of: resolve}], assign: {team: web}}", "").replace(
        "      - \n", ""
    )
    ladder = ladder.replace(", else: olivia", "")
    story = Story(way, regions, ladder, priority="P1").at("24 09:05", note=True).until("24 11:20")
    assert (story.facts["team"], asked(story)) == ("web", ["24 11:00"])  # handed over at a quarter past eleven
    assert story.at("24 11:25", by="ivar", note="granted").until("24 11:30").facts["team"] == "experts"


def test_a_question_that_is_planned_and_not_written_yet_is_not_lost(way):
    story = Story(way, DESK, LADDER, priority="P1").at("24 09:05", note=True).until("24 10:59")
    assert story.planned("24 11:01").actions
    story.cycle()
    assert (asked(story), story.facts["watchers"]) == (["24 11:01"], ("ivar",))
    story.until("24 11:40")
    assert asked(story) == ["24 11:01", "24 11:31"]


ANYTIME = """
anytime: [{level: L3, when: {priority: P1}, approve: {by: ivar, within: 30m}, assign: {team: experts}}]
"""


@pytest.mark.parametrize("mode", ["observe", "advise"])
def test_who_was_asked_only_in_a_desk_that_writes_nothing_is_asked_when_it_does(way, mode):
    story = Story(way, DESK, ANYTIME, f"mode: {mode}\n", priority="P1").until("24 09:30")
    assert (asked(story), "watchers" in story.facts) == ([], False)
    story.under(DESK, ANYTIME).until("24 09:40")
    assert len(asked(story)) == 1


def test_nobody_is_asked_for_a_level_that_a_higher_one_passes(way):
    story = Story(way, DESK, LADDER, priority="P1").at("24 09:05", note=True)
    story.look_again, story.way = None, "full"
    story.until("24 13:10").cycle()  # nobody looked for hours
    assert (story.level(), asked(story)) == ("management", [])


def test_of_two_questions_each_has_a_note_of_its_own(way):
    both = LADDER.replace("assign: {team: web}}", "approve: {by: olivia, within: 30m}, assign: {team: web}}")
    story = Story(way, DESK, both, priority="P1").at("24 09:05", note=True)
    story.look_again, story.way = None, "full"
    story.now = story.now.replace(hour=10)  # 11:00 in Oslo, and nobody looked
    first = story._decide()
    assert (first.facts["approval.level"], first.facts["approval.by"]) == ("L3", "ivar")
    story._write(first)
    second = story._decide()
    assert (second.facts["approval.level"], second.facts["approval.by"]) == ("L2", "olivia")
    story._write(second)
    assert len(asked(story)) == 2
