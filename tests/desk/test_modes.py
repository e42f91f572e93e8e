"""Observe, advise and apply, for desk, connection and rule."""

from __future__ import annotations


def test_observe_writes_nothing_and_journals_everything(desk):
    desk.rules("mode: observe\n")
    ticket = desk.report(impact="1", urgency="1")
    desk.cycle(times=2)
    assert desk.writes() == []
    assert any(line.startswith("observed prioritise") for line in desk.journal(ticket))


def test_going_from_observe_to_apply_floods_nobody_with_old_news(desk):
    desk.rules("mode: observe\n")
    ticket = desk.report(impact="1", urgency="1")
    desk.cycle(times=2)
    desk.rules("mode: apply\n")
    desk.change(ticket, short_description="still broken")
    desk.cycle(times=2)
    assert desk.said(ticket) == []


def test_advise_writes_one_work_note_that_proposes_and_changes_nothing(desk):
    desk.rules("mode: advise\nroutes:\n  - {name: rest, assign: {team: desk}}\n")
    ticket = desk.report(impact="1", urgency="1")
    desk.cycle(times=4)
    (note,) = desk.said(ticket, "work_notes")
    assert "team: desk" in note
    assert desk.said(ticket) == []
    assert desk.ticket(ticket).get("assignment_group", "") == ""


def test_a_rule_that_advises_feeds_no_later_stage(desk):
    rule = "  - {name: words, when: {text: {words: [phishing]}}, set: {risk: security}, mode: advise}\n"
    desk.rules("classify:\n" + rule + "communications: []\n")
    ticket = desk.report(impact="3", urgency="3", short_description="A phishing mail!")
    desk.cycle(times=3)
    (note,) = desk.said(ticket, "work_notes")
    assert "risk: security" in note
    assert desk.ticket(ticket)["priority"] == "5"  # the floor for security was not applied


def test_agents_see_a_proposal_once_even_when_another_one_is_added(desk):
    desk.rules(
        """classify:
  - {name: words, when: {text: {words: [phishing]}}, set: {risk: security}, mode: advise}
  - {name: wish, when: {category: wish}, set: {labels: demand}, mode: advise}
communications: []
"""
    )
    ticket = desk.report(impact="3", urgency="3", short_description="A phishing mail!")
    desk.cycle(times=2)
    desk.change(ticket, category="wish")
    desk.cycle(times=2)
    first, second = desk.said(ticket, "work_notes")
    assert "risk: security" in first
    assert "demand" in second
    assert "risk: security" not in second


def test_a_connection_may_be_more_careful_than_the_desk(desk):
    desk.rules("mode: apply\n", more="mode: observe")
    desk.report(impact="1", urgency="1")
    desk.cycle(times=2)
    assert desk.writes() == []


def test_a_priority_that_may_only_be_proposed_is_proposed_in_a_note(desk):
    desk.rules("communications: []\n", words="set_priority_by: [note]")
    ticket = desk.report(impact="2", urgency="2", u_risk="security")
    desk.cycle(times=2)
    (note,) = desk.said(ticket, "work_notes")
    assert "priority: P2" in note
    assert desk.ticket(ticket)["urgency"] == "2"
