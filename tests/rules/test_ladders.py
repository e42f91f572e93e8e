"""Ladders: every level once and in its order, the highest that is due, and nobody's choice undone."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story
from loading import loaded

TEAMS = """
teams:
  desk: {groups: {snow: Desk}}
  web: {groups: {snow: Web}}
  experts: {groups: {snow: Experts}}
"""
LADDER = """
ladders:
  - name: up
    when: {kind: incident}
    steps:
      - {level: L2, after: [{unacknowledged: 15m}, {used: 50%, of: resolve}], assign: {team: web}, ask: [symptom]}
      - {level: L3, after: [{used: 75%, of: resolve}], assign: {team: experts}}
      - {level: management, after: [{used: 100%, of: resolve}]}
"""
TOLD = (
    "communications: [{name: up, on: escalated, when: {level: [L2, L3]}, to: [requester, team], message: escalated}]\n"
)
RULES = (TEAMS, LADDER, TOLD)

pytestmark = pytest.mark.parametrize("way", WAYS)


def told(story: Story) -> list[tuple[str, str]]:
    return [(at, reader) for at, _, reader in story.told]


def test_every_level_of_a_ladder_is_taken_once_and_told(way):
    story = Story(way, *RULES, priority="P1").until("25 12:00")
    assert told(story) == [
        ("24 09:15", "team"),
        ("24 09:15", "requester"),
        ("24 12:00", "team"),
        ("24 12:00", "requester"),
        ("24 13:00", "team"),
    ]
    assert story.facts["team"] == "experts"
    assert story.level() == "management"


def test_acting_stops_the_first_step_and_not_the_later_ones(way):
    story = Story(way, *RULES, priority="P1").at("24 09:10", note=True).until("24 10:59")
    assert told(story) == []
    assert told(story.until("24 11:01")) == [("24 11:00", "team"), ("24 11:00", "requester")]
    assert story.facts["team"] == "web"


def test_a_step_that_a_person_overruled_is_called_for_by_its_next_moment_when_the_first_is_over(way):
    gone = LADDER.replace("{unacknowledged: 15m}", "{off_duty: 0m}")
    story = Story(way, TEAMS, gone, start="21 09:00", priority="P2", kind="request")
    story.at("21 10:00", assignee="vera").at("21 10:01", kind="incident").until("23 11:59")
    assert story.facts["team"] == "desk"  # they were off duty when Vera took it
    assert story.until("23 12:06").facts["team"] == "web"  # half of the time is over


class Unseen(Story):
    """A ticket that nobody looks at when it comes."""

    seen = False

    def cycle(self):
        return super().cycle() if self.seen else None


def test_a_team_that_gets_a_ticket_late_has_its_time_to_acknowledge_it(way):
    story = Unseen(way, *RULES, "routes: [{name: all, assign: {team: desk}}]\n", priority="P1", team=None)
    story.until("24 09:40").seen = True
    story.cycle()
    assert (story.facts["team"], story.level()) == ("desk", "L1")
    assert story.until("24 09:54").level() == "L1"
    assert story.until("24 09:56").level() == "L2"


def test_after_an_outage_the_highest_step_that_is_due_is_taken_once_and_says_that_it_is_late(way):
    story = Story(way, *RULES, priority="P1").at("24 09:10", note=True)
    story.look_again = None
    story.way, way = "full", story.way  # nobody looks for hours
    story.until("24 12:30").cycle()
    assert told(story) == [("24 12:30", "team"), ("24 12:30", "requester")]
    assert story.facts["team"] == "experts"
    assert story.late
    assert told(story.until("24 12:59"))[2:] == []


def test_a_person_who_gives_the_ticket_to_somebody_wins_over_steps_that_were_due_before(way):
    story = Story(way, *RULES, priority="P1", team="web").at("24 09:10", note=True)
    story.look_again = None
    story.way = "full"
    story.at("24 11:20", team="desk", note=True)
    assert (story.facts["team"], told(story)) == ("desk", [])
    story.until("24 12:30")
    assert (story.facts["team"], story.level()) == ("experts", "L3")


def test_a_priority_that_is_raised_and_lowered_again_repeats_no_level(way):
    story = Story(way, *RULES, priority="P1").until("24 09:20")
    story.at("24 09:30", priority="P4").at("24 09:40", priority="P1").until("24 10:50")
    assert told(story) == [("24 09:15", "team"), ("24 09:15", "requester")]


def test_resolving_ends_the_ladder_and_reopening_goes_on_at_the_level_reached(way):
    story = Story(way, *RULES, priority="P1").until("24 09:20").at("24 10:00", status="resolved").until("24 14:00")
    assert len(told(story)) == 2
    story.at("24 14:00", status="in_progress").until("24 16:30")
    assert told(story)[2:] == [("24 16:00", "team"), ("24 16:00", "requester")]
    assert story.level() == "L3"


def test_a_ladder_that_is_taken_away_while_it_runs_takes_no_more_steps(way):
    story = Story(way, *RULES, priority="P1").until("24 09:20").under(TEAMS, TOLD, "ladders: []\n").until("25 12:00")
    assert len(told(story)) == 2


def test_a_ladder_that_is_switched_on_takes_no_step_that_was_due_before(way):
    story = Story(way, TEAMS, TOLD, priority="P1").until("24 11:30").under(*RULES).until("24 13:30")
    assert [at for at, _ in told(story)] == ["24 12:00", "24 12:00", "24 13:00"]


def test_what_happened_is_escalated_at_any_time_once(way):
    again = "anytime: [{level: L3, when: {reopened: {at_least: 2}}, assign: {team: experts}}]\n"
    story = Story(way, *RULES, again, priority="P3").at("24 09:05", note=True)
    story.at("24 10:00", reopened=2).at("24 11:00", reopened=3).until("24 15:00")
    seen = "24 10:05" if way == "observed" else "24 10:00"
    assert told(story) == [(seen, "team"), (seen, "requester")]
    assert story.facts["team"] == "experts"
    assert story.level() == "L3"


def test_a_route_leaves_a_ticket_alone_that_was_escalated(way):
    route = "routes: [{name: all, assign: {team: desk}}]\n"
    story = Story(way, *RULES, route, priority="P1", team=None).until("24 09:20")
    assert story.facts["team"] == "web"
    assert story.at("24 09:30", category="other", note=True).until("24 10:50").facts["team"] == "web"


def test_a_silence_holds_a_step_back(way):
    silence = "silence: [{from: 2026-11-24T09:00+01:00, to: 2026-11-24T10:00+01:00}]\n"
    story = Story(way, *RULES, silence, priority="P1").until("24 10:30")
    assert told(story) == [("24 10:00", "team"), ("24 10:00", "requester")]


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("[]", "the ladder has no steps"),
        ("[{level: L1, after: [{waiting: 1h}]}]", "'L1' is what a route gives: no step reaches it"),
        (
            "[{level: A, after: [{waiting: 1h}]}, {level: A, after: [{waiting: 2h}]}]",
            "the ladder has the level 'A' already",
        ),
        (
            "[{level: A, after: [{used: 75%, of: resolve}]}, {level: B, after: [{used: 50%, of: resolve}]}]",
            "'B' is due at 50% of resolve, not after 'A'",
        ),
    ],
)
def test_a_ladder_that_does_not_go_up_is_refused(way, steps, problem):
    answer = loaded(f"ladders: [{{name: a, steps: {steps}}}]\n")
    assert problem in [found.text for found in answer.problems if found.weight == "error"]


def test_a_ticket_that_a_person_gives_to_a_team_that_has_gone_home_is_raised_at_once(way):
    gone = LADDER.replace("{unacknowledged: 15m}", "{off_duty: 0m}").replace("kind: incident", "team: [web, experts]")
    story = Story(way, TEAMS, gone, TOLD).at("24 19:00", team="web", note=True).until("24 19:10")
    assert story.level() == "L2"


def test_a_route_and_a_step_at_the_same_time_are_one_move(way):
    route = "routes: [{name: all, assign: {team: desk}}]\n"
    gone = LADDER.replace("{unacknowledged: 15m}", "{off_duty: 0m}")
    story = Story(way, TEAMS, gone, route, priority="P1", team=None, start="21 23:10")
    assert [event.value for event in story.history if event.fact == "team"] == ["web"]


def test_a_team_without_anybody_on_duty_is_raised_past_at_once_and_its_person_on_call_is_nobody(way):
    night = "calendar: oslo\n" + LADDER.replace("{unacknowledged: 15m}", "{off_duty: 0m}")
    night = night.replace("assign: {team: web}", "assign: {team: web, person: on_call}")
    people = "people: {ida: {email: ida@harbour.example}}\n"
    rota = TEAMS.replace(
        "web: {groups: {snow: Web}}",
        "web: {groups: {snow: Web}, on_call: {rotation: [ida], each: 1w, from: 2026-12-01T08:00}}",
    )
    story = Story(way, people, rota, night, priority="P1", start="21 23:10").until("21 23:20")
    assert (story.facts["team"], story.facts.get("assignee")) == ("web", None)
    assert "nobody is on call" in story.all_reasons


def test_a_ticket_that_is_merged_into_another_climbs_no_further(way):
    story = Story(way, *RULES, priority="P1").at("24 09:05", status="cancelled", parent="INC7").until("25 12:00")
    assert (told(story), story.facts["team"]) == ([], "desk")


def test_a_vips_p4_climbs_the_ladder_of_what_it_is_decided_to_be_and_no_other(way):
    """The floor lifts it to P3: its clock is that of a P3, and the ladder for P1 and P2 leaves it alone."""
    vip = "adjust: [{name: vip, when: {requester.vip: true}, at_least: P3}]\n"
    ladders = (
        LADDER.replace("when: {kind: incident}", "when: {priority: [P1, P2]}")
        + """  - name: others
    steps: [{level: L2, after: [{used: 100%, of: respond}], assign: {team: web}}]
