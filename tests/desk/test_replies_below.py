"""What customers say on tickets below a major incident is shown to its team, in a note on the incident, once."""

from __future__ import annotations

import pytest
from test_affected_at_work import RULES, SOLVED, incident  # noqa: F401
from test_jira_at_work import jira, make_jira  # noqa: F401
from test_many_affected import on_jira  # noqa: F401

from connectors.sandbox import Fault

SPOKEN = "I cannot <b>pay</b>, {{ not.even }} *cash*\n- really"


@pytest.fixture
def major(desk, incident):  # noqa: F811
    """Return a major incident of which all below have heard, and the tickets below it."""
    above, below = incident
    desk.change(above, assignment_group=desk.group("Service Desk"), major_incident_state="accepted")
    desk.cycle(times=6)
    return above, below


def notes(desk, ticket):
    return [note for note in desk.said(ticket, "work_notes") if "rammet" in note]


def test_a_reply_is_shown_with_who_and_where_and_the_very_words_in_the_teams_language(desk, major):
    above, (kari, _) = major
    desk.change(kari, by="kari", comments=SPOKEN)
    desk.cycle()
    (note,) = notes(desk, above)
    number = desk.ticket(kari)["number"]
    assert "De som er rammet, har svart i sakene sine:" in note
    assert f"Kari Nordmann, {number}: «I cannot <b>pay</b>, {{{{ not.even }}}} *cash* - really»" in note
    desk.cycle(times=10)
    assert notes(desk, above) == [note]
    assert desk.said(kari, "work_notes") == []


def test_neither_we_nor_agents_nor_robots_are_shown(desk, major):
    above, (kari, an) = major
    desk.change(kari, by="ida", comments="We are on it")
    desk.change(an, by="system", comments="Ping")
    desk.change(kari, by="kari", work_notes="Odd, but internal")
    desk.cycle(times=8)
    assert notes(desk, above) == []


def test_what_a_robot_answers_from_a_customers_mailbox_is_not_shown(desk, major):
    above, (kari, an) = major
    for ticket, by in ((kari, "kari"), (an, "an")):
        desk.change(ticket, by=by, comments="Automatic reply: I am away\nI am out of the office until Monday.")
    desk.cycle(times=8)
    assert notes(desk, above) == []
    desk.change(kari, by="kari", comments="Still down")
    desk.change(kari, by="kari", comments="Automatic reply: I am away\nI am out of the office until Monday.")
    desk.change(kari, by="kari", comments="And now?")
    desk.cycle(times=2)
    (note,) = notes(desk, above)
    assert ("Still down" in note, "And now?" in note, "office" in note) == (True, True, False)


def test_what_a_participant_says_is_shown_too(desk, major):
    above, (kari, _) = major
    desk.change(kari, watch_list=desk.user("vera"))
    desk.cycle()
    desk.change(kari, by="vera", comments="Same here")
    desk.cycle()
    (note,) = notes(desk, above)
    assert f"Vera Clarke, {desk.ticket(kari)['number']}: «Same here»" in note


def test_what_was_said_before_a_rule_told_those_affected_is_not_shown(desk):
    desk.rules("routes: [{name: all, assign: {team: desk}}]\ncommunications: []\n")
    above = desk.report("vera", impact="1", urgency="1", major_incident_state="accepted")
    kari = desk.report("kari", parent_incident=above)
    desk.cycle(times=2)
    desk.change(kari, by="kari", comments="Early")
    desk.cycle(times=2)
    desk.rules(RULES)
    desk.cycle(times=3)
    desk.change(kari, by="kari", comments="Still down")
    desk.cycle(times=2)
    (note,) = notes(desk, above)
    assert ("Still down" in note, "Early" in note) == (True, False)


def test_replies_that_come_together_are_one_note_and_later_ones_are_gathered_for_five_minutes(desk, major):
    above, below = major
    for who, ticket in zip(("kari", "an"), below, strict=True):
        desk.change(ticket, by=who, comments=f"Still down, says {who}")
    desk.cycle()
    (first,) = notes(desk, above)
    assert "says kari" in first
    assert "says an" in first
    for who, ticket in zip(("kari", "an"), below, strict=True):
        desk.change(ticket, by=who, comments=f"Up again, says {who}")
        desk.cycle()
    assert len(notes(desk, above)) == 1
    desk.cycle(times=10)
    (_, second) = notes(desk, above)
    assert [f"Up again, says {who}" in second for who in ("kari", "an")] == [True, True]
    assert "Still" not in second


def test_several_words_of_one_customer_are_all_shown_and_the_agents_between_are_not(desk, major):
    above, (kari, _) = major
    for by, word in (("kari", "one"), ("kari", "two"), ("ida", "agent"), ("kari", "three")):
        desk.change(kari, by=by, comments=f"Word {word}")
    desk.cycle(times=2)
    (note,) = notes(desk, above)
    assert [f"Word {word}" in note for word in ("one", "two", "three", "agent")] == [True, True, True, False]


def test_hundreds_of_replies_make_one_note_of_twenty_and_say_how_many_more_there_are(desk, major):
    above, _ = major
    many = [desk.report("kari", parent_incident=above, impact="2", urgency="2") for _ in range(60)]
    desk.cycle(times=3)
    for ticket in many:
        desk.world.update("incident", ticket, {"comments": "Still down"}, by="kari")
    before = len(desk.world.requests)
    desk.cycle(times=8)
    (note,) = notes(desk, above)
    assert note.count("Still down") == 20
    assert "Det er 40 svar til i sakene som er knyttet til denne." in note
    asked = [r for r in desk.world.requests[before:] if r.path.endswith("/sys_journal_field")]
    assert len(asked) <= 3  # who spoke, by pages; and what they said


