"""Watchers are added, and not every platform shows them: what that means for confirming and for reverting."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.confirm import confirmed, not_taken
from rules.model import Memory, Reason, SetFields, Ticket
from rules.reverting import Change, is_unknown, reverted

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
REASON = Reason("escalate", "decided", "ladder", "ladders.yaml:3", "L2")
FOLLOW = SetFields("jira/IT-1 watch", {"watchers": ("mia", "noah")}, REASON)


def ticket(**facts):
    return Ticket("jira", "1", "IT-1", "incident", 5, NOON, "kari", NOON, "us", facts)


def change(before, after, fact="watchers"):
    return Change("jira/IT-1", "jira", "incident", "1", fact, before, after)


@pytest.mark.parametrize("after", [{}, {"watchers": ("mia",)}])
def test_who_was_refused_is_in_plain_sight_though_others_were_added(after):
    refused = {"watchers": "noah: no account"}
    assert not_taken([FOLLOW], ticket(), ticket(**after), refused) == {FOLLOW.key: "watchers: noah: no account"}


@pytest.mark.parametrize("after", [{}, {"watchers": ("mia", "noah")}])
def test_watchers_that_nothing_speaks_against_are_taken_whether_they_are_shown_or_not(after):
    assert not_taken([FOLLOW], ticket(), ticket(**after), {}) == {}


def test_watchers_that_are_shown_go_back():
    before, after = ("ida",), ("ida", "mia", "noah")
    memory = confirmed(Memory(), ticket(watchers=after), [FOLLOW])
    decision = reverted(ticket(watchers=after), memory, [change(before, after)], 7)
    assert [action.values for action in decision.actions] == [{"watchers": before}]


def test_watchers_that_are_not_shown_stay_and_it_is_said():
    memory = confirmed(Memory(), ticket(), [FOLLOW])
    assert is_unknown(change(None, None))
    decision = reverted(ticket(), memory, [change(None, None)], 7)
    assert not decision.actions
    assert [(one.outcome, "take them off by hand" in one.text) for one in decision.reasons] == [("left", True)]


def test_other_facts_are_not_concerned():
    assert not is_unknown(change(None, None, "team"))
    assert not is_unknown(change(None, ("mia",)))