"""
    )
    facts = {"impact": "moderate", "urgency": "low", "requester.vip": True, "priority": None}
    story = Story(way, TEAMS, ladders, TOLD, vip, **facts).until("24 12:59")
    assert (story.facts["priority"], story.level()) == ("P3", "L1")
    assert story.until("24 13:05").level() == "L2"  # four hours of the office, not eight


def test_priority_that_people_raise_and_lower_before_a_step_is_due_calls_for_nothing(way):
    story = Story(way, *RULES, priority="P3").at("24 09:05", note=True)
    story.at("24 09:30", priority="P1").at("24 09:40", priority="P3").until("24 12:50")
    assert told(story) == []


LADDERS = """
ladders:
  - name: urgent
    when: {priority: P1}
    steps:
      - {level: L2, after: [{used: 25%, of: resolve}], assign: {team: web}}
      - {level: L3, after: [{used: 50%, of: resolve}], assign: {team: experts}}
  - name: others
    steps:
      - {level: L2, after: [{used: 25%, of: resolve}], assign: {team: web}}
anytime: [{level: L2, when: {category: network}, assign: {team: web}}]
"""


@pytest.mark.parametrize("change", [{"priority": "P2"}, {"category": "network"}])
def test_a_level_that_was_passed_is_not_taken_by_another_ladder_or_at_any_time(way, change):
    story = Story(way, TEAMS, LADDERS, priority="P1")
    story.look_again, story.way, way = None, "full", story.way
    story.until("24 12:00").cycle()  # nobody looked for hours: L3 is taken, and L2 is passed
    assert (story.level(), story.facts["team"]) == ("L3", "experts")
    story.way = way
    story.at("24 12:10", **change).until("24 15:30")
    assert (story.level(), story.facts["team"]) == ("L3", "experts")


def test_no_route_takes_a_ticket_back_whose_ladder_is_another_one_now(way):
    route = "routes: [{name: other, when: {category: other}, assign: {team: desk}}]\n"
    story = Story(way, TEAMS, LADDERS, route, priority="P1").until("24 12:00")
    assert story.facts["team"] == "experts"
    assert story.at("24 12:10", by="kari", category="other", priority="P3").until("24 12:20").facts["team"] == "experts"


BOTH = """
anytime:
  - {level: L3, when: {reopened: {at_least: 2}}, assign: {team: experts}}
  - {level: complaint, when: {category: complaint}, ask: [symptom]}
