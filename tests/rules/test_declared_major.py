"""A major incident is declared: who hears of it, when, and what waits meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import CONNECTION, rulebook
from test_settled import AROUND, WRITABLE, Platform

from rules.confirm import confirmed
from rules.engine import decide
from rules.model import Comment, Memory, mark

DECLARED = "{name: declared, on: major, to: [requester, team], message: major-incident-started}"
OVER = "{name: over, on: resolved, when: {major: true}, to: [requester], message: major-incident-solved}"
USUAL = """
  - {name: solved, on: resolved, to: [requester, team], message: solved}
  - {name: received, on: created, to: [requester], message: received}
  - {name: prioritised, on: prioritised, to: [requester, team], message: prioritised}
"""
RULES = f"communications:\n  - {OVER}\n  - {DECLARED}{USUAL}"
PLAIN = {"impact": "significant", "urgency": "medium", "priority": "P3", "status": "new", "major": False}
HELD = "during a major incident the requester hears only of that"


def book(rules: str = RULES, mode: str = ""):
    return rulebook("words: {snow: {set_priority_by: [priority]}}\n" + rules, connection=CONNECTION + mode)


def ticket(rules: str = RULES, mode: str = "", **facts) -> Platform:
    """Return a ticket, not yet seen by the service."""
    found = Platform(WRITABLE, PLAIN | facts, False, "kari", True)
    found.book = book(rules, mode)
    return found


def seen(rules: str = RULES, **facts) -> Platform:
    """Return a ticket of which everybody has heard what there is to hear."""
    found = ticket(rules, **facts)
    found.cycle()
    return found


def told(found: Platform, reader: str = "requester") -> list[str]:
    """Let the service look at the ticket, and return what this reader hears."""
    return [a.message for a in found.cycle() if isinstance(a, Comment) and a.reader == reader]


def decided(found: Platform, later: timedelta = timedelta(seconds=30)):
    return decide(found.read(), found.memory, AROUND, found.book, found.now() + later)


def held_back(found: Platform) -> list[tuple[str, str]]:
    """Return the rules that a decision holds back now, each with why."""
    return [(r.rule, r.text) for r in decided(found).reasons if r.outcome == "held back"]


def test_requester_and_team_hear_once_that_a_ticket_became_a_major_incident():
    found = seen()
    found.change("ida", major=True)
    planned = found.cycle()
    assert [(a.message, a.reader) for a in planned] == [
        ("major-incident-started", "requester"),
        ("major-incident-started", "team"),
    ]
    found.change("ida", title="looking at it")
    assert found.cycle() == ()


def test_the_occasion_is_the_second_in_which_it_changed():
    found = seen()
    found.change("ida", major=True)
    (key, _) = [action.key for action in decided(found).actions]
    assert key.endswith(f" major-incident-started to requester @major {int(found.now().timestamp())}")


def test_a_ticket_that_is_major_when_first_seen_is_told_as_such_and_not_as_received():
    found = ticket(major=True)
    assert told(found) == ["major-incident-started"]


def test_where_nobody_has_heard_of_the_field_yet_a_declaration_is_news_too():
    found = ticket()
    del found.facts["major"]
    found.cycle()
    found.change("ida", major=True)
    assert told(found) == ["major-incident-started"]


def test_withdrawn_and_declared_again_is_told_again():
    found = seen()
    for _ in range(3):
        found.change("ida", major=True)
        assert told(found) == ["major-incident-started"]
        found.change("ida", major=False)
        assert told(found) == []


def test_a_field_that_cannot_be_read_for_a_while_declares_nothing_anew():
    found = seen()
    for major in (True, None, True):
        found.change("ida", major=major)
        found.cycle()
    assert found.memory.told["major"] is True
    found.change("ida", major=None)
    found.cycle()
    found.change("ida", major=True)
    assert found.cycle() == ()


@pytest.mark.parametrize("status", ["resolved", "closed", "cancelled"])
def test_a_ticket_that_is_not_open_is_never_announced(status):
    found = seen()
    found.change("ida", status=status)
    found.cycle()
    found.change("ida", major=True)
    assert found.cycle() == ()


def test_a_declaration_older_than_a_day_is_not_told():
    found = ticket(major=True)
    late = decided(found, later=timedelta(hours=25))
    assert late.actions == ()
    assert "too late to mean anything" in [r.text for r in late.reasons if r.rule == "declared"]


def test_while_a_ticket_is_major_its_requester_hears_nothing_else_and_its_team_everything():
    found = seen()
    found.change("ida", major=True)
    found.cycle()
    found.change("kari", urgency="high")
    assert held_back(found) == [("prioritised", HELD)]
    planned = found.cycle()
    assert [(a.message, a.reader) for a in planned if isinstance(a, Comment)] == [("prioritised", "team")]


def test_what_was_held_back_is_not_told_when_the_incident_is_over():
    found = seen(major=True)
    found.change("kari", urgency="high")
    found.cycle()
    found.change("ida", major=False)
    assert told(found) == []
    assert found.memory.owed == {}


def test_what_was_still_owed_when_a_ticket_became_major_is_held_back_too():
    found = ticket()
    found.memory = decided(found).memory  # planned, and the write never came to be
    found.change("ida", major=True)
    assert told(found) == ["major-incident-started"]
    found.change("ida", major=False)
    assert told(found) == []


def test_an_announcement_that_could_not_be_made_yet_is_owed_while_it_is_true():
    found = seen()
    found.change("ida", major=True)
    first = decided(found)
    found.memory = first.memory
    assert [a.key for a in decided(found).actions] == [a.key for a in first.actions] != []
    found.change("ida", title="still")
    assert [a.key for a in decided(found).actions] == [a.key for a in first.actions]
    found.change("ida", major=False)
    assert found.cycle() == ()
    assert found.memory.owed == {}


def test_only_the_part_that_was_not_written_stays_owed():
    found = seen()
    found.change("ida", major=True)
    decision = decided(found)
    public, note = decision.actions
    found.memory = confirmed(decision.memory, found.read(), [public], [note])
    assert [a.reader for a in decided(found).actions] == ["team"]


def test_a_ticket_that_is_major_when_it_is_solved_is_told_so_in_the_words_for_major_incidents():
    found = seen(major=True)
    found.change("ida", status="resolved")
    assert held_back(found) == [("solved", HELD)]
    planned = found.cycle()
    assert [(a.message, a.reader) for a in planned] == [("major-incident-solved", "requester"), ("solved", "team")]


def test_a_ticket_that_is_no_longer_major_is_solved_like_any_other():
    found = seen(major=True)
    found.change("ida", major=False)
    found.cycle()
    found.change("ida", status="resolved")
    assert told(found) == ["solved"]


def test_reopening_a_major_incident_does_not_announce_it_again():
    found = seen(major=True)
    for status in ("resolved", "in_progress"):
        found.change("ida", status=status)
        found.cycle()
    assert decided(found).actions == ()
    found.change("ida", status="resolved")
    assert told(found) == ["major-incident-solved"]


def test_other_events_of_a_major_incident_are_told_by_rules_that_ask_for_one():
    rule = "{name: p, on: prioritised, when: {all: [{major: true}]}, to: [requester], message: prioritised}"
    found = seen(f"communications: [{DECLARED}, {rule}]\n", major=True)
    found.change("kari", urgency="high")
    assert told(found) == ["prioritised"]


def test_a_ticket_never_gets_the_answer_that_was_worked_out_for_a_major_incident():
    rules = f"communications:{USUAL}"  # nothing here asks whether a ticket is major
    first, second = ticket(rules, major=True), ticket(rules)
    second.book = first.book
    assert told(first) == []
    assert told(second) == ["received"]


def test_a_rule_that_is_only_also_about_major_incidents_is_held_back():
    rule = "{name: p, on: prioritised, when: {any: [{major: true}, {kind: incident}]}, to: [requester]"
    found = seen(f"communications: [{DECLARED}, {rule}, message: prioritised}}]\n", major=True)
    found.change("kari", urgency="high")
    assert held_back(found) == [("p", HELD)]


def test_a_rule_on_major_that_is_switched_on_later_does_not_announce_what_was_declared_before():
    found = seen("communications: []\n", major=True)
    found.book = book()
    found.change("ida", title="still")
    assert found.cycle() == ()


def test_a_rule_on_major_that_was_off_for_a_while_does_not_tell_of_what_was_declared_meanwhile():
    found = seen()
    found.book = book("communications: []\n")
    found.change("ida", major=True)
    found.cycle()
    found.book = book()
    found.change("ida", title="still")
    assert found.cycle() == ()


def test_where_no_rule_waits_for_major_incidents_nothing_is_remembered_of_them():
    found = seen("communications: []\n", major=True)
    assert "major" not in found.memory.told


def test_an_observed_announcement_is_journalled_and_not_made_later():
    found = ticket(mode="mode: observe\n")
    found.cycle()
    found.change("ida", major=True)
    assert {r.outcome for r in decided(found).reasons if r.rule == "declared"} == {"observed"}
    assert found.cycle() == ()
    found.book = book()
    found.change("ida", title="still")
    assert found.cycle() == ()


def test_an_advised_announcement_is_proposed_to_the_team_once():
    found = ticket(mode="mode: advise\n")
    found.cycle()
    found.change("ida", major=True)
    (note,) = found.cycle()
    assert (note.message, note.reader) == ("advice", "team")
    assert "message major-incident-started" in [proposal.text for proposal in note.proposals]
    assert found.cycle() == ()


def test_when_the_store_is_lost_a_major_incident_is_not_announced_again():
    found = seen()
    found.change("ida", major=True)
    found.marks = frozenset(mark(action.key) for action in found.cycle())
    found.memory = Memory()
    assert "major-incident-started" not in told(found)
    found.change("ida", major=False)
    found.cycle()
    found.change("ida", major=True)
    assert told(found) == ["major-incident-started"]


events = st.one_of(
    st.tuples(st.just("major"), st.booleans()),
    st.tuples(st.just("urgency"), st.sampled_from(["high", "medium", "low"])),
    st.tuples(st.just("status"), st.sampled_from(["new", "in_progress", "waiting", "resolved"])),
)


@given(st.booleans(), st.lists(st.lists(events, min_size=1, max_size=2), max_size=6))
@settings(max_examples=150, deadline=None)
def test_whatever_happens_a_requester_hears_the_words_for_major_incidents_while_it_is_one_and_others_otherwise(
    major, happened
):
    found = ticket(major=major)
    for changes in [[], *happened]:
        if changes:
            found.change("ida", **dict(changes))
        of_major = [message.startswith("major-incident") for message in told(found)]
        assert of_major in ([], [found.facts["major"]])
        assert found.cycle() == ()
