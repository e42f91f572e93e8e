"""Updates: the next word to a customer, promised with each, and the team that is reminded to write it."""

from __future__ import annotations

from datetime import timedelta

from clocked import Story
from test_timed import moments, says

from rules.model import Past


def test_a_team_is_reminded_before_an_update_is_due_each_time_anew():
    rule = says("name: write, before: {updates: 15m}")
    story = Story("full", rule, priority="P1").at("24 09:50", comment=True).until("24 11:00")
    assert moments(story) == ["24 09:45", "24 10:35"]


def test_updates_are_promised_again_with_each_and_one_makes_up_for_an_outage():
    rule = says("name: news, every: updates, to: [requester], message: major-incident-update")
    story = Story("full", rule, priority="P1").until("24 11:30")
    assert moments(story) == ["24 10:00", "24 11:00"]
    story.look_again = None  # nobody is there for six hours
    story.until("24 17:20").cycle()
    assert moments(story)[2:] == ["24 17:20"]
    assert moments(story.until("24 18:30"))[3:] == ["24 18:20"]


def test_a_team_is_reminded_of_the_update_that_follows_our_own_word_too():
    both = says(
        "name: write, before: {updates: 15m}",
        "name: news, every: updates, to: [requester], message: major-incident-update",
    )
    story = Story("full", both, priority="P1").until("24 10:50")
    assert story.told == [
        ("24 09:45", "breach-warning", "team"),
        ("24 10:00", "major-incident-update", "requester"),
        ("24 10:45", "breach-warning", "team"),
    ]


def test_nobody_is_reminded_twice_where_the_platform_dates_our_word_a_second_later():
    both = says(
        "name: write, before: {updates: 15m}",
        "name: news, every: updates, to: [requester], message: major-incident-update",
    )
    story = Story("full", both, priority="P1").until("24 10:00")
    ours, read = Past(int(story.now.timestamp()), "comment", "", "ours"), story.read
    story.said[-1] = story.said[-1]._replace(at=story.now + timedelta(seconds=1))
    story.read = lambda: read() if story.memory.is_behind(read(), clocked=True) else read()._replace(said=None)
    others = (one for one in story.memory.past if one.fact != "comment")
    story.memory = story.memory._replace(past=(*others, ours))
    story.until("24 10:46").at("24 10:50", by="kari", comment=True)
    assert moments(story.until("24 10:58")) == ["24 09:45", "24 10:00", "24 10:45"]


def test_an_agents_word_puts_off_the_next_update_and_a_customers_does_not():
    rule = says("name: news, every: updates, to: [requester], message: major-incident-update")
    story = Story("full", rule, priority="P1").at("24 09:40", comment=True).until("24 10:50")
    assert moments(story) == ["24 10:40"]
    story = Story("full", rule, priority="P1").at("24 09:40", by="kari", comment=True).until("24 10:50")
    assert moments(story) == ["24 10:00"]


def test_the_update_after_our_own_word_is_told_though_the_rules_changed_before_it_was_due():
    rule = says("name: news, every: updates, to: [requester], message: major-incident-update")
    story = Story("full", rule, priority="P1").until("24 10:01")
    later = story.now + timedelta(seconds=20)  # our word of 10:00 stood there a while after it was decided
    said = story.memory.past[-1]._replace(at=int(later.timestamp()))
    story.memory = story.memory._replace(past=(*story.memory.past[:-1], said))
    story.said[-1] = story.said[-1]._replace(at=later)
    story.look_again = None  # the service stands still over the next moment, and begins with other rules
    assert moments(story.until("24 11:10").under(rule + "people_win: always\n")) == ["24 10:00", "24 11:10"]