"""
HEARS = """
communications:
  - {name: up, on: escalated, when: {level: L3}, to: [requester], message: escalated}
  - {name: sorry, on: escalated, when: {level: complaint}, to: [requester], message: assigned}
"""


def test_each_of_two_steps_at_one_time_is_told(way):
    story = Story(way, TEAMS, BOTH, HEARS, priority="P3").at("24 10:00", reopened=2, category="complaint")
    story.until("24 10:20")
    assert [(message, reader) for _, message, reader in story.told] == [
        ("escalated", "team"),
        ("escalated", "requester"),
        ("escalated", "team"),
        ("assigned", "requester"),
    ]


def test_a_step_that_cannot_be_written_holds_no_other_up(way):
    always = "anytime: [{level: swarm, when: {category: odd}, assign: {team: experts, swarm: true}}]\n"
    story = Story(way, TEAMS, LADDER, always, priority="P1")
    story.version, story.facts["category"] = story.version + 1, "odd"
    assert story.planned("24 09:20").look_again_at is not None
    planned = story.planned("24 09:21")
    assert any(getattr(action, "team", "") == "web" for action in planned.actions)


def test_the_level_that_a_route_gives_is_refused_at_any_time_too(way):
    answer = loaded("anytime: [{level: L1, when: {kind: incident}, assign: {team: web}}]\n")
    text = "'L1' is what a route gives: no step reaches it"
    assert text in [found.text for found in answer.problems if found.weight == "error"]
