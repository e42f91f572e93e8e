"""The answer of a robot to our mail starts nothing: no wait ends, nothing is opened again, nobody is greeted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canaries import PASSWORD
from tests.desk.jira_at_work import JiraAtWork, at_work

RULES = """
calendar: always
calendars: {always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}}
priorities: [{name: P1}, {name: P2}, {name: P3, respond: 2h, updates: 10h}, {name: P4}, {name: P5}]
routes: [{name: all, assign: {team: desk}}]
communications:
  - {name: got-it, on: created, to: [requester], message: received}
  - {name: slow, after: [{used: 100%, of: respond}], to: [team], message: breach-warning}
  - {name: idle, after: [{unacknowledged: 3h}], to: [team], message: update-due}
  - name: silent
    when: {waiting_for: requester}
    after: [{waiting: 1h}]
    times: 2
    to: [requester]
    message: closing-soon
    then: {status: resolved}
"""
SET = "resolved, set: {close_code: No resolution provided, close_notes: They did not answer.}"
CLOSING = "incident: {fields: {close_code: close_code, close_notes: close_notes}}"
AWAY = "Automatisk svar: vi trenger å vite mer\n\nJeg er tilbake mandag."
VACATION = "Hi,\n\nThank you for your email. I am on vacation until Monday.\nIn urgent cases, please call Ola."
WORDS = "I am on vacation from Monday. It is Firefox."


@pytest.fixture(params=["Cloud", "Server"])
def jira(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[JiraAtWork]:
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    with at_work(tmp_path, request.param) as desk:
        desk.rules(RULES)
        yield desk


@pytest.fixture
def snow(desk):
    desk.rules(RULES.replace("status: resolved", f"status: {SET}"), words=CLOSING)
    return desk


def pass_hours(desk, hours: float) -> None:
    for _ in range(round(hours * 4)):
        desk.clock.advance(seconds=840)
        desk.cycle()


def asked(snow) -> str:
    """Return a ticket whose requester was asked something."""
    ticket = snow.report("kari", impact="2", urgency="2")
    snow.cycle(times=2)
    snow.change(ticket, comments="Which browser?", state="3", hold_reason="1")
    snow.cycle()
    return ticket


@pytest.mark.parametrize("text", [AWAY, VACATION])
def test_a_customer_whose_robot_answers_is_reminded_and_the_ticket_resolved(snow, text):
    ticket = asked(snow)
    snow.change(ticket, by="kari", comments=text)
    pass_hours(snow, 4)
    assert snow.ticket(ticket)["state"] == "6"
    snow.change(ticket, by="kari", comments=text)
    snow.cycle(times=3)
    assert snow.ticket(ticket)["state"] == "6"


def test_a_customer_who_says_that_they_are_away_has_answered(snow):
    ticket = asked(snow)
    snow.change(ticket, by="kari", comments=WORDS)
    said = snow.said(ticket)
    pass_hours(snow, 4)
    assert (snow.ticket(ticket)["state"], snow.said(ticket)) == ("3", said)


@pytest.mark.parametrize("by", ["ida", "system"])
def test_neither_an_agents_robot_nor_the_platforms_answers_or_acknowledges(snow, by):
    ticket = snow.report("kari", impact="2", urgency="2")
    snow.cycle(times=2)
    snow.change(ticket, by=by, comments=AWAY if by == "ida" else "We are on it")
    pass_hours(snow, 4)
    assert len(snow.said(ticket, "work_notes")) == 2


def test_a_ticket_that_was_made_of_such_an_answer_is_routed_and_answered_by_nobody(snow):
    ticket = snow.report("kari", short_description="Out of Office: INC0010001 we have received your report")
    snow.cycle(times=3)
    assert snow.ticket(ticket)["assignment_group"] == snow.group("Service Desk")
    assert snow.said(ticket) == []
    assert any("would answer again" in line for line in snow.journal(ticket))


def test_what_an_agent_takes_up_was_a_persons_who_hears_of_it_from_then_on(snow):
    snow.rules(RULES + "  - {name: done, on: resolved, to: [requester], message: solved}\n")
    ticket = snow.report("kari", short_description="Out of office: I cannot turn it off")
    snow.cycle(times=3)
    snow.change(ticket, state="2", assigned_to=snow.user("ida"))
    snow.cycle(times=2)
    snow.change(ticket, state="6", close_code="Solved", close_notes="Turned off")
    snow.cycle(times=2)
    assert len(snow.said(ticket)) == 1


def test_nor_is_such_a_ticket_answered_where_the_word_is_for_its_participants(snow):
    snow.rules(RULES.replace("on: created, to: [requester]", "on: created, to: [participants]"))
    ticket = snow.report("kari", short_description="Out of Office: we have it", watch_list=snow.user("vera"))
    snow.cycle(times=3)
    assert snow.said(ticket) == []


@pytest.mark.parametrize(("title", "by"), [("Automatic replies fail", "kari"), ("Automatic reply: test", "ida")])
def test_what_people_write_about_such_answers_is_answered(snow, title, by):
    ticket = snow.report("kari", by=by, short_description=title)
    snow.cycle(times=3)
    assert len(snow.said(ticket)) == 1


def test_on_jira_a_robots_answer_ends_no_wait_and_a_persons_does(jira):
    tickets = [jira.report(), jira.report()]
    jira.cycle(times=2)
    for id, text in zip(tickets, (VACATION, WORDS), strict=True):
        jira.site.transition(id, "Waiting for customer", by="ida")
        jira.clock.advance(seconds=60)
        jira.site.comment(id, text, by="kari")
    pass_hours(jira, 4)
    assert [jira.site.issue(id)["status"] for id in tickets] == ["Resolved", "Waiting for customer"]
