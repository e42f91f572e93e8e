"""Who hears what, in which language, and what is never said twice."""

from __future__ import annotations

from datetime import timedelta

SAYING = """
communications:
  - {name: not-offered, on: created, when: {labels: demand}, to: [requester], message: not-a-standard-service}
  - {name: received, on: created, to: [requester], message: received}
  - {name: important, on: prioritised, when: {priority: {at_least: P2}}, to: [requester], message: prioritised}
  - {name: team-hears, on: assigned, to: [team], message: assigned}
  - {name: solved, on: resolved, to: [requester], message: solved}
routes:
  - {name: web, when: {category: web}, assign: {team: web}}
  - {name: rest, assign: {team: desk}}
"""
SOLVED = {"state": "6", "close_code": "Solved", "close_notes": "Restarted"}


def test_each_requester_hears_in_their_own_language(desk):
    desk.rules(SAYING)
    tickets = [desk.report(who, impact="2", urgency="2") for who in ("kari", "an", "vera")]
    desk.cycle()
    (norwegian,), (vietnamese,), (english,) = (desk.said(ticket) for ticket in tickets)
    assert norwegian.startswith("Hei, Kari!")
    assert vietnamese.startswith("Kính gửi anh/chị An,")
    assert english.startswith("Hello Vera,")


def test_a_team_hears_in_a_work_note_and_in_its_own_language(desk):
    desk.rules(SAYING)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle()
    (note,) = desk.said(ticket, "work_notes")
    assert note.startswith("Saken ligger nå hos Service Desk.")


def test_of_several_rules_due_at_once_a_reader_gets_the_first_in_the_file_only(desk):
    desk.rules(SAYING)
    ticket = desk.report("vera", impact="1", urgency="1")  # created, and prioritised as P1, in one cycle
    desk.cycle(times=3)
    (said,) = desk.said(ticket)
    assert "We have received" in said
    assert "held back communicate important: the reader hears something else first" in desk.journal(ticket)


def test_a_priority_that_rises_later_is_told_once(desk):
    desk.rules(SAYING)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.change(ticket, impact="1", urgency="1")
    desk.cycle(times=3)
    received, prioritised = desk.said(ticket)
    assert "We have received" in received
    assert "priority of your report" in prioritised


def test_resolved_reopened_and_resolved_again_is_told_twice_and_not_more(desk):
    desk.rules(SAYING)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=2)
    for _ in range(2):
        desk.change(ticket, **SOLVED)
        desk.cycle(times=2)
        desk.change(ticket, state="2")
        desk.cycle(times=2)
    assert sum("should be solved now" in said for said in desk.said(ticket)) == 2


def test_a_ticket_created_before_since_gets_nothing_at_all(desk):
    desk.rules(SAYING)
    desk.clock.set(desk.clock() - timedelta(days=40))
    old = desk.report("vera", impact="1", urgency="1")
    desk.clock.advance(days=40)
    new = desk.report("vera", impact="1", urgency="1")
    desk.change(old, short_description="still broken")
    desk.cycle(times=2)
    assert desk.said(old) == []
    assert desk.ticket(old).get("assignment_group", "") == ""
    assert len(desk.said(new)) == 1


def test_after_two_days_without_the_service_nobody_is_told_that_a_ticket_arrived(desk):
    desk.rules(SAYING)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.clock.advance(days=2)
    desk.cycle(times=2)
    assert desk.said(ticket) == []
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Service Desk")
    assert "held back communicate received: too late to mean anything" in desk.journal(ticket)


def test_a_ticket_that_was_solved_before_we_first_saw_it_hears_only_that(desk):
    desk.rules(SAYING)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.change(ticket, **SOLVED)
    desk.cycle(times=2)
    (said,) = desk.said(ticket)
    assert "should be solved now" in said


def test_renaming_a_rule_sends_nothing(desk):
    desk.rules(SAYING)
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.rules(SAYING.replace("received,", "welcome,", 1))
    desk.change(ticket, short_description="still broken")
    desk.cycle(times=2)
    assert len(desk.said(ticket)) == 1


def test_a_new_rule_says_nothing_about_what_happened_before_it(desk):
    desk.rules("communications: []\n")
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.rules(SAYING)
    desk.change(ticket, short_description="still broken")
    desk.cycle(times=2)
    assert desk.said(ticket) == []


def test_a_template_that_fails_is_not_sent_and_the_team_is_told(desk):
    desk.rules(SAYING)
    own = desk.folder / "templates" / "en"
    own.mkdir(parents=True)
    (own / "received.md.j2").write_text(
        "{% block subject %}x{% endblock %}{% block body %}{{ ticket.no_such_thing }}{% endblock %}"
    )
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle(times=2)
    assert desk.said(ticket) == []
    (note,) = desk.said(ticket, "work_notes")
    assert "received" in note
    assert "no_such_thing" in note
    assert [parked.ticket for parked in desk.desk().store.status().parked] == [f"sn/{desk.ticket(ticket)['number']}"]


def test_what_customers_type_is_text_and_never_code(desk):
    desk.rules(SAYING)
    hostile = "{{ 7 * 7 }} [code]<script>alert(1)</script>[/code] **bold** {% raw %} ^ORactive=true"
    ticket = desk.report("vera", impact="2", urgency="2", short_description=hostile)
    desk.cycle(times=2)
    (said,) = desk.said(ticket)
    assert "{{ 7 * 7 }}" in said
    assert "[code]" not in said


def test_a_priority_that_our_own_write_ended_is_told_again_when_somebody_brings_it_back(desk):
    desk.rules(SAYING + "adjust: [{name: web, when: {category: web}, at_least: P2}]\n")
    ticket = desk.report("vera", impact="2", urgency="2")
    desk.cycle()
    for values in ({"category": "web"}, {"category": "other"}, {"urgency": "1"}):
        desk.change(ticket, **values)
        desk.cycle()
    assert desk.ticket(ticket)["priority"] == "2"
    _received, *prioritised = desk.said(ticket)
    assert len(prioritised) == 2
