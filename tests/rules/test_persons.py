"""Persons: who gets a ticket, who watches, and who hears of it elsewhere."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story

DESK = """
people:
  ida: {email: ida@harbour.example}
  jonas: {email: jonas@harbour.example, language: nb}
  noah: {email: noah@harbour.example}
  olivia: {email: olivia@harbour.example, language: fr}
services: {booking: {name: Booking, team: web, owner: olivia, sponsor: olivia}}
teams:
  desk: {groups: {snow: Desk}}
  web:
    groups: {snow: Web}
    on_call: {rotation: [ida, jonas, noah], each: 1w, from: 2026-11-23T08:00}
"""
PERSON = "{team: service.team, person: on_call}"
LADDER = """
ladders:
  - name: up
    steps:
      - {level: L2, after: [{unacknowledged: 15m}, {used: 50%, of: resolve}], assign: PERSON}
      - {level: management, after: [{used: 100%, of: resolve}], watch: [service.owner, noah]}
"""
DOORS = "doors: {on_call: pager, people: mail}\nchannels: {pager: {kind: webhook, url: 'https://pager.example'}}\n"
WAKE = (
    "communications: [{name: wake, on: escalated, to: [on_call, service.owner, service.sponsor], message: escalated}]\n"
)
RULES = (DESK, LADDER.replace("PERSON", PERSON), DOORS, WAKE)

pytestmark = pytest.mark.parametrize("way", WAYS)


def raised(way: str, *rules: str, **facts: object) -> Story:
    return Story(way, *rules or RULES, **{"priority": "P1", "service": "booking", **facts})


def test_a_step_gives_the_ticket_to_the_person_on_call(way):
    story = raised(way).until("24 09:20")
    assert (story.facts["team"], story.facts["assignee"]) == ("web", "ida")


def test_that_we_gave_it_to_somebody_is_no_sign_that_they_act(way):
    again = LADDER.replace("management, after: [{used: 100%, of: resolve}]", "L3, after: [{unacknowledged: 30m}]")
    story = raised(way, DESK, again.replace("PERSON", PERSON), DOORS, WAKE).until("24 10:00")
    assert (story.facts["assignee"], story.level()) == ("ida", "L3")


def test_a_person_on_call_without_an_account_is_passed_over_and_the_note_says_so(way):
    story = raised(way)
    story.people = {"noah": "noah", "olivia": "olivia"}
    story.until("24 09:20")
    assert story.facts["assignee"] == "noah"
    assert "ida, jonas: no account on snow" in story.all_reasons


def test_where_nobody_on_call_has_an_account_the_team_gets_the_ticket(way):
    story = raised(way)
    story.people = {}
    story.until("24 09:20")
    assert (story.facts["team"], story.facts.get("assignee")) == ("web", None)


def test_a_team_that_gets_a_ticket_has_nobody_on_it_yet(way):
    story = raised(way, DESK, LADDER.replace("PERSON", "{team: web}")).at("24 09:05", assignee="vera")
    story.until("24 11:30")
    assert (story.facts["team"], story.facts.get("assignee")) == ("web", None)


def test_a_colleague_who_took_the_ticket_since_keeps_it(way):
    story = raised(way).at("24 09:10", note=True)
    story.look_again = None
    story.way = "full"
    story.at("24 11:20", assignee="vera")
    assert (story.facts["team"], story.facts["assignee"]) == ("desk", "vera")


def test_who_passes_the_ticket_on_overrules_nobody_and_is_not_fought(way):
    story = raised(way).until("24 09:20").at("24 09:30", by="ida", assignee="vera").until("24 12:30")
    assert story.facts["assignee"] == "vera"
    assert not [text for text in story.all_reasons if "changed assignee" in text]


def test_hierarchic_levels_let_people_watch_and_leave_the_ticket_where_it_is(way):
    story = raised(way).until("24 13:10")
    assert story.facts["watchers"] == ("olivia", "noah")
    assert story.facts["team"] == "web"


def test_a_route_may_name_who_in_the_team_gets_the_ticket(way):
    story = raised(way, DESK, "routes: [{name: all, assign: {team: web, person: on_call}}]\n", team=None)
    assert (story.facts["team"], story.facts["assignee"]) == ("web", "ida")
    assert story.at("24 09:30", by="ida", assignee="vera").until("24 10:00").facts["assignee"] == "vera"


def test_the_swarm_is_the_whole_team_and_those_who_had_it_watch(way):
    swarm = "anytime: [{level: swarm, when: {reassigned: {at_least: 3}}, assign: {team: service.team, swarm: true}}]\n"
    story = raised(way, DESK, swarm).at("24 09:10", assignee="vera").at("24 09:20", assignee="noah", team="desk")
    story.at("24 09:30", reassigned=3).until("24 09:40")
    assert (story.facts["team"], story.facts.get("assignee")) == ("web", None)
    assert set(story.facts["watchers"]) >= ({"vera", "noah"} if way != "observed" else {"noah"})


def test_a_service_without_an_owner_is_said_and_nobody_is_made_up(way):
    story = raised(way, service=None).until("24 13:10")
    assert "watchers" not in story.facts or story.facts["watchers"] == ("noah",)
    assert "service.owner is empty" in story.all_reasons


def test_one_person_hears_once_whatever_they_are_called(way):
    story = raised(way).until("24 09:20")
    heard = [(message, who, door) for _, message, who, door in story.notices]
    assert heard == [("escalated", "ida", "pager"), ("escalated", "olivia", "mail")]


def test_a_call_that_nobody_takes_goes_to_the_next_on_call(way):
    rule = "communications:\n  - {name: wake, on: escalated, to: [on_call], message: escalated}\n"
    rule += "  - {name: not-taken, after: [{unacknowledged: 30m}], to: [next_on_call], message: escalated}\n"
    story = raised(way, DESK, LADDER.replace("PERSON", PERSON), DOORS, rule).until("24 11:00")
    heard = [(who, door) for _, message, who, door in story.notices]
    assert heard == [("ida", "pager"), ("jonas", "pager")]


def test_who_is_on_call_needs_no_account_to_be_called(way):
    story = raised(way)
    story.people = {"noah": "noah"}
    story.until("24 09:20")
    assert story.notices[0][2:] == ("ida", "pager")


def test_a_call_that_somebody_takes_goes_no_further(way):
    rule = "communications:\n  - {name: wake, on: escalated, to: [on_call], message: escalated}\n"
    rule += "  - {name: not-taken, after: [{unacknowledged: 30m}], to: [next_on_call], message: escalated}\n"
    story = raised(way, DESK, LADDER.replace("PERSON", PERSON), DOORS, rule).until("24 09:20")
    story.at("24 09:25", by="ida", status="in_progress").until("24 11:00")
    assert [who for _, _, who, _ in story.notices] == ["ida"]


def test_what_no_channel_carries_is_journalled_and_nothing_goes_out_twice(way):
    story = raised(way).until("24 12:00")
    assert len(story.notices) == 2
    assert "escalated to service.owner in fr, the reader's own language: there is no channel mail" in story.all_reasons


def test_no_customer_watches_what_the_team_writes(way):
    swarm = "anytime: [{level: swarm, when: {reassigned: {at_least: 3}}, assign: {team: service.team, swarm: true}}]\n"
    story = raised(way, DESK, swarm).at("24 09:11", assignee="kari").at("24 09:21", assignee="noah", team="desk")
    story.at("24 09:31", reassigned=3).until("24 09:40")
    assert "kari" not in story.facts["watchers"]
