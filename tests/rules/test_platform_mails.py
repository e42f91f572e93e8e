"""What the platform tells customers by itself: we stay silent then, and the journal says why."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story
from loading import loaded

from rules.communication import ANNOUNCED

SOLVED = "{name: solved, on: resolved, to: [requester, team], message: solved}"
OVER = "{name: over, on: resolved, when: {major: true}, to: [requester, affected], message: major-incident-solved}"
LATER = "{name: later, after: [{resolved: 1h}], to: [requester], message: breach-warning}"
RULES = f"platform_mails: [resolved]\ncommunications:\n  - {OVER}\n  - {SOLVED}\n  - {LATER}\n"

read_in_each_way = pytest.mark.parametrize("way", WAYS)


def told(story: Story) -> list[tuple[str, str]]:
    return [(message, reader) for _, message, reader in story.told]


@read_in_each_way
def test_the_requester_is_not_told_what_the_platform_tells_them_and_the_team_is(way):
    story = Story(way, RULES).at("24 10:00", status="resolved").until("24 10:30")
    assert told(story) == [("solved", "team")]
    assert ANNOUNCED in story.all_reasons


@read_in_each_way
def test_who_is_affected_by_a_major_incident_is_told_since_nobody_else_tells_them(way):
    story = Story(way, RULES, major=True).at("24 10:00", status="resolved").until("24 10:30")
    assert ("major-incident-solved", "requester") not in told(story)
    assert {*story.announced} == {"major-incident-solved"}
    assert ANNOUNCED in story.all_reasons


@read_in_each_way
def test_what_comes_later_is_no_mail_of_the_platform(way):
    story = Story(way, RULES).at("24 10:00", status="resolved").until("24 11:30")
    assert told(story)[-1] == ("breach-warning", "requester")


@read_in_each_way
def test_another_event_is_told_as_ever(way):
    rules = RULES.replace("[resolved]", "[created]")
    story = Story(way, rules).at("24 10:00", status="resolved").until("24 10:30")
    assert ("solved", "requester") in told(story)


@read_in_each_way
def test_what_the_platform_has_told_is_not_told_again_when_the_desk_takes_it_over(way):
    story = Story(way, RULES).at("24 10:00", status="resolved").until("24 10:30")
    story.under(RULES.replace("platform_mails: [resolved]\n", "")).until("24 10:50")
    assert told(story) == [("solved", "team")]


def test_check_knows_events_and_nothing_else():
    assert loaded("platform_mails: [created, resolved]\n").problems == ()
    wrong = loaded("platform_mails: [solved]\n").problems
    assert [(one.line, one.weight) for one in wrong] == [(1, "error")]