def test_what_was_said_before_the_ticket_stood_below_an_open_major_incident_is_not_shown(desk, incident):  # noqa: F811
    above, (kari, _) = incident
    desk.change(kari, by="kari", comments="Early")
    desk.cycle(times=2)
    desk.change(above, assignment_group=desk.group("Service Desk"), major_incident_state="accepted")
    desk.cycle(times=6)
    assert notes(desk, above) == []
    desk.change(above, **SOLVED)
    desk.cycle(times=2)
    desk.change(kari, by="kari", comments="Late")
    desk.cycle(times=6)
    assert notes(desk, above) == []


def test_a_reply_is_shown_once_also_if_the_answer_to_the_note_is_lost_or_the_process_starts_anew(desk, major):
    above, (kari, _) = major
    desk.change(kari, by="kari", comments="Still down")
    desk.world.faults.add(Fault("broken_after", method="PATCH"))
    desk.clock.advance(seconds=60)
    desk.desk().cycle()
    desk.close()
    desk.clock.advance(minutes=5)
    desk.cycle(times=6)
    assert len(notes(desk, above)) == 1


def test_where_the_words_cannot_be_read_for_a_moment_the_note_comes_later(desk, major):
    above, (kari, _) = major
    desk.change(kari, by="kari", comments="Still down")
    desk.clock.advance(seconds=60)
    desk.desk().cycle(write=False)
    desk.world.faults.add(Fault("500", method="GET", path="sys_journal_field", times=10))
    desk.clock.advance(seconds=5)
    desk.desk().cycle()
    assert notes(desk, above) == []
    desk.world.faults.clear()
    desk.clock.advance(minutes=10)
    desk.cycle(times=3)
    assert len(notes(desk, above)) == 1


def test_what_else_is_said_on_the_incident_waits_for_no_words(desk, major):
    above, (kari, _) = major
    desk.clock.advance(minutes=50)
    desk.change(kari, by="kari", comments="Still down")
    desk.clock.advance(seconds=60)
    desk.desk().cycle(write=False)
    before = len(desk.said(above))
    desk.world.faults.add(Fault("403", method="GET", path="sys_journal_field", times=9))
    desk.clock.advance(minutes=10)
    desk.desk().cycle()
    assert (len(desk.said(above)) - before, notes(desk, above)) == (1, [])
    (parked,) = desk.desk().store.status().parked
    assert "replies-below" in parked.key


def test_where_the_words_are_gone_the_note_names_the_ticket(desk, major):
    above, (kari, _) = major
    desk.change(kari, by="kari", comments="Still down")
    desk.clock.advance(seconds=60)
    desk.desk().cycle(write=False)
    desk.world.deny("sys_journal_field", account="itsm.sync")
    desk.cycle()
    (note,) = notes(desk, above)
    assert f"- {desk.ticket(kari)['number']}\n" in note


def test_words_beyond_fifty_are_counted(desk, major):
    above, (kari, _) = major
    for number in range(53):
        desk.world.update("incident", kari, {"comments": f"Still down {number}"}, by="kari")
        desk.clock.advance(seconds=1)
    desk.cycle(times=2)
    (note,) = notes(desk, above)
    assert note.count("Still down") == 50
    assert "Det er 3 svar til i sakene som er knyttet til denne." in note


def test_what_was_said_while_we_were_not_allowed_to_listen_is_not_shown(desk):
    desk.world.deny("sys_journal_field", account="itsm.sync")
    desk.rules(RULES)
    above = desk.report("vera", impact="1", urgency="1", major_incident_state="accepted")
    kari = desk.report("kari", parent_incident=above, impact="2", urgency="2")
    desk.cycle(times=2)
    desk.change(kari, by="kari", comments="Early")
    desk.cycle(times=2)
    desk.world.denials.clear()
    desk.change(kari, by="ida", impact="3")
    desk.cycle(times=2)
    assert notes(desk, above) == []
    desk.change(kari, by="kari", comments="Late")
    desk.cycle(times=2)
    (note,) = notes(desk, above)
    assert ("Early" in note, "Late" in note) == (False, True)


@pytest.mark.parametrize("mode", ["observe", "advise"])
def test_where_the_rules_only_observe_nothing_is_written(desk, mode):
    rules = RULES.replace("to: [requester, affected]", f"mode: {mode}, to: [requester, affected]")
    desk.rules(rules)
    above = desk.report("vera", impact="1", urgency="1", major_incident_state="accepted")
    kari = desk.report("kari", parent_incident=above)
    desk.cycle(times=3)
    desk.change(kari, by="kari", comments="Still down")
    desk.cycle(times=8)
    assert notes(desk, above) == []


def test_on_jira_too_the_reply_is_shown_internally(jira, on_jira):  # noqa: F811
    above, (below,) = on_jira(1)
    jira.change(above, labels=["major-incident"])
    jira.cycle(times=6)
    jira.site.comment(below, SPOKEN, by="kari")
    jira.cycle(times=8)
    (note,) = [note for note in jira.said(above, public=False) if "rammet" in note]
    assert f"Kari Nordmann, {jira.site.issue(below)['key']}:" in note
    assert "I cannot" in note
    assert "really" in note
    assert not any("really" in word for word in jira.said(above, public=True))
