"""Promises to customers: kept by anybody's public word, missed without one, told and escalated once."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story

DESK = """
people: {olivia: {email: olivia@harbour.example}}
services: {booking: {name: Booking, team: desk, owner: olivia}}
"""
FIRST = "  - {name: first, on: created, to: [requester], message: received}\n"
SORRY = "  - {name: sorry, on: promise_missed, to: [requester], message: apology}\n"
REPEATED = "  - {name: again, every: updates, to: [requester], message: major-incident-update}\n"
WATCH = "anytime: [{level: promise, when: {promise: missed}, watch: [service.owner]}]\n"

pytestmark = pytest.mark.parametrize("way", WAYS)


def promised(way: str, *rules: str) -> Story:
    """Return a P1 that came at 09:00 and was promised the next word by 10:00."""
    return Story(way, DESK, WATCH, "communications:\n" + "".join(rules), priority="P1", service="booking")


def told(story: Story) -> list[tuple[str, str]]:
    return [(at, message) for at, message, reader in story.told if reader == "requester"]


def test_a_word_of_an_agent_keeps_a_promise(way):
    story = promised(way, FIRST, SORRY).at("24 09:50", comment=True).until("24 10:30")
    assert story.cycle().facts["promise"] == "kept"
    assert told(story) == [("24 09:00", "received")]


def test_our_own_update_keeps_it_though_it_comes_with_the_minute(way):
    story = promised(way, FIRST, SORRY, REPEATED).until("24 12:30")
    assert [message for _, message in told(story)] == ["received", *["major-incident-update"] * 3]
    assert "watchers" not in story.facts


def test_a_missed_promise_is_told_once_with_a_new_time_and_escalated(way):
    story = promised(way, FIRST, SORRY).until("24 10:30")
    assert told(story) == [("24 09:00", "received"), ("24 10:05", "apology")]
    assert story.facts["watchers"] == ("olivia",)


def test_an_apology_promises_anew(way):
    story = promised(way, FIRST, SORRY).until("24 12:30")
    assert [at for at, message in told(story) if message == "apology"] == ["24 10:05", "24 11:10", "24 12:15"]


def test_nobody_apologises_where_an_agent_spoke_meanwhile(way):
    story = promised(way, FIRST, SORRY)
    story.look_again = None  # nobody looks for a while
    story.way = "full"
    story.at("24 10:20", comment=True).until("24 10:30")
    assert told(story) == [("24 09:00", "received")]
    assert story.cycle().facts["promise"] == "missed"


def test_a_customer_does_not_keep_our_promise(way):
    story = promised(way, FIRST, SORRY).at("24 09:50", by="kari", comment=True).until("24 10:10")
    assert told(story)[-1] == ("24 10:05", "apology")


def test_what_is_solved_in_time_owes_no_word(way):
    story = promised(way, FIRST, SORRY).at("24 09:40", status="resolved").until("24 11:00")
    assert told(story) == [("24 09:00", "received")]


def test_a_message_without_a_time_promises_nothing(way):
    story = promised(way, FIRST.replace("message: received", "message: solved"), SORRY).until("24 11:00")
    assert told(story) == [("24 09:00", "solved")]
