"""A supplier's answer ends the wait for them, as a requester's ends that for the requester; nobody else's does."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story

RULES = """
people:
  cardgate: {email: support@cardgate.example, name: CardGate, accounts: {snow: gate}}
  other: {email: help@other.example, name: Other, accounts: {snow: other}}
services:
  web: {name: Web, team: web, supplier: cardgate}
  mail: {name: Mail, team: web, supplier: other}
pauses: {resolve: [requester, supplier]}
communications:
  - {name: ask-again, when: {waiting_for: supplier}, after: [{waiting: 2h}], to: [team], message: breach-warning}
"""

pytestmark = pytest.mark.parametrize("way", WAYS)


def near(way: str, minutes: float):
    return pytest.approx(minutes, abs=max(WAYS[way] / 60, 0.001))


def waiting(way: str, **facts: object) -> Story:
    """Tell of a ticket that waits for the supplier of its service since ten, one hour after its creation."""
    story = Story(way, RULES, service="web", **facts)
    return story.at("24 10:00", status="waiting", waiting_for="supplier")


@pytest.mark.parametrize("word", ["comment", "note"])
def test_a_suppliers_word_ends_the_wait_whatever_the_status_still_says(way, word):
    story = waiting(way).at("24 11:00", by="gate", **{word: True}).until("24 15:00")
    assert story.used("resolve") == near(way, 60 + 240)
    assert story.told == []
    assert story.facts["status"] == "waiting"


def test_without_an_answer_the_clock_stands_still_and_the_team_is_told(way):
    story = waiting(way).until("24 15:00")
    assert story.used("resolve") == near(way, 60)
    assert [at for at, _, _ in story.told] == ["24 12:00"]


@pytest.mark.parametrize("by", ["other", "kari", "sync"])
def test_the_word_of_anybody_else_ends_no_wait_for_the_supplier(way, by):
    story = waiting(way).at("24 11:00", by=by, comment=True).until("24 15:00")
    assert story.used("resolve") == near(way, 60)


def test_a_ticket_that_waits_for_its_requester_goes_on_waiting_when_the_supplier_speaks(way):
    story = Story(way, RULES, service="web").at("24 10:00", status="waiting", waiting_for="requester")
    story.at("24 11:00", by="gate", comment=True).until("24 15:00")
    assert story.used("resolve") == near(way, 60)


def test_a_supplier_who_is_known_by_their_address_alone_is_heard(way):
    rules = RULES.replace(", accounts: {snow: gate}", "")
    story = Story(way, rules, service="web")
    story.people = {"cardgate": "guest-7"}
    story.at("24 10:00", status="waiting", waiting_for="supplier").at("24 11:00", by="guest-7", comment=True)
    assert story.until("24 12:00").used("resolve") == near(way, 120)


def test_the_days_begin_anew_when_an_agent_asks_again(way):
    story = waiting(way).at("24 11:00", by="gate", comment=True).at("24 12:00", comment=True).until("24 15:00")
    assert story.used("resolve") == near(way, 60 + 60)
    assert [at for at, _, _ in story.told] == ["24 14:00"]


def test_a_supplier_answers_nobody_for_the_desk_and_promises_nothing_for_it(way):
    story = Story(way, RULES, service="web", priority="P1").at("24 09:10", by="gate", comment=True)
    course = story.until("24 09:30").clocks().course
    assert (course.answered, course.acknowledged) == (None, None)
    assert course.word == course.created


def test_whoever_asked_is_the_requester_though_they_are_a_supplier_too(way):
    story = Story(way, RULES.replace("snow: gate", "snow: kari"), service="web")
    story.at("24 10:00", status="waiting", waiting_for="supplier").at("24 11:00", by="kari", comment=True)
    assert story.until("24 12:00").used("resolve") == near(way, 60)


def test_what_people_decide_wins_over_the_answer(way):
    story = waiting(way).at("24 11:00", by="gate", comment=True).at("24 11:30", waiting_for="requester")
    assert story.until("24 15:00").used("resolve") == near(way, 60 + 30)
