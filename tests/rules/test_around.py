"""What lies around a ticket: the major incident above it, and the queues of teams and people."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story
from loading import loaded

DESK = """
people:
  ida: {email: ida@harbour.example}
  jonas: {email: jonas@harbour.example}
services: {booking: {name: Booking, team: web, owner: ida}, payments: {name: Payments, team: web}}
teams:
  desk: {groups: {snow: Desk}}
  web:
    groups: {snow: Web}
    queue_limit: 2
    on_call: {rotation: [ida, jonas], each: 1w, from: 2026-11-23T08:00}
"""
LADDER = "ladders: [{name: up, steps: [{level: L2, after: [{used: 50%, of: resolve}], assign: {team: web}}]}]\n"
COMPLAINT = "anytime: [{level: complaint, when: {category: complaint}, watch: [ida]}]\n"
LINK = "link: [{when: {kind: incident}, to: open_major, mode: MODE}]\n"

pytestmark = pytest.mark.parametrize("way", WAYS)


def around(way: str, *rules: str, facts: dict | None = None, **more: object) -> Story:
    story = Story(way, DESK, *rules, **{"priority": "P1", **(facts or {})})
    story.around = more
    return story


def test_what_is_below_a_major_incident_climbs_no_ladder_of_its_own(way):
    story = around(way, LADDER, facts={"parent": "INC7"}, majors={"INC7": "booking"}).until("24 12:00")
    assert (story.level(), story.facts["team"]) == ("L1", "desk")
    assert "it follows INC7, a major incident: no ladder of its own" in story.all_reasons


def test_when_the_major_incident_is_over_its_own_ladder_goes_on(way):
    story = around(way, LADDER, facts={"parent": "INC7"}, majors={"INC7": "booking"}).until("24 12:00")
    story.around = {}
    assert story.level() == "L2"


def test_a_complaint_below_a_major_incident_is_heard(way):
    story = around(way, COMPLAINT, facts={"parent": "INC7"}, majors={"INC7": "booking"})
    assert story.at("24 09:30", category="complaint").until("24 09:40").facts["watchers"] == ("ida",)


def test_a_ticket_of_its_service_is_put_below_the_open_major_incident_once(way):
    rule = LINK.replace("MODE", "apply")
    story = around(way, rule, facts={"service": "booking"}, majors={"INC7": "booking", "INC8": "payments"})
    assert story.at("24 09:10", note=True).until("24 09:20").facts["parent"] == "INC7"
    assert "parent" not in story.at("24 09:30", parent=None).until("24 10:00").facts  # a person took it away


@pytest.mark.parametrize(
    "majors", [{}, {"INC7": "payments"}, {"INC7": "booking", "INC8": "booking"}, {"INC1": "booking"}]
)
def test_where_it_is_not_sure_which_one_nothing_is_linked(way, majors):
    story = around(way, LINK.replace("MODE", "apply"), facts={"service": "booking"}, majors=majors)
    assert "parent" not in story.at("24 09:10", note=True).until("24 09:20").facts


def test_by_default_a_link_is_only_proposed(way):
    story = around(way, LINK.replace(", mode: MODE", ""), facts={"service": "booking"}, majors={"INC7": "booking"})
    story.at("24 09:10", note=True).until("24 10:00")
    assert ("parent" in story.facts, [message for _, message, _ in story.told]) == (False, ["advice"])


def test_the_least_loaded_of_a_team_gets_the_ticket(way):
    least = LADDER.replace("{team: web}", "{team: web, person: least_loaded}")
    assert around(way, least, assignees={"ida": 5, "jonas": 2}).until("24 12:00").facts["assignee"] == "jonas"
    assert around(way, least, assignees={"jonas": 1}).until("24 12:00").facts["assignee"] == "ida"


def test_a_queue_over_its_limit_calls_for_the_whole_team(way):
    swarm = "anytime: [{level: swarm, when: {team.overloaded: true}, assign: {team: web, swarm: true}}]\n"
    few = around(way, swarm, facts={"team": "web", "assignee": "vera"}, teams={"web": 2})
    assert few.at("24 09:10", note=True).until("24 09:20").facts["assignee"] == "vera"
    many = around(way, swarm, facts={"team": "web", "assignee": "vera"}, teams={"web": 3})
    many.at("24 09:10", note=True).until("24 09:20")
    assert (many.facts.get("assignee"), many.facts["watchers"]) == (None, ("vera",))


def test_an_expert_with_too_many_tickets_is_helped(way):
    swarm = "anytime: [{level: swarm, when: {assignee.queue: {at_least: 5}}, assign: {team: web, swarm: true}}]\n"
    story = around(way, swarm, facts={"team": "web", "assignee": "vera"}, assignees={"vera": 5})
    assert story.at("24 09:10", note=True).until("24 09:20").facts.get("assignee") is None


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (
            "teams: {a: {groups: {snow: A}}}\n"
            "routes: [{name: a, when: {team.queue: {at_least: 5}}, assign: {team: a}}]",
            "'team.queue' changes by itself, and only steps may ask for it",
        ),
        ("link: [{to: parent}]", "tickets are linked to 'open_major', not to 'parent'"),
    ],
)
def test_what_cannot_work_is_refused(way, rules, problem):
    assert problem in [found.text for found in loaded(rules + "\n").problems if found.weight == "error"]


def test_a_ticket_whose_link_is_refused_climbs_its_own_ladder(way):
    story = around(way, LADDER, LINK.replace("MODE", "apply"), facts={"service": "booking"}, majors={"INC7": "booking"})
    planned = story.planned("24 10:00")  # and refused: nothing more is tried
    assert [action.values for action in planned.actions] == [{"parent": "INC7"}]
    assert planned.look_again_at is not None
    assert any(getattr(action, "team", "") == "web" for action in story.planned("24 11:01").actions)


def test_a_major_incident_below_itself_climbs_its_ladder(way):
    story = around(way, LADDER, facts={"parent": "INC1", "major": True}, majors={"INC1": "booking"}).until("24 12:00")
    assert story.cycle().facts["level"] == "L2"


def test_a_person_gets_a_ticket_of_a_team_that_the_workspace_does_not_know(way):
    ladder = LADDER.replace("{team: web}", "{person: service.owner}")
    story = around(way, ladder, facts={"service": "booking", "team": "Network Operations"}).until("24 12:00")
    assert (story.facts.get("assignee"), story.facts["team"]) == ("ida", "Network Operations")
