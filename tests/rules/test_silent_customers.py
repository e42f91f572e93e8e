"""Silent customers: reminded as often as the rule says, then resolved with a message, and opened by their answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from clocked import WAYS, Story
from loading import loaded

from rules.model import Event

ENDS = "times: 2, to: [requester], message: closing-soon, then: {status: resolved}"
RULE = f"{{name: silent, when: {{waiting_for: requester}}, after: [{{waiting: 24h}}], {ENDS}}}"
SOLVED = "{name: solved, on: resolved, to: [requester], message: solved}"
AGAIN = "{name: again, on: reopened, to: [team], message: assigned}"
RULES = f"calendar: always\ncommunications:\n  - {RULE}\n  - {SOLVED}\n  - {AGAIN}\n"
SPOKEN = [("25 09:30", "closing-soon"), ("26 09:30", "closing-soon"), ("27 09:30", "solved")]

pytestmark = pytest.mark.parametrize("way", WAYS)


def waiting(way: str, *rules: str, **facts: object) -> Story:
    """Return a ticket that waits for its requester since 09:30."""
    story = Story(way, *rules or (RULES,), status="in_progress", priority="P4", **facts)
    return story.at("24 09:30", comment=True, status="waiting", waiting_for="requester")


def told(story: Story) -> list[tuple[str, str]]:
    return [(at, message) for at, message, _ in story.told]


def test_two_reminders_a_day_apart_then_it_is_resolved_with_a_message(way):
    story = waiting(way).until("29 12:00")
    assert told(story) == SPOKEN
    assert story.facts["status"] == "resolved"


def test_an_answer_before_the_end_ends_the_reminders(way):
    story = waiting(way).until("25 10:00").at("25 12:00", by="kari", comment=True).until("29 12:00")
    assert told(story) == SPOKEN[:1]
    assert story.facts["status"] == "waiting"


def test_an_answer_after_the_end_opens_it_again(way):
    story = waiting(way).until("27 10:00").at("28 08:00", by="kari", comment=True).until("28 08:10")
    assert story.facts["status"] == "in_progress"
    assert told(story)[-1][1] == "assigned"


def test_what_an_agent_resolved_is_theirs(way):
    story = waiting(way).at("24 12:00", status="resolved").at("25 08:00", by="kari", comment=True).until("27 08:00")
    assert story.facts["status"] == "resolved"
    assert [message for _, message in told(story)] == ["solved"]


def test_an_agent_who_asks_again_begins_the_days_anew(way):
    story = waiting(way).until("25 10:00").at("25 12:00", by="kari", comment=True)
    story.at("25 13:00", comment=True).until("29 12:00")
    assert told(story) == [
        ("25 09:30", "closing-soon"),
        ("26 13:00", "closing-soon"),
        ("27 13:00", "closing-soon"),
        ("28 13:00", "solved"),
    ]


def test_a_ticket_that_waits_for_others_is_not_closed(way):
    story = waiting(way).at("24 09:40", waiting_for="supplier").until("30 12:00")
    assert (told(story), story.facts["status"]) == ([], "waiting")


def test_after_an_outage_nobody_is_closed_who_was_not_reminded(way):
    story = waiting(way)
    story.look_again = None
    story.way = "full"
    story.until("29 12:00").cycle()  # nobody looked for days
    assert told(story) == [("29 12:00", "closing-soon")]
    assert told(story.until("30 12:10"))[1:] == [("30 12:00", "closing-soon")]


def test_a_rule_that_only_observes_reminds_and_closes_nobody(way):
    seen = RULES.replace("name: silent,", "name: silent, mode: observe,")
    story = waiting(way, seen).until("30 12:00")
    assert (told(story), story.facts["status"]) == ([], "waiting")


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("after: [{resolved: 24h}], times: 2", "'times' and 'then' are for tickets that wait for an answer"),
        ("on: waiting, then: {status: resolved}", "'times' and 'then' are for tickets that wait for an answer"),
        ("after: [{waiting: 24h}], then: {status: new}", "'status' must be 'resolved' or 'closed', not 'new'"),
        ("after: [{waiting: 24h}], then: {status: resolved, set: {colour: red}}", "unknown fact 'colour'"),
        (
            "after: [{waiting: 24h}], then: {status: resolved}, to: [team]",
            "the ticket would be closed though nobody reminds its requester",
        ),
    ],
)
def test_a_rule_that_closes_what_waits_for_nobody_is_refused(way, rule, problem):
    to = "" if "to:" in rule else "to: [requester], "
    answer = loaded(f"communications: [{{name: a, {rule}, {to}message: solved}}]\n")
    assert problem in [found.text for found in answer.problems if found.weight == "error"]


def test_a_kind_of_ticket_that_cannot_be_resolved_is_warned_of(way):
    ends = "after: [{waiting: 24h}], to: [requester], message: solved, then: {status: resolved}"
    texts = [found.text for found in loaded(f"communications: [{{name: a, {ends}}}]\n").problems]
    assert "on snow tickets of the kind request cannot be 'resolved': they go on waiting" in texts


def test_what_was_resolved_without_an_answer_is_known_as_such_as_long_as_it_stands(way):
    story = waiting(way).until("27 10:00")
    assert story.cycle().facts["silent"] is True
    assert "silent" not in story.at("28 08:00", by="kari", comment=True).cycle().facts


@pytest.mark.parametrize(("before", "more"), [("mode: observe, ", ""), ("", "mode: observe\n")])
def test_nobody_is_closed_whose_reminders_were_only_observed(way, before, more):
    story = waiting(way, RULES.replace("name: silent,", f"name: silent, {before}"), more)
    story.way = "observed"  # it is looked at all the time
    story.until("28 12:00")
    story.under(RULES).until("30 12:30")
    assert (told(story), story.facts["status"]) == ([], "waiting")


def test_nobody_is_closed_who_was_reminded_before_the_rule_closed_anything(way):
    story = waiting(way, RULES.replace(", then: {status: resolved}", "")).until("30 12:00")
    story.under(RULES).until("30 12:30")
    assert (told(story), story.facts["status"]) == (SPOKEN[:2], "waiting")
    story.at("30 13:00", by="kari", comment=True).at("30 13:10", comment=True).until("12-04 12:00")
    assert story.facts["status"] == "resolved"


def test_a_ticket_that_is_to_be_closed_is_closed_also_by_a_new_rulebook(way):
    story = waiting(way).until("27 09:00").under(RULES + "      # the same\n").until("27 10:00")
    assert told(story) == SPOKEN


def test_a_reminder_that_comes_with_another_message_is_said_later(way):
    news = "  - {name: up, on: prioritised, to: [requester], message: assigned}\n"
    story = waiting(way, RULES.replace("times: 2", "times: 1").replace("communications:\n", f"communications:\n{news}"))
    story.look_again, story.way = None, "full"
    story.at("25 09:30", priority="P3").until("27 09:00")
    assert [message for _, message in told(story)] == ["assigned", "assigned", "closing-soon", "solved"]


def test_the_requester_hears_that_it_is_solved_when_it_is(way):
    story = waiting(way).until("27 09:29")
    planned = story.planned("27 09:31")
    assert [type(action).__name__ for action in planned.actions] == ["SetFields"]
    story.cycle()
    assert told(story)[-1] == ("27 09:31", "solved")


def test_rules_know_which_tickets_were_resolved_because_nobody_answered(way):
    silent = SOLVED.replace("on: resolved", "on: resolved, when: {silent: true}")
    assert told(waiting(way, RULES.replace(SOLVED, silent)).until("27 12:00")) == SPOKEN
    assert told(waiting(way, RULES.replace(SOLVED, silent)).at("24 12:00", status="resolved").until("25 12:00")) == []


def test_an_answer_that_comes_while_the_ticket_is_resolved_opens_it_again(way):
    story = waiting(way).until("27 09:29")
    planned = story.planned("27 09:31")
    story.said.append(Event(story.now, "kari", "comment", None))
    story.version += 1  # between our reading and our writing
    story.now += timedelta(seconds=2)
    story._write(planned)
    story.cycle()
    assert (story.facts["status"], told(story)) == ("in_progress", SPOKEN[:2])


def test_only_reminders_to_the_requester_count(way):
    rule = RULES.replace("to: [requester], message: closing-soon", "to: [team, requester], message: closing-soon")
    story = waiting(way, rule, major=True)  # then its requester hears only of that
    assert story.until("30 12:00").facts["status"] == "waiting"


def test_what_a_customer_said_before_they_were_asked_opens_nothing(way):
    story = Story(way, RULES, status="in_progress", priority="P4")
    story.at("24 09:20", status="waiting", waiting_for="supplier").at("24 09:25", by="kari", comment=True)
    story.at("24 09:30", waiting_for="requester").until("27 10:00")
    assert (told(story), story.facts["status"]) == (SPOKEN, "resolved")
